import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { formatMean } from '../format/mean.js';
import { formatNumber } from '../format/number.js';
import { printable } from '../format/printable.js';
import type { Side, Slice } from '../view/slices.js';

export interface ForestOptions {
  /** Drawn from top to bottom. */
  slices: readonly Slice[];
  /** The loss's mean over all rows: a vertical line. */
  overall: number;
  /** Pixels; the text keeps its size, so a phone gets a narrower drawing, not a smaller one. */
  width: number;
  /** What a reader who cannot see the picture is told. */
  title: string;
  description: string;
}

/** Set by the page's style sheet, for light and dark. */
const colors: Record<Side, string> = {
  above: 'var(--worse)',
  below: 'var(--better)',
  around: 'var(--muted)',
  unknown: 'var(--muted)',
};

const rowHeight = 22;
/** Of the widest system font at 12 px; cut labels are worse than a little air. */
const pixelsPerCharacter = 7.3;

function shorten(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

/** The values the axis must hold, a little air on both sides; null where a double cannot hold the distance. */
function xDomain(slices: readonly Slice[], overall: number): [number, number] | null {
  const values = [overall, ...slices.flatMap(({ low, mean, high }) => [low, mean, high])].filter(Number.isFinite);
  if (values.length === 0) return null;
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  const largest = Math.max(Math.abs(low), Math.abs(high));
  // All alike: a window around the value. d3's ticks need a span well inside the range of a double.
  const span = high - low > largest * 1e-12 ? high - low : largest * 0.2 || 2;
  if (!(span < 1e300 && span > 1e-290)) return null;
  const middle = low / 2 + high / 2;
  return [middle - span * 0.53, middle + span * 0.53];
}

function marks(options: ForestOptions, widthOfMeans: number): Plot.Markish[] {
  const { slices, overall } = options;
  const rows = slices.map((slice, y) => ({ ...slice, y }));
  const finite = rows.filter(({ mean }) => Number.isFinite(mean));
  const withInterval = finite.filter(({ low, high }) => Number.isFinite(low) && Number.isFinite(high));
  return [
    Plot.gridX({ stroke: 'var(--rule)', strokeOpacity: 1 }),
    ...(Number.isFinite(overall) ? [Plot.ruleX([overall], { stroke: 'var(--ink)', strokeDasharray: '2 3' })] : []),
    Plot.link(withInterval, {
      x1: 'low',
      x2: 'high',
      y1: 'y',
      y2: 'y',
      stroke: ({ side }: Slice) => colors[side],
      strokeWidth: 2,
    }),
    Plot.dot(finite, {
      x: 'mean',
      y: 'y',
      r: 4,
      // Worse is filled and better is hollow, so that colour is not the only difference.
      fill: ({ side }: Slice) => (side === 'below' ? 'var(--page)' : colors[side]),
      stroke: ({ side }: Slice) => colors[side],
      strokeWidth: 2,
    }),
    Plot.text(rows, {
      y: 'y',
      frameAnchor: 'right',
      textAnchor: 'end',
      dx: widthOfMeans,
      text: ({ report }: Slice) => formatMean(report.mean, report.stderr),
      fontVariant: 'tabular-nums',
      fill: 'var(--ink)',
    }),
  ];
}

function addText(svg: Element, document: Document, name: 'title' | 'desc', text: string): void {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  element.textContent = printable(text);
  svg.prepend(element);
}

/**
 * Dot and interval of each group over a line at the overall mean, as SVG text for an HTML page (it takes its colours
 * from the page's variables). Null where there is nothing a picture could show: no finite mean, or a range no axis holds.
 */
export function forestChart(options: ForestOptions): string | null {
  const { slices, width } = options;
  const domain = xDomain(slices, options.overall);
  if (domain === null || !slices.some(({ mean }) => Number.isFinite(mean))) return null;
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const labels = slices.map(({ values }) => shorten(printable(values.join(' · ')), Math.floor(width / 28)));
  const means = slices.map(({ report }) => formatMean(report.mean, report.stderr).length);
  const labelWidth = Math.ceil(Math.max(...labels.map((label) => [...label].length)) * pixelsPerCharacter) + 16;
  const meanWidth = Math.ceil(Math.max(...means) * pixelsPerCharacter) + 16;
  const svg = Plot.plot({
    document: document as unknown as Document,
    className: 'forest',
    width,
    height: slices.length * rowHeight + 40,
    marginLeft: labelWidth,
    marginRight: meanWidth,
    marginTop: 8,
    marginBottom: 32,
    x: { domain, ticks: Math.max(2, Math.floor((width - labelWidth - meanWidth) / 90)), label: null },
    y: { type: 'point', domain: slices.map((_, i) => i), label: null },
    marks: [
      Plot.axisX({ tickFormat: (x: number) => formatNumber(x, 6), tickSize: 0 }),
      Plot.axisY({ tickFormat: (i: number) => labels[i], tickSize: 0 }),
      ...marks(options, meanWidth - 4),
    ],
  });
  svg.setAttribute('role', 'img');
  svg.setAttribute('font-size', '12');
  addText(svg, document as unknown as Document, 'desc', options.description);
  addText(svg, document as unknown as Document, 'title', options.title);
  return svg.outerHTML;
}
