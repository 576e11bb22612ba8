import { createHash } from 'node:crypto';
import type { Report } from '@lossmill/evaluation';
import { formatMean } from '../format/mean.js';
import { formatCount } from '../format/number.js';
import { formatRate, formatSeconds } from '../format/quantity.js';
import { lossLabel } from '../view/loss.js';
import { baseName, sourcesOf } from '../view/spec.js';
import { gradientMarkup } from './gradient.js';
import { cardsMarkup, clustersMarkup, denominatorsMarkup, lossTableMarkup } from './headline.js';
import { html, type Markup, raw, scriptJson } from './markup.js';
import { noticesMarkup } from './notices.js';
import { outputsMarkup } from './outputs.js';
import { pageScript } from './page-script.js';
import { pageStyle } from './page-style.js';
import { provenanceMarkup } from './provenance.js';
import { slicesMarkup } from './slices.js';
import { worstMarkup } from './worst.js';

function listed(names: readonly string[]): string {
  if (names.length > 4) return `${formatCount(names.length)} losses`;
  return names.length < 2 ? (names[0] ?? 'no loss') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function dataName(report: Report): string {
  const names = [...new Set(sourcesOf(report).map(({ uri }) => baseName(uri)))];
  if (names.length === 0 || (names.length === 1 && names[0] === 'inline')) return 'inline data';
  return names.length <= 2 ? names.join(' and ') : `${names[0]} and ${formatCount(names.length - 1)} more files`;
}

function headerMarkup(report: Report): Markup {
  const { rows, run } = report;
  const started = new Date(run.startedAt);
  const when = Number.isNaN(started.getTime())
    ? run.startedAt
    : `${started.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const facts = [
    `${formatCount(rows.read)} rows`,
    ...(rows.used === rows.read ? [] : [`${formatCount(rows.used)} used`]),
    formatSeconds(run.seconds),
    formatRate(run.rowsPerSecond),
    when,
  ];
  return html`<header><p class="eyebrow">lossmill report</p>
<h1>${listed([...new Set(report.losses.map(({ name }) => name))])} of ${dataName(report)}</h1>
<p class="facts">${facts.join(' · ')}</p></header>
`;
}

function pageTitle(report: Report): string {
  const [first, ...rest] = report.losses;
  if (!first) return `${dataName(report)}: lossmill report`;
  const more = rest.length > 0 ? ` and ${formatCount(rest.length)} more` : '';
  return `${lossLabel(first)} ${formatMean(first.mean, first.stderr)}${more}, ${dataName(report)}`;
}

/** Nothing may be loaded, and no script but ours may run: a second lock behind the escaping. */
function contentPolicy(): string {
  const hash = createHash('sha256').update(pageScript).digest('base64');
  return `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
}

function numbersMarkup(report: Report): Markup | null {
  if (report.losses.length === 0) return null;
  return html`<section aria-labelledby="numbers"><h2 id="numbers">The numbers</h2>
${lossTableMarkup(report)}${outputsMarkup(report)}${clustersMarkup(report)}${denominatorsMarkup(report)}${gradientMarkup(report)}</section>
`;
}

/** Plot and its document model take a quarter of a second to load: only a page with pictures waits for them. */
async function sliceSection(report: Report): Promise<Markup | null> {
  if (report.losses.every((loss) => loss.slices.length === 0)) return null;
  const { forestChart } = await import('../chart/forest.js');
  return slicesMarkup(report, forestChart);
}

/**
 * The report as one HTML file that needs nothing else: no network, readable without script, light and dark, on paper.
 * Holds the report itself as JSON in `<script type="application/json" id="report">`. Text from the data is escaped.
 */
export async function renderHtml(report: Report): Promise<string> {
  const slices = await sliceSection(report);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${raw(contentPolicy())}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="lossmill ${report.run.version}">
<title>${pageTitle(report)}</title>
<link rel="icon" href="data:,">
<style>${raw(pageStyle)}</style>
</head>
<body>
<main>
${headerMarkup(report)}${noticesMarkup(report)}${cardsMarkup(report)}${numbersMarkup(report)}${slices}${worstMarkup(report)}${provenanceMarkup(report)}<footer>Made by lossmill ${report.run.version}. Means are written to the digits their standard errors warrant.</footer>
</main>
<script type="application/json" id="report">${scriptJson(report)}</script>
<script>${raw(pageScript)}</script>
</body>
</html>
`.text;
}
