import type { Report } from '@lossmill/evaluation';
import { formatCount } from '../format/number.js';
import { html, type Markup } from './markup.js';

const mostWarnings = 200;

/** Rows that were left out and anything else to know before believing the numbers. Null where there is nothing. */
export function noticesMarkup(report: Report): Markup | null {
  const { read, used, ignored, bad, badReasons } = report.rows;
  const reasons = Object.entries(badReasons).sort(([, a], [, b]) => b - a);
  const items = [
    bad > 0 &&
      html`<li>${formatCount(bad)} of ${formatCount(read)} rows are bad and were skipped${reasons.length > 0 && ': '}${reasons.map(([reason, count]) => `${formatCount(count)} ${reason}`).join(', ')}.</li>`,
    ignored > 0 &&
      html`<li>${formatCount(ignored)} rows were ignored as the spec asks; ${formatCount(used)} were used.</li>`,
    ...report.warnings.slice(0, mostWarnings).map((warning) => html`<li>${warning}</li>`),
    report.warnings.length > mostWarnings &&
      html`<li>and ${formatCount(report.warnings.length - mostWarnings)} more warnings, in the JSON inside this page.</li>`,
  ].filter((item) => item !== false);
  if (items.length === 0) return null;
  return html`<section class="notice" aria-labelledby="notices"><h2 id="notices">To know first</h2><ul>${items}</ul></section>
`;
}
