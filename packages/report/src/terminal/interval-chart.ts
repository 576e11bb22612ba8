import type { Slice } from '../view/slices.js';
import type { Style } from './style.js';

/** Maps values to columns of a chart. */
export interface ChartScale {
  columns: number;
  at: (x: number) => number;
}

/** A scale that holds every finite mean, interval end and the overall mean. */
export function chartScale(slices: readonly Slice[], overall: number, columns: number): ChartScale {
  const values = [overall, ...slices.flatMap((slice) => [slice.low, slice.mean, slice.high])].filter(Number.isFinite);
  // Not Math.min(...values): halved before subtracting, ends near the largest double do not overflow.
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const span = high / 2 - low / 2;
  return {
    columns,
    at: (x) => (span > 0 ? Math.round(((x / 2 - low / 2) / span) * (columns - 1)) : Math.floor((columns - 1) / 2)),
  };
}

/** "   ├──●──┤    ┊": interval, mean, and behind them the overall mean. Unpainted, exactly `columns` wide. */
export function chartCells(slice: Slice, overall: number, scale: ChartScale, style: Style): string[] {
  const { glyphs } = style;
  const cells = new Array<string>(scale.columns).fill(' ');
  if (Number.isFinite(overall)) cells[scale.at(overall)] = glyphs.overall;
  if (Number.isFinite(slice.low) && Number.isFinite(slice.high)) {
    const [from, to] = [scale.at(slice.low), scale.at(slice.high)];
    cells.fill(glyphs.line, from, to + 1);
    if (to > from) {
      cells[from] = glyphs.low;
      cells[to] = glyphs.high;
    }
  }
  if (Number.isFinite(slice.mean)) cells[scale.at(slice.mean)] = glyphs.point;
  return cells;
}
