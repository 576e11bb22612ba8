import { NODE, spread } from '@lossmill/statistics';
import { bindLosses } from './bind.js';
import { derive, intervalOf, jsonInterval } from './estimate.js';
import type { Ordered } from './ordered.js';
import type { Hits, LossTotals, Partial } from './partial.js';
import type { Plan } from './plan.js';
import {
  type DerivedName,
  type Estimate,
  type GradientReport,
  jsonNumber,
  type LossReport,
  type Report,
  type WorstRow,
} from './report.js';
import { sourceSpec } from './report-spec.js';
import { sliceReports } from './slice-reports.js';

/** A report without what only the run knows. */
export type Reduced = Omit<Report, 'digest' | 'run'>;

/**
 * All partials of a plan, merged, to totals. `worst` gives for each loss its worst rows with what they hold.
 * Consumes the partial.
 */
export function reduce(plan: Plan, partial: Partial, worst: readonly WorstRow[][]): Reduced {
  const { spec } = plan;
  const ordered = partial.ordered.fold();
  const bound = bindLosses(plan);
  const losses = partial.losses.map((totals, i) =>
    lossReport(
      plan,
      i,
      totals,
      ordered,
      worst[i],
      bound[i].derived.flatMap((name) => derived(name, partial.hits)),
    ),
  );
  const badReasons = Object.fromEntries(
    [...partial.bad.byReason]
      .map(([reason, { count }]) => [reason, count] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const bad = partial.bad.count;
  return {
    version: 1,
    spec: sourceSpec(plan),
    rows: {
      read: partial.rowsRead,
      used: partial.rowsRead - bad - partial.rowsIgnored,
      ignored: partial.rowsIgnored,
      bad,
      badReasons,
    },
    losses,
    warnings: spec.losses.flatMap(({ name }, i) => warningsFor(name, partial.losses[i], spec.losses.length > 1)),
  };
}

interface Derivation {
  name: DerivedName;
  hits: Hits;
}

/** Accuracy only where every target is a single class. */
function derived(name: DerivedName, hits: Hits): Derivation[] {
  return name === 'accuracy' && hits.soft > 0 ? [] : [{ name, hits }];
}

function lossReport(
  plan: Plan,
  i: number,
  totals: LossTotals,
  ordered: Ordered | undefined,
  worst: WorstRow[],
  derivations: readonly Derivation[],
): LossReport {
  const { spec } = plan;
  const sum = totals.sum.round();
  const weight = totals.weight.round();
  const mean = divide(sum, weight);
  const node = ordered?.moments ?? new Float64Array((i + 1) * NODE);
  const { std, stderr } = spread(node, i * NODE);
  const interval = intervalOf(mean, stderr, spec.confidence);
  const empty = totals.nonzero === 0;
  const report: LossReport = {
    name: spec.losses[i].name,
    parameters: jsonParameters(spec.losses[i].parameters),
    count: totals.count,
    weight: jsonNumber(weight),
    sum: jsonNumber(sum),
    mean: jsonNumber(mean),
    means: {
      weight: jsonNumber(mean),
      rows: jsonNumber(divide(sum, totals.count)),
      elements: jsonNumber(divide(sum, totals.count)),
      nonzero: jsonNumber(divide(sum, totals.nonzero)),
    },
    std: jsonNumber(std),
    stderr: jsonNumber(stderr),
    interval: jsonInterval(interval),
    min: jsonNumber(empty ? Number.NaN : totals.min),
    max: jsonNumber(empty ? Number.NaN : totals.max),
    derived: Object.fromEntries(
      derivations.map(({ name, hits }) => [
        name,
        estimateOf(name, hits, { mean, stderr, interval, confidence: spec.confidence }),
      ]),
    ),
    slices: spec.slices.flatMap((_, set) => sliceReports(plan, set, i, partial, ordered)),
    worst,
  };
  if (ordered && ordered.gradient.length > 0)
    report.gradient = gradientReport(ordered.gradient, i, totals.count * spec.classes);
  return report;
}

interface Statistics {
  mean: number;
  stderr: number;
  interval: [number, number];
  confidence: number;
}

function estimateOf(name: DerivedName, hits: Hits, { mean, stderr, interval, confidence }: Statistics): Estimate {
  if (name !== 'accuracy') return derive[name](mean, stderr, interval);
  const weighted = !hits.weight.isZero();
  const total = weighted ? hits.weight.round() : hits.rows;
  const value = divide(weighted ? hits.rightWeight.round() : hits.right, total);
  const squared = weighted ? hits.squared.round() : hits.rows;
  const rightSquared = weighted ? hits.rightSquared.round() : hits.right;
  // Sum of w^2 (hit - share)^2, split into right and wrong rows.
  const q = rightSquared * (1 - value) * (1 - value) + (squared - rightSquared) * value * value;
  const error = hits.rows > 1 ? Math.sqrt((hits.rows / (hits.rows - 1)) * q) / total : Number.NaN;
  return derive.share(value, error, confidence);
}

function gradientReport(gradient: Float64Array, loss: number, elements: number): GradientReport {
  const [squares, sum, greatest] = gradient.subarray(loss * 3, loss * 3 + 3);
  return { l2: jsonNumber(Math.sqrt(squares)), linf: jsonNumber(greatest), mean: jsonNumber(divide(sum, elements)) };
}

/** An empty mean is NaN, whatever the sum. */
const divide = (sum: number, by: number): number => (by === 0 ? Number.NaN : sum / by);

function jsonParameters(parameters: Record<string, number | readonly number[]>): LossReport['parameters'] {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      typeof value === 'number' ? jsonNumber(value) : value.map(jsonNumber),
    ]),
  );
}

function warningsFor(name: string, totals: LossTotals, several: boolean): string[] {
  const who = several ? `${name}: ` : '';
  const warnings: string[] = [];
  if (totals.count === 0) warnings.push(`${who}no row counts: the sum is 0 and the mean is not a number.`);
  else if (totals.nonzero === 0 || totals.weight.isZero())
    warnings.push(`${who}the total weight is 0: the sum is 0 and the mean is not a number.`);
  if (totals.undefinedRows > 0)
    warnings.push(
      `${who}${totals.undefinedRows} rows have a loss that is not a number (its limit does not exist); they are among the worst rows.`,
    );
  else if (totals.max === Number.POSITIVE_INFINITY)
    warnings.push(`${who}some rows have an infinite loss; they are among the worst rows.`);
  return warnings;
}
