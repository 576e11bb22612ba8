import type { GradientReport, Report } from '@lossmill/evaluation';
import { formatNumber, toNumber } from '../format/number.js';
import { meanGradientRows, noiseScaleText, summarised } from '../view/gradient.js';
import { parametersLabel } from '../view/loss.js';
import { html, type Markup } from './markup.js';
import { type Cell, numberCell, tableMarkup } from './table.js';

/** More entries of a mean gradient than this are hard to take in. */
const MOST_ENTRIES = 50;

const numeric = (text: string): { text: string; numeric: true } => ({ text, numeric: true });

function lossCell(loss: Report['losses'][number]): Cell {
  const parameters = parametersLabel(loss, ', ');
  return {
    content: [loss.name, ' ', parameters === '' ? null : html`<small class="parameters">${parameters}</small>`],
    rowHeader: true,
  };
}

function summaryCells(gradient: GradientReport): Cell[] {
  const { noiseScale = 'NaN', covarianceTrace = 'NaN', squaredNorm = 'NaN' } = gradient;
  return [
    // The reason stands in the note below the table.
    numberCell(noiseScaleText(gradient).split(':')[0], noiseScale),
    numberCell(formatNumber(covarianceTrace, 6), covarianceTrace),
    numberCell(formatNumber(squaredNorm, 6), squaredNorm),
  ];
}

/** Size of the gradient by prediction and its noise, for the losses that have one; null if none has. */
export function gradientMarkup(report: Report): Markup | null {
  const withSummary = summarised(report).length > 0;
  const rows = report.losses.flatMap((loss) => {
    if (!loss.gradient) return [];
    const { l2, linf, mean } = loss.gradient;
    const cells = [l2, linf, mean].map((x) => numberCell(formatNumber(x, 8), toNumber(x)));
    return [[lossCell(loss), ...cells, ...(withSummary ? summaryCells(loss.gradient) : [])]];
  });
  if (rows.length === 0) return null;
  const names = ['Euclidean norm', 'largest magnitude', 'mean'];
  const more = ['noise scale', 'covariance trace', 'squared mean, less noise'];
  return html`${tableMarkup({
    caption: 'Gradient of the weighted sum by the predictions',
    header: [{ text: 'loss', numeric: false }, ...[...names, ...(withSummary ? more : [])].map(numeric)],
    rows,
  })}${withSummary && summaryMarkup(report)}`;
}

function summaryMarkup(report: Report): Markup {
  const losses = summarised(report);
  const { rows, total } = meanGradientRows(report, MOST_ENTRIES);
  const which = rows.length < total ? `, the ${rows.length} largest of ${total} entries` : '';
  return html`<p>The noise scale (McCandlish et al. 2018) is the number of rows whose mean gradient is as much noise as signal: batches far
smaller are mostly noise, far larger ones add little. It is Infinity where the mean gradient is no larger than noise makes it, as after a fit.</p>
${tableMarkup({
  caption: `Mean gradient of a row${which}`,
  header: [{ text: total > 1 ? 'class or column' : '', numeric: false }, ...losses.map(({ name }) => numeric(name))],
  rows: rows.map(({ name, values }) => [
    { content: total > 1 ? name : 'prediction', rowHeader: true },
    ...values.map((x) => numberCell(formatNumber(x, 6), x)),
  ]),
  sortable: rows.length > 1,
})}`;
}
