import type { Report } from '@lossmill/evaluation';
import { formatCount, plural } from '../format/number.js';
import { formatBytes, formatRate, formatSeconds } from '../format/quantity.js';
import { sourcesOf } from '../view/spec.js';
import { specText } from '../view/spec-text.js';
import { escapeHtml, html, type Insert, type Markup, raw } from './markup.js';
import { numberCell, tableMarkup } from './table.js';

/** A glob over a data lake may name thousands of files. */
const mostSources = 1000;

function sourcesTable(report: Report): Markup | null {
  const sources = sourcesOf(report);
  if (sources.length === 0) return null;
  const cut =
    sources.length > mostSources ? ` (the first ${formatCount(mostSources)} of ${formatCount(sources.length)})` : '';
  return tableMarkup({
    caption: `Sources${cut}`,
    header: [
      { text: 'source', numeric: false },
      { text: 'rows', numeric: true },
      { text: 'size', numeric: true },
      { text: 'fingerprint', numeric: false },
    ],
    rows: sources
      .slice(0, mostSources)
      .map(({ uri, rows, bytes, fingerprint }) => [
        { content: uri, rowHeader: true },
        rows === undefined ? { content: '' } : numberCell(formatCount(rows), rows),
        bytes === undefined ? { content: '' } : numberCell(formatBytes(bytes), bytes),
        { content: fingerprint && html`<code>${fingerprint}</code>` },
      ]),
  });
}

function runFacts(report: Report): Markup {
  const { run } = report;
  const facts: [string, Insert][] = [
    ['started', run.startedAt],
    ['took', `${formatSeconds(run.seconds)}, ${formatRate(run.rowsPerSecond)}, ${formatBytes(run.bytesRead)} read`],
    [
      'shards',
      `${formatCount(run.shards.counted)} of ${formatCount(run.shards.planned)} counted, ${formatCount(run.shards.rows)} rows each at most, ${formatCount(run.shards.retried)} retried`,
    ],
    ['run by', `${plural(run.workers, 'worker')}, ${plural(run.threads, 'thread')}`],
    ['lossmill', run.version],
  ];
  return html`<dl>${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

/** What it takes to believe the numbers or to get them again: digest, sources, resolved spec, run. */
export function provenanceMarkup(report: Report): Markup {
  const spec = specText(report);
  return html`<section aria-labelledby="provenance"><h2 id="provenance">How this number was made</h2>
<p>Digest <code>${report.digest}</code></p>
<p>The digest covers everything on this page but the facts of the run. The same spec over the same bytes gives the same digest for any number of threads, shards or workers. To check it, evaluate again and compare:</p>
<pre><code>lossmill verify report.json</code></pre>
<p class="screen"><button type="button" id="save" hidden>Save report.json</button> <span class="faint">The report is inside this page, as JSON in the element with the id “report”.</span></p>
${sourcesTable(report)}<h3>Run</h3>
${runFacts(report)}
<h3>Spec, as resolved</h3>
<pre tabindex="0"><code>${raw(escapeHtml(spec.text))}</code></pre>
${spec.cut && html`<p class="faint">Cut here; the JSON inside this page has all of it.</p>`}</section>
`;
}
