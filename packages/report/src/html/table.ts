import type { JsonNumber } from '@lossmill/evaluation';
import { formatExact, toNumber } from '../format/number.js';
import { html, type Insert, type Markup } from './markup.js';

export interface Cell {
  content: Insert;
  /** Sorts by this instead of the text. */
  value?: number;
  /** Shown on hover: every digit. */
  title?: string;
  /** Names the row for a screen reader. */
  rowHeader?: boolean;
}

export interface HtmlTable {
  caption: string;
  header: { text: Insert; numeric: boolean }[];
  rows: Cell[][];
  sortable?: boolean;
}

/** A number cell: short text, the exact value on hover and for sorting. */
export function numberCell(content: Insert, value: JsonNumber): Cell {
  return { content, value: toNumber(value), title: formatExact(value) };
}

function cellMarkup(cell: Cell, numeric: boolean): Markup {
  const attributes = [
    numeric && html` class="n"`,
    cell.value !== undefined && html` data-v="${cell.value}"`,
    cell.title !== undefined && html` title="${cell.title}"`,
  ];
  return cell.rowHeader
    ? html`<th scope="row"${attributes}>${cell.content}</th>`
    : html`<td${attributes}>${cell.content}</td>`;
}

/** A table that scrolls sideways on a narrow screen instead of widening the page. */
export function tableMarkup(table: HtmlTable): Markup {
  const header = table.header.map(
    ({ text, numeric }) => html`<th scope="col"${numeric && html` class="n"`}>${text}</th>`,
  );
  const rows = table.rows.map(
    (row) => html`<tr>${row.map((cell, i) => cellMarkup(cell, table.header[i].numeric))}</tr>
`,
  );
  return html`<p class="caption" aria-hidden="true">${table.caption}</p>
<div class="scroll" tabindex="0" role="region" aria-label="${table.caption}"><table${table.sortable && html` class="sortable"`}>
<caption>${table.caption}</caption>
<thead><tr>${header}</tr></thead>
<tbody>
${rows}</tbody></table></div>
`;
}
