import type { OutputReport, Report } from '@lossmill/evaluation';
import { meanText } from '../format/mean.js';
import { formatCount, formatNumber } from '../format/number.js';
import { lossLabel } from '../view/loss.js';
import { outputRows } from '../view/outputs.js';
import { html, type Insert, type Markup } from './markup.js';
import { type Cell, numberCell, tableMarkup } from './table.js';

/** Outputs listed. The JSON inside the page has all of them. */
const LISTED = 50;

const numeric = (text: Insert): { text: Insert; numeric: true } => ({ text, numeric: true });

function meanCells({ mean, stderr }: OutputReport): Cell[] {
  const text = meanText(mean, stderr);
  return [numberCell(text.value, mean), numberCell(text.stderr || 'none', stderr)];
}

/** Each output beside the others, for every loss; null where a row has one. */
export function outputsMarkup(report: Report): Markup | null {
  const outputs = outputRows(report, LISTED);
  if (!outputs) return null;
  const { rows, total } = outputs;
  const derived = (['rmse', 'r2', 'accuracy'] as const).filter((name) =>
    rows[0].byLoss.some((output) => output.derived[name]),
  );
  const listed = rows.map(({ name, byLoss }) => [
    { content: name, rowHeader: true },
    ...byLoss.flatMap(meanCells),
    ...derived.map((quantity) => {
      const value = byLoss.flatMap((output) => output.derived[quantity] ?? [])[0]?.value ?? 'NaN';
      return numberCell(formatNumber(value, 6), value);
    }),
  ]);
  const which =
    total > rows.length
      ? `The ${formatCount(rows.length)} worst of ${formatCount(total)} outputs by ${report.losses[0].name} (the JSON inside this page has all)`
      : 'Outputs';
  return html`<p>A row has ${formatCount(total)} outputs; its loss is the mean of theirs, so the mean above is the plain mean of the outputs’ means.</p>
${tableMarkup({
  caption: `${which}, each over all rows`,
  header: [
    { text: 'output', numeric: false },
    ...report.losses.flatMap((loss) => [numeric(lossLabel(loss)), numeric('standard error')]),
    ...derived.map(numeric),
  ],
  rows: listed,
  sortable: true,
})}`;
}
