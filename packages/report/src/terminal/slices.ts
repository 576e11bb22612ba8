import type { LossReport, Report } from '@lossmill/evaluation';
import { formatMean, meanText } from '../format/mean.js';
import { formatCount, plural, toNumber } from '../format/number.js';
import { printable } from '../format/printable.js';
import { lossLabel } from '../view/loss.js';
import { type Slice, type SliceGroup, sliceGroups } from '../view/slices.js';
import { confidenceOf } from '../view/spec.js';
import { type ChartScale, chartCells, chartScale } from './interval-chart.js';
import type { Style, TerminalOptions } from './style.js';
import { alignDecimals, padEnd, padStart, truncate, widthOf, wrap } from './text.js';

const chart = { least: 12, most: 40 };

/** Below one a rounded count would promise too much. */
function chanceText(byChance: number): string {
  return byChance < 0.95 ? 'fewer than 1' : `about ${formatCount(Math.round(byChance))}`;
}

/** How far to believe that groups stand out. */
function trust(loss: LossReport, group: SliceGroup): string {
  const apart = formatCount(group.apart);
  if (!Number.isFinite(toNumber(loss.mean))) return `the overall mean of ${loss.mean} comes from ${apart}`;
  if (group.known === 0) return 'no group has an interval';
  if (group.apart === 0) return 'no interval leaves out the overall mean';
  return `${apart} apart from the overall mean, ${chanceText(group.byChance)} by chance`;
}

/** What the rows below are, out of how many, and how far to trust that they stand out. */
function heading(loss: LossReport, group: SliceGroup, shown: number, style: Style): string[] {
  const columns = group.columns.map(printable).join(` ${style.glyphs.times} `);
  const total = group.slices.length;
  const which = shown < total ? `${formatCount(shown)} worst of ${formatCount(total)}` : plural(total, 'group');
  const label = truncate(printable(lossLabel(loss)), Math.floor(style.width / 3), style.glyphs.ellipsis);
  const title = `${label} by ${columns}`;
  const note = `(${which}; ${trust(loss, group)})`;
  if (widthOf(title) + widthOf(note) + 3 <= style.width) return [`  ${style.strong(title)} ${style.faint(note)}`];
  return [
    `  ${style.strong(truncate(title, style.width - 2, style.glyphs.ellipsis))}`,
    ...wrap(note, style.width - 2, style.glyphs.ellipsis).map((line) => `  ${style.faint(line)}`),
  ];
}

function paintFor(slice: Slice, style: Style): (text: string) => string {
  if (slice.side === 'above') return style.worse;
  return slice.side === 'below' ? style.better : (text) => text;
}

function meanCells(slices: readonly Slice[], style: Style): string[] {
  const texts = slices.map(({ report }) => meanText(report.mean, report.stderr));
  const values = alignDecimals(texts.map((text) => text.value));
  return texts.map((text, i) =>
    text.stderr === '' ? values[i] : `${values[i]} ${style.glyphs.plusMinus} ${text.stderr}`,
  );
}

function countCells(slices: readonly Slice[]): string[] {
  const counts = slices.map(({ report }) => formatCount(report.count));
  const widest = Math.max(...counts.map(widthOf));
  return counts.map((count, i) => `${padStart(count, widest)} ${slices[i].report.count === 1 ? 'row' : 'rows'}`);
}

function overallLine(loss: LossReport, scale: ChartScale, left: number, style: Style): string[] {
  const mean = toNumber(loss.mean);
  if (!Number.isFinite(mean) || scale.columns === 0) return [];
  const text = `overall ${formatMean(loss.mean, loss.stderr, { unicode: style.unicode })}`;
  const at = left + scale.at(mean);
  const mark = style.glyphs.overall;
  const fits = at + 2 + widthOf(text) <= style.width;
  const line = fits ? `${' '.repeat(at)}${mark} ${text}` : `${padStart(`${text} ${mark}`, at + 1)}`;
  return [style.faint(truncate(line, style.width, style.glyphs.ellipsis))];
}

function chartLines(loss: LossReport, slices: readonly Slice[], style: Style): string[] {
  const { glyphs, width } = style;
  const longest = Math.max(8, Math.floor(width / 4));
  const labels = slices.map((slice) =>
    truncate(slice.values.map(printable).join(` ${glyphs.dot} `), longest, glyphs.ellipsis),
  );
  const labelWidth = Math.max(...labels.map(widthOf));
  const left = 2 + labelWidth + 3;
  const means = meanCells(slices, style).map((text) => truncate(text, width - left, glyphs.ellipsis));
  const meanWidth = Math.max(...means.map(widthOf));
  const counts = countCells(slices);
  const countWidth = Math.max(...counts.map(widthOf));
  const counted = left + meanWidth + 3 + countWidth <= width;
  const room = width - left - 3 - meanWidth - 3 - countWidth;
  const columns = room < chart.least ? 0 : Math.min(chart.most, room);
  const overall = toNumber(loss.mean);
  const scale = chartScale(slices, overall, columns);
  const rows = slices.map((slice, i) => {
    const paint = paintFor(slice, style);
    const drawn = columns === 0 ? '' : `${paint(chartCells(slice, overall, scale, style).join(''))}   `;
    const count = counted ? `   ${style.faint(counts[i])}` : '';
    return `  ${padEnd(labels[i], labelWidth)}   ${drawn}${counted ? padEnd(means[i], meanWidth) : means[i]}${count}`;
  });
  return [...rows, ...overallLine(loss, scale, left, style)];
}

function chosenLoss(report: Report, name: string | undefined): LossReport | undefined {
  const withSlices = report.losses.filter((loss) => loss.slices.length > 0);
  return withSlices.find((loss) => loss.name === name) ?? withSlices[0];
}

/** Per slice column: its worst groups as intervals around dots, over the overall mean. A blank line before each. */
export function sliceLines(report: Report, style: Style, options: TerminalOptions): string[] {
  const loss = chosenLoss(report, options.sliceLoss);
  if (loss === undefined) return [];
  const most = Math.max(1, options.slices ?? 5);
  return sliceGroups(loss, confidenceOf(report)).flatMap((group) => {
    const shown = group.slices.slice(0, most);
    return ['', ...heading(loss, group, shown.length, style), ...chartLines(loss, shown, style)];
  });
}
