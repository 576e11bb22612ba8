import type { LossReport, Report } from '@lossmill/evaluation';
import { formatMean, meanText } from '../format/mean.js';
import { formatCount, formatNumber, plural, toNumber } from '../format/number.js';
import { printable } from '../format/printable.js';
import { derivedEntries, lossLabel, meanDefinition, meansDiffer } from '../view/loss.js';
import { baseName, confidenceLabel } from '../view/spec.js';
import type { Style } from './style.js';
import { narrowed, type TableColumn, tableLines, tableWidth } from './table.js';
import { alignDecimals, flow } from './text.js';

/** A table column that may have to leave a narrow table, and what it says on the line below instead. */
interface LossColumn extends TableColumn {
  note: (row: number) => string;
}

function meanColumn(losses: readonly LossReport[], style: Style, aligned: boolean): TableColumn {
  const texts = losses.map((loss) => meanText(loss.mean, loss.stderr));
  const plain = texts.map((text) => text.value);
  const values = aligned ? alignDecimals(plain) : plain;
  const { plusMinus } = style.glyphs;
  return {
    header: 'mean',
    align: 'left',
    cells: texts.map((text, i) => (text.stderr === '' ? values[i] : `${values[i]} ${plusMinus} ${text.stderr}`)),
    paint: (text, row) => (Number.isFinite(toNumber(losses[row].mean)) ? style.strong(text) : style.warn(text)),
  };
}

function intervalColumn(losses: readonly LossReport[], confidence: string, style: Style): LossColumn {
  const ends = losses.map((loss) => meanText(loss.mean, loss.stderr, loss.interval).interval);
  const widest = Math.max(...ends.map((end) => end?.[0].length ?? 0));
  const { to } = style.glyphs;
  return {
    header: `${confidence} interval`,
    align: 'left',
    cells: ends.map((end) => (end ? `${end[0].padStart(widest)} ${to} ${end[1]}` : '')),
    note: (row) => (ends[row] ? `${confidence} ${ends[row][0]} ${to} ${ends[row][1]}` : ''),
  };
}

function stdColumn(losses: readonly LossReport[]): LossColumn {
  const texts = losses.map((loss) => (Number.isNaN(toNumber(loss.std)) ? '' : formatNumber(loss.std, 4)));
  return { header: 'std', align: 'right', cells: texts, note: (row) => (texts[row] === '' ? '' : `std ${texts[row]}`) };
}

function worstColumn(losses: readonly LossReport[]): LossColumn {
  const first = losses.map((loss) => loss.worst[0]);
  const severalSources = new Set(losses.flatMap((loss) => loss.worst.map((row) => row.source))).size > 1;
  const texts = first.map((row) => (row ? formatNumber(row.loss, 4) : ''));
  const widest = Math.max(...texts.map((text) => text.length));
  const places = first.map((row) => {
    if (!row) return '';
    const file = severalSources ? ` of ${printable(baseName(row.source))}` : '';
    return `row ${formatCount(row.row)}${file}${row.id === null ? '' : ` (id ${printable(String(row.id))})`}`;
  });
  return {
    header: 'worst row',
    align: 'left',
    cells: texts.map((text, i) => `${text.padStart(widest)}  ${places[i]}`.trimEnd()),
    note: (row) => (first[row] ? `worst ${texts[row]} at ${places[row]}` : ''),
  };
}

function derivedNote(loss: LossReport, style: Style): string[] {
  return derivedEntries(loss).map(
    ([name, estimate]) => `${name} ${formatMean(estimate.value, estimate.stderr, { unicode: style.unicode })}`,
  );
}

function meansNote(loss: LossReport): string[] {
  const definition = loss.compat ? [meanDefinition(loss)] : [];
  if (!meansDiffer(loss)) return definition;
  const { weight, rows, elements, nonzero } = loss.means;
  const mean = toNumber(loss.mean);
  const others = Object.entries({ weight, rows, elements, 'nonzero weights': nonzero })
    .filter(([, value]) => !Object.is(toNumber(value), mean))
    .map(([name, value]) => `${formatNumber(value, 6)} over ${name}`);
  return others.length === 0 ? definition : [meanDefinition(loss), ...others];
}

