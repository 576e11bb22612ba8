import type { Report } from '@lossmill/evaluation';
import { formatMean, meanText } from '../format/mean.js';
import { formatCount, formatNumber, toNumber } from '../format/number.js';
import { printable } from '../format/printable.js';
import { lossLabel } from '../view/loss.js';
import { type OutputRow, outputRows } from '../view/outputs.js';
import type { Style } from './style.js';
import { narrowed, type TableColumn, tableLines, tableWidth } from './table.js';
import { alignDecimals, truncate } from './text.js';

/** More outputs than this push the rest of the report out of sight. */
const SHOWN = 12;

const widestName = 24;

/** One column a loss: the outputs' means, their error bars behind them. */
function meanColumn(rows: readonly OutputRow[], loss: number, header: string, style: Style): TableColumn {
  const means = rows.map(({ byLoss }) => meanText(byLoss[loss].mean, byLoss[loss].stderr));
  const values = alignDecimals(means.map(({ value }) => value));
  const cells = values.map((value, i) => {
    const { stderr } = means[i];
    return stderr === '' ? value : `${value} ${style.glyphs.plusMinus} ${stderr}`;
  });
  return { header, align: 'left', cells };
}

function r2Column(rows: readonly OutputRow[]): TableColumn | null {
  const values = rows.map(({ byLoss }) => byLoss.flatMap(({ derived }) => derived.r2 ?? [])[0]);
  if (values.some((value) => value === undefined)) return null;
  return { header: 'r2', align: 'left', cells: alignDecimals(values.map(({ value }) => formatNumber(value, 4))) };
}

/** Takes the widest set of columns that fits; the ones on the right go first. */
function fitting(columns: TableColumn[], width: number): TableColumn[] {
  let kept = columns;
  while (kept.length > 2 && tableWidth(kept) > width) kept = kept.slice(0, -1);
  return kept;
}

/** A small table of the outputs, each beside the others; nothing where a row has one. */
export function outputLines(report: Report, style: Style): string[] {
  const outputs = outputRows(report, SHOWN);
  if (!outputs) return [];
  const { rows, total } = outputs;
  const names = rows.map(({ name }) => printable(name));
  const name = narrowed({ header: 'output', align: 'left', cells: names }, widestName, style);
  const losses = report.losses.map((loss, i) => meanColumn(rows, i, printable(lossLabel(loss)), style));
  const r2 = r2Column(rows);
  const columns = fitting([name, ...losses, ...(r2 ? [r2] : [])], style.width);
  const [first] = report.losses;
  const cut =
    total > rows.length &&
    `the ${rows.length} worst of ${formatCount(total)} outputs by ${printable(lossLabel(first))}`;
  const overall = `all ${formatMean(toNumber(first.mean), first.stderr, { unicode: style.unicode })}`;
  const last = columns.length - 1;
  const room = style.width - tableWidth(columns.slice(0, last).concat({ ...columns[last], header: '', cells: [] }));
  const fitted = columns.map((column, i) =>
    i === last && last > 0 ? narrowed(column, Math.max(8, room), style) : column,
  );
  const note = truncate(`${cut}; ${overall}`, style.width - 2, style.glyphs.ellipsis);
  return ['', ...tableLines(fitted, style), ...(cut ? [`  ${style.faint(note)}`] : [])];
}
