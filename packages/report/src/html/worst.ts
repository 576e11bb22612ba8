import type { JsonNumber, LossReport, Report, WorstRow } from '@lossmill/evaluation';
import { formatCount, formatExact, formatNumber } from '../format/number.js';
import { lossLabel } from '../view/loss.js';
import { html, type Markup } from './markup.js';
import { type Cell, numberCell, tableMarkup } from './table.js';

const mostListed = 1000;
/** Of a prediction with many classes the first few are shown; the rest is on hover. */
const mostValues = 6;

function valueCell(value: JsonNumber | JsonNumber[] | string): Cell {
  if (!Array.isArray(value)) {
    const number = typeof value === 'number' || value === 'NaN' || value === 'Infinity' || value === '-Infinity';
    return number ? numberCell(formatNumber(value as JsonNumber, 8), value as JsonNumber) : { content: value };
  }
  const shown = value.slice(0, mostValues).map((x) => formatNumber(x, 4));
  const rest = value.length > mostValues ? `, … ${formatCount(value.length)} values` : '';
  return { content: `${shown.join(', ')}${rest}`, title: value.slice(0, 100).map(formatExact).join(', ') };
}

function rowCells(row: WorstRow, withId: boolean): Cell[] {
  return [
    numberCell(formatNumber(row.loss, 8), row.loss),
    { content: row.source },
    numberCell(formatCount(row.row), row.row),
    ...(withId ? [{ content: row.id === null ? '' : String(row.id) }] : []),
    valueCell(row.prediction),
    valueCell(row.target),
  ];
}

function lossTable(loss: LossReport): Markup {
  const listed = loss.worst.slice(0, mostListed);
  const withId = listed.some((row) => row.id !== null);
  const cut =
    listed.length < loss.worst.length ? ` (of ${formatCount(loss.worst.length)}; the JSON inside has all)` : '';
  return tableMarkup({
    caption: `${lossLabel(loss)}: ${listed.length === 1 ? 'the worst row' : `the ${formatCount(listed.length)} worst rows`}${cut}; rows count from 0 in their source`,
    header: [
      { text: 'loss', numeric: true },
      { text: 'source', numeric: false },
      { text: 'row', numeric: true },
      ...(withId ? [{ text: 'id', numeric: false }] : []),
      { text: 'prediction', numeric: true },
      { text: 'target', numeric: true },
    ],
    rows: listed.map((row) => rowCells(row, withId)),
    sortable: true,
  });
}

/** The rows with the largest losses, per loss. Null where none were kept. */
export function worstMarkup(report: Report): Markup | null {
  const losses = report.losses.filter((loss) => loss.worst.length > 0);
  if (losses.length === 0) return null;
  const parts = losses.map((loss, i) =>
    losses.length === 1
      ? lossTable(loss)
      : html`<details class="loss"${i === 0 && html` open`}><summary>${lossLabel(loss)}</summary>${lossTable(loss)}</details>
`,
  );
  return html`<section aria-labelledby="worst"><h2 id="worst">Worst rows</h2>
${parts}</section>
`;
}