/** "± 0.02 over 40 users, 0.004 if rows were independent"; of sequences, whose error bar is not the table's, with their own mean. */
function clusterNote({ clusters }: LossReport, style: Style): string[] {
  if (!clusters) return [];
  const { count, column, stderr, rowStderr, means } = clusters;
  const { plusMinus } = style.glyphs;
  const who = column === null ? plural(count, 'sequence') : `${plural(count, 'cluster')} of ${printable(column)}`;
  if (Number.isNaN(toNumber(stderr))) return [who];
  const own = formatMean(means.mean, means.stderr, { unicode: style.unicode });
  const other = column === null ? '' : ` (${plusMinus} ${formatNumber(rowStderr, 2)} if rows were independent)`;
  return [`${who}: ${plusMinus} ${formatNumber(stderr, 2)}${other}`, `mean of their means ${own}`];
}

/** Lines below a loss: what its columns had no room for. */
function noteLines(parts: string[], style: Style): string[] {
  const shown = parts.filter((part) => part !== '');
  const { dot, ellipsis } = style.glyphs;
  return flow(shown, ` ${dot} `, style.width - 6, ellipsis).map((line) => `      ${style.faint(line)}`);
}

/** Decimal points under each other where there is room for it; numbers of every size side by side may need too much. */
function fittingMean(losses: readonly LossReport[], name: TableColumn, style: Style): TableColumn {
  const aligned = meanColumn(losses, style, true);
  if (tableWidth([name, aligned]) <= style.width) return aligned;
  const empty = { ...aligned, header: '', cells: [] };
  return narrowed(meanColumn(losses, style, false), style.width - tableWidth([name, empty]), style);
}

/** Takes the widest set of columns that fits; the ones on the right go first. */
function fitting(name: TableColumn, mean: TableColumn, optional: LossColumn[], width: number): LossColumn[] {
  let kept = optional;
  while (kept.length > 0 && tableWidth([name, mean, ...kept]) > width) kept = kept.slice(0, -1);
  return kept;
}

/** One row a loss; what does not fit beside it, and the derived quantities, on faint lines below it. */
export function lossLines(report: Report, style: Style): string[] {
  const { losses } = report;
  if (losses.length === 0) return [];
  const longest = Math.min(32, Math.floor(style.width / 3));
  const labels = losses.map((loss) => printable(lossLabel(loss)));
  const name = narrowed({ header: 'loss', align: 'left', cells: labels }, longest, style);
  const mean = fittingMean(losses, name, style);
  const known = (column: LossColumn): boolean => column.cells.some((cell) => cell !== '');
  const optional = [
    intervalColumn(losses, confidenceLabel(report), style),
    stdColumn(losses),
    worstColumn(losses),
  ].filter(known);
  const kept = fitting(name, mean, optional, style.width);
  const dropped = optional.slice(kept.length);
  const derived = losses.map((loss) => derivedNote(loss, style));
  const notes = losses.map((loss, row) => [
    ...dropped.map((column) => column.note(row)),
    ...meansNote(loss),
    ...clusterNote(loss, style),
  ]);
  const together = derived.map((parts) => parts.join(` ${style.glyphs.dot} `));
  const beside: TableColumn = { header: '', align: 'left', cells: together, paint: style.faint };
  const columns = [name, mean, ...kept];
  const roomy = dropped.length === 0 && tableWidth([...columns, beside]) <= style.width;
  const [header, ...rows] = tableLines(roomy ? [...columns, beside] : columns, style);
  return [header, ...rows.flatMap((row, i) => [row, ...noteLines([...(roomy ? [] : derived[i]), ...notes[i]], style)])];
}
