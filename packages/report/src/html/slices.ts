import type { LossReport, Report } from '@lossmill/evaluation';
import type { ForestOptions } from '../chart/forest.js';
import { formatMean, meanText } from '../format/mean.js';
import { formatCount, formatNumber, plural, toNumber } from '../format/number.js';
import { lossLabel } from '../view/loss.js';
import { type Slice, type SliceGroup, sliceGroups } from '../view/slices.js';
import { confidenceLabel, confidenceOf } from '../view/spec.js';
import { html, type Markup, raw } from './markup.js';
import { numberCell, tableMarkup } from './table.js';

/** Groups drawn, and groups listed. The JSON inside the page has all of them. */
const most = { drawn: 30, listed: 1000 };

const widths = { wide: 1048, narrow: 350 };

/** SVG text of a group's picture, or null where there is nothing to draw. */
export type DrawForest = (options: ForestOptions) => string | null;

function groupTitle(loss: LossReport, group: SliceGroup): string {
  return `${loss.name} by ${group.columns.join(' × ')}`;
}

/** What the picture shows, in a sentence or three: also what stands in for it where it cannot be seen. */
function summary(loss: LossReport, group: SliceGroup): string {
  const total = group.slices.length;
  const mean = formatMean(loss.mean, loss.stderr);
  const groups = plural(total, 'group');
  if (!Number.isFinite(toNumber(loss.mean))) {
    return `${groups}; the overall mean of ${loss.mean} comes from ${formatCount(group.apart)} of them.`;
  }
  if (group.known === 0) return `${groups}; none has an interval.`;
  if (group.apart === 0) return `${groups}; no interval leaves out the overall mean of ${mean}.`;
  const chance = group.byChance < 0.95 ? 'fewer than one' : `about ${formatCount(Math.round(group.byChance))}`;
  return `${groups}; ${formatCount(group.apart)} of their intervals ${group.apart === 1 ? 'leaves' : 'leave'} out the overall mean of ${mean}. Were all groups alike, chance would put ${chance} there.`;
}

function figureMarkup(loss: LossReport, group: SliceGroup, draw: DrawForest): Markup {
  const slices = group.slices.slice(0, most.drawn);
  const title = groupTitle(loss, group);
  const worst = slices.slice(0, 3).map((slice) => {
    const { mean, stderr } = slice.report;
    return `${slice.values.join(' · ')} ${formatMean(mean, stderr)}`;
  });
  const options = {
    slices,
    overall: toNumber(loss.mean),
    title,
    description: `${summary(loss, group)} Worst: ${worst.join('; ')}. All numbers are in the table below.`,
  };
  const [wide, narrow] = [widths.wide, widths.narrow].map((width) => draw({ ...options, width }));
  if (wide === null || narrow === null)
    return html`<p class="faint">No picture: the means are not finite numbers an axis could hold.</p>`;
  const cut = group.slices.length > slices.length && `The ${most.drawn} worst of ${formatCount(group.slices.length)}. `;
  return html`<figure><div class="wide">${raw(wide)}</div><div class="narrow">${raw(narrow)}</div>
<figcaption>${cut}Dots are means, lines their intervals, the dashed line is the mean of all rows. Filled red: worse than the whole. Hollow blue: better. Grey: not distinguishable from it.</figcaption></figure>
`;
}

function rowCells(slice: Slice): ReturnType<typeof numberCell>[] {
  const { report } = slice;
  const { value, stderr, interval } = meanText(report.mean, report.stderr, report.interval);
  return [
    numberCell(value, report.mean),
    numberCell(stderr || 'none', report.stderr),
    numberCell(interval?.[0] ?? 'none', report.interval[0]),
    numberCell(interval?.[1] ?? 'none', report.interval[1]),
    numberCell(formatCount(report.count), report.count),
    numberCell(formatNumber(report.weight, 9), report.weight),
    numberCell(formatNumber(report.sum, 9), report.sum),
  ];
}

function groupTable(loss: LossReport, group: SliceGroup, confidence: string): Markup {
  const listed = group.slices.slice(0, most.listed);
  const total = group.slices.length;
  const all = listed.length === total;
  const names = ['mean', 'standard error', `${confidence} from`, 'to', 'rows', 'weight', 'sum'];
  const table = tableMarkup({
    caption: groupTitle(loss, group),
    header: [
      ...group.columns.map((text) => ({ text, numeric: false })),
      ...names.map((text) => ({ text, numeric: true })),
    ],
    rows: listed.map((slice) => [...slice.values.map((content) => ({ content, rowHeader: true })), ...rowCells(slice)]),
    sortable: true,
  });
  const label = all
    ? `All ${plural(total, 'group')} as a table`
    : `The ${formatCount(listed.length)} worst of ${formatCount(total)} as a table (the JSON inside this page has all)`;
  return html`<details${total <= 12 && html` open`}><summary>${label}</summary>${table}</details>
`;
}

/** Where each loss comes from: per slice column a picture and a table. Null without slices. */
export function slicesMarkup(report: Report, draw: DrawForest): Markup | null {
  const losses = report.losses.filter((loss) => loss.slices.length > 0);
  if (losses.length === 0) return null;
  const confidence = confidenceLabel(report);
  const parts = losses.map((loss, i) => {
    const groups = sliceGroups(loss, confidenceOf(report)).map(
      (group) => html`<h3>${groupTitle(loss, group)}</h3>
<p>${summary(loss, group)}</p>
${figureMarkup(loss, group, draw)}${groupTable(loss, group, confidence)}`,
    );
    if (losses.length === 1) return html`${groups}`;
    return html`<details class="loss"${i === 0 && html` open`}><summary>${lossLabel(loss)}</summary>${groups}</details>
`;
  });
  return html`<section aria-labelledby="slices"><h2 id="slices">Where it comes from</h2>
${parts}</section>
`;
}
