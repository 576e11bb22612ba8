import type { LossReport, Report } from '@lossmill/evaluation';
import { meanText } from '../format/mean.js';
import { formatCount, formatExact, formatNumber } from '../format/number.js';
import { derivedEntries, meanDefinition, meansDiffer, parametersLabel } from '../view/loss.js';
import { confidenceLabel } from '../view/spec.js';
import { html, type Insert, type Markup } from './markup.js';
import { type Cell, numberCell, tableMarkup } from './table.js';

/** More losses than this read better as a table than as cards. */
const mostCards = 6;

function term(name: Insert, value: Insert): Markup {
  return html`<dt>${name}</dt><dd>${value}</dd>`;
}

function intervalText(loss: LossReport): string {
  const ends = meanText(loss.mean, loss.stderr, loss.interval).interval;
  return ends ? `${ends[0]} … ${ends[1]}` : loss.count < 2 ? 'none: it takes two rows' : 'none';
}

function parametersMarkup(loss: LossReport): Markup | null {
  const parameters = parametersLabel(loss, ', ');
  return parameters === '' ? null : html`<small class="parameters">${parameters}</small>`;
}

function lossCell(loss: LossReport): Cell {
  return { content: [loss.name, ' ', parametersMarkup(loss)], rowHeader: true };
}

function cardMarkup(loss: LossReport, confidence: string): Markup {
  const { value, stderr } = meanText(loss.mean, loss.stderr);
  const long = value.length + stderr.length > 12;
  const derived = derivedEntries(loss).map(([name, estimate]) => {
    const text = meanText(estimate.value, estimate.stderr);
    return term(name, text.stderr === '' ? text.value : `${text.value} ± ${text.stderr}`);
  });
  return html`<article class="card"><h2>${loss.name}</h2>${parametersMarkup(loss)}${loss.compat && html`<small class="parameters">${meanDefinition(loss)}</small>`}
<p class="mean${long && ' long'}" title="${formatExact(loss.mean)}">${value}${stderr !== '' && html` <small>± ${stderr}</small>`}</p>
<dl>${term(confidence, intervalText(loss))}${term('std', formatNumber(loss.std))}${term('largest', formatNumber(loss.max))}${derived}</dl></article>
`;
}

/** One card a loss: its mean with the error bar, and what belongs to it. */
export function cardsMarkup(report: Report): Markup | null {
  if (report.losses.length === 0 || report.losses.length > mostCards) return null;
  const confidence = confidenceLabel(report);
  return html`<div class="cards">${report.losses.map((loss) => cardMarkup(loss, confidence))}</div>
`;
}

function numberHeader(text: Insert): { text: Insert; numeric: true } {
  return { text, numeric: true };
}

/** Every loss with every number of its own. */
export function lossTableMarkup(report: Report): Markup {
  const rows = report.losses.map((loss) => {
    const { value, stderr, interval } = meanText(loss.mean, loss.stderr, loss.interval);
    return [
      lossCell(loss),
      numberCell(value, loss.mean),
      numberCell(stderr || 'none', loss.stderr),
      numberCell(interval?.[0] ?? 'none', loss.interval[0]),
      numberCell(interval?.[1] ?? 'none', loss.interval[1]),
      numberCell(formatNumber(loss.std), loss.std),
      numberCell(formatNumber(loss.min), loss.min),
      numberCell(formatNumber(loss.max), loss.max),
      numberCell(formatCount(loss.count), loss.count),
      numberCell(formatNumber(loss.weight, 9), loss.weight),
      numberCell(formatNumber(loss.sum, 12), loss.sum),
    ];
  });
  const confidence = confidenceLabel(report);
  const names = ['mean', 'standard error', `${confidence} from`, 'to', 'std', 'min', 'max', 'rows', 'weight', 'sum'];
  return tableMarkup({
    caption: 'All losses. The sum of weight × loss is correctly rounded; point at a number for all its digits.',
    header: [{ text: 'loss', numeric: false }, ...names.map(numberHeader)],
    rows,
    sortable: report.losses.length > 1,
  });
}

const denominators: { key: keyof LossReport['means']; name: string; users: string }[] = [
  {
    key: 'weight',
    name: 'sum of weights',
    users:
      'scikit-learn, XGBoost, LightGBM, Spark; torch cross_entropy and nll with class weights; Keras metrics; tfjs MEAN',
  },
  {
    key: 'rows',
    name: 'rows',
    users: 'Keras losses (sum_over_batch_size); torch cross_entropy against class probabilities',
  },
  {
    key: 'elements',
    name: 'elements',
    users: 'torch mse, l1, huber and BCE (reduction mean): every number of the prediction',
  },
  { key: 'nonzero', name: 'rows with weight', users: 'tfjs (SUM_BY_NONZERO_WEIGHTS, its default)' },
];

/** The same sum over each denominator in use elsewhere, and by whom. */
export function denominatorsMarkup(report: Report): Markup {
  const differ = report.losses.some(meansDiffer);
  const own = report.losses.filter(({ compat }) => compat);
  const whose = own.map((loss) => `${loss.name}: ${meanDefinition(loss)}.`).join(' ');
  const text = whose
    ? `Libraries divide the same sum by different things. ${whose} The table has them all.`
    : differ
      ? 'Libraries divide the same sum by different things. The mean above is the sum over the weights; these are the others.'
      : 'Libraries divide the same sum by different things. Here they all agree.';
  return html`<p>${text}</p>
${tableMarkup({
  caption: 'Mean by denominator, and who uses it',
  header: [
    { text: 'loss', numeric: false },
    ...denominators.map(({ name, users }) => numberHeader(html`${name}<small>${users}</small>`)),
  ],
  rows: report.losses.map((loss) => [
    lossCell(loss),
    ...denominators.map(({ key }) => numberCell(formatNumber(loss.means[key], 8), loss.means[key])),
  ]),
})}`;
}

/** Error bars of rows in clusters, and the clusters' own means; null where rows are in none. */
export function clustersMarkup(report: Report): Markup | null {
  const rows = report.losses.flatMap((loss) => {
    if (!loss.clusters) return [];
    const { count, stderr, rowStderr, means, worst } = loss.clusters;
    const [first] = worst;
    const cells = [stderr, rowStderr, means.mean, means.stderr].map((x) => numberCell(formatNumber(x, 6), x));
    const text = first ? `${first.cluster}: ${formatNumber(first.mean, 6)}` : 'none';
    return [[lossCell(loss), numberCell(formatCount(count), count), ...cells, { content: text }]];
  });
  if (rows.length === 0) return null;
  const column = report.losses[0].clusters?.column;
  const names = ['clusters', 'standard error', 'if rows were independent', 'mean of means', 'its standard error'];
  return tableMarkup({
    caption: column ? `Rows in clusters of ${column}` : 'Rows in sequences (the leading axis of the prediction)',
    header: [{ text: 'loss', numeric: false }, ...names.map(numberHeader), { text: 'greatest mean', numeric: false }],
    rows,
  });
}
