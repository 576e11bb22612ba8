import type { LossReport, SliceKey, SliceReport } from '@lossmill/evaluation';
import { toNumber } from '../format/number.js';

/** Where a group's interval lies against the loss's overall mean; "unknown" without an interval. */
export type Side = 'above' | 'below' | 'around' | 'unknown';

/** One group of rows, ready to be drawn. */
export interface Slice {
  /** The group's value in each column: ["EWR"], or ["EWR", "17"] for a cross. */
  values: string[];
  report: SliceReport;
  mean: number;
  low: number;
  high: number;
  side: Side;
}

/** All groups of one `slices` entry of the spec, worst first. */
export interface SliceGroup {
  /** The columns grouped by: ["origin"], or ["origin", "hour"] for a cross. */
  columns: string[];
  slices: Slice[];
  /** Groups that have an interval. */
  known: number;
  /**
   * Groups whose interval leaves out the overall mean, on either side; where that mean is not finite, the groups
   * that bring it there.
   */
  apart: number;
  /** How many of them chance alone would put there, were all groups alike: groups x (1 - confidence). */
  byChance: number;
}

function valueLabel(value: SliceKey[string]): string {
  if (value === null) return '(missing)';
  return value === '' ? '(empty)' : String(value);
}

function sideOf(mean: number, low: number, high: number, overall: number): Side {
  // An infinite overall mean comes from somewhere: point at the groups that bring it.
  if (!Number.isFinite(overall)) return Number.isFinite(mean) ? 'around' : 'above';
  if (!Number.isFinite(low) || !Number.isFinite(high)) return 'unknown';
  if (low > overall) return 'above';
  return high < overall ? 'below' : 'around';
}

function toSlice(report: SliceReport, overall: number): Slice {
  const mean = toNumber(report.mean);
  const [low, high] = report.interval.map(toNumber);
  return {
    values: Object.values(report.key).map(valueLabel),
    report,
    mean,
    low,
    high,
    side: sideOf(mean, low, high, overall),
  };
}

/** `error` is signed: there the worst group is the one furthest from 0; everywhere else it is the largest. */
function severity(slice: Slice, signed: boolean): number {
  if (Number.isNaN(slice.mean)) return Number.NEGATIVE_INFINITY;
  return signed ? Math.abs(slice.mean) : slice.mean;
}

function compare(a: Slice, b: Slice, signed: boolean): number {
  const [x, y] = [severity(a, signed), severity(b, signed)];
  if (x !== y) return x < y ? 1 : -1;
  const [p, q] = [a.values.join('\0'), b.values.join('\0')];
  return p < q ? -1 : p > q ? 1 : 0;
}

/** The groups of a loss, one entry per `slices` entry of the spec in its order, each sorted worst first. */
export function sliceGroups(loss: LossReport, confidence: number): SliceGroup[] {
  const overall = toNumber(loss.mean);
  const byColumns = new Map<string, { columns: string[]; slices: Slice[] }>();
  for (const report of loss.slices) {
    const columns = Object.keys(report.key);
    const id = JSON.stringify(columns);
    const group = byColumns.get(id) ?? { columns, slices: [] };
    group.slices.push(toSlice(report, overall));
    byColumns.set(id, group);
  }
  return [...byColumns.values()].map(({ columns, slices }) => {
    slices.sort((a, b) => compare(a, b, loss.name === 'error'));
    const known = slices.filter(({ low, high }) => Number.isFinite(low) && Number.isFinite(high)).length;
    return {
      columns,
      slices,
      known,
      apart: slices.filter((slice) => slice.side === 'above' || slice.side === 'below').length,
      byChance: known * (1 - confidence),
    };
  });
}
