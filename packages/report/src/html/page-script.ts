/**
 * The page's script: tables sort by a click on a header, closed parts open for printing, the report can be saved.
 * Everything can be read without it.
 */
export const pageScript = `
for (const table of document.querySelectorAll('table.sortable')) {
  const body = table.tBodies[0];
  const headers = [...table.tHead.rows[0].cells];
  headers.forEach((header, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...header.childNodes);
    header.append(button);
    button.addEventListener('click', () => {
      const numeric = header.classList.contains('n');
      const before = header.getAttribute('aria-sort');
      const order = before === null ? (numeric ? 'descending' : 'ascending') : before === 'ascending' ? 'descending' : 'ascending';
      const sign = order === 'ascending' ? 1 : -1;
      const keyed = [...body.rows].map((row) => {
        const cell = row.cells[column];
        return { row, number: Number(cell.dataset.v), text: cell.textContent };
      });
      keyed.sort((a, b) => {
        if (!numeric) return sign * a.text.localeCompare(b.text, undefined, { numeric: true });
        if (Number.isNaN(a.number) || Number.isNaN(b.number)) return Number.isNaN(a.number) - Number.isNaN(b.number);
        return a.number === b.number ? 0 : a.number < b.number ? -sign : sign;
      });
      for (const other of headers) other.removeAttribute('aria-sort');
      header.setAttribute('aria-sort', order);
      body.append(...keyed.map(({ row }) => row));
    });
  });
}
const closed = new Set();
addEventListener('beforeprint', () => {
  for (const part of document.querySelectorAll('details:not([open])')) { closed.add(part); part.open = true; }
});
addEventListener('afterprint', () => {
  for (const part of closed) part.open = false;
  closed.clear();
});
const save = document.getElementById('save');
save.hidden = false;
save.addEventListener('click', () => {
  const text = JSON.stringify(JSON.parse(document.getElementById('report').textContent), null, 2);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text + '\\n'], { type: 'application/json' }));
  link.download = 'report.json';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
});
`;
