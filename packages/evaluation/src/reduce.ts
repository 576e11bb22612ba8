import type { BoundLoss, Parameters } from '@lossmill/losses';
import { NODE } from '@lossmill/statistics';
import { bindLosses } from './bind.js';
import { type Clusters, clusterReport, clustersOf, clusterWarnings } from './cluster-reports.js';
import { averagesWeights, divisorOf, spreadOf } from './compat.js';
import { derive, intervalOf, jsonInterval } from './estimate.js';
import { gradientReport } from './gradient-report.js';
import { MOST_OUTPUTS, outputsOf, reportedOutputs } from './multi-output.js';
import type { Ordered } from './ordered.js';
import { type Derive, meanR2, outputReports } from './output-reports.js';
import type { Hits, LossTotals, Partial } from './partial.js';
import type { Plan } from './plan.js';
import {
  type DerivedName,
  type Estimate,
  jsonNumber,
  type LossReport,
  type Means,
  type Report,
  type WorstRow,
} from './report.js';
import { sourceSpec } from './report-spec.js';
import type { ResolvedSpec } from './resolve.js';
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
  const clusters = clustersOf(plan, partial, ordered);
  const reasons = [...partial.bad.byReason].map(([reason, { count }]) => [reason, count] as const);
  const bad = partial.bad.count;
  return {
    version: 1,
    spec: sourceSpec(plan),
    rows: {
      read: partial.rowsRead,
      used: partial.rowsRead - bad - partial.rowsIgnored,
      ignored: partial.rowsIgnored,
      bad,
      badReasons: Object.fromEntries(reasons.sort(([a], [b]) => (a < b ? -1 : 1))),
    },
    losses: bindLosses(plan).map((loss, i) => lossReport(plan, loss, i, { partial, ordered, clusters }, worst[i])),
    warnings: [
      ...spec.losses.flatMap(({ name }, i) => warningsFor(name, partial.losses[i], spec.losses.length > 1)),
      ...clusterWarnings(plan),
      ...outputWarning(spec),
    ],
  };
}

/** All partials as one, and what its tree folds to. */
interface Folded {
  partial: Partial;
  ordered: Ordered | undefined;
  clusters: Clusters | null;
}

function lossReport(
  plan: Plan,
  loss: BoundLoss,
  i: number,
  { partial, ordered, clusters }: Folded,
  worst: WorstRow[],
): LossReport {
  const { spec } = plan;
  const totals = partial.losses[i];
  const moments = ordered?.moments ?? new Float64Array((i + 1) * NODE);
  const { sum, weight, elements, mean, rows } = averageOf(loss, totals, spec.classes, moments, i * NODE);
  const clustered =
    clusters && averagesWeights(spec, loss) && clusterReport(plan, i, clusters, { mean, stderr: rows.stderr });
  // Sequences are reported beside the rows; a column of clusters is asked for, and decides.
  const stderr = clustered && spec.clusters === 'column' ? clustered.stderr : rows.stderr;
  const interval = intervalOf(mean, stderr, spec.confidence);
  const deriveFrom: Derive = (mean, stderr, interval) =>
    derivedOf(loss, spec, partial.hits, { mean, stderr, interval, confidence: spec.confidence });
  const outputs = outputReports(plan, { loss, index: i }, partial, ordered, deriveFrom);
  const report: LossReport = {
    name: loss.name,
    parameters: jsonParameters(spec.losses[i].parameters),
    ...(loss.compat ? { compat: loss.compat } : {}),
    count: totals.count,
    weight: jsonNumber(weight),
    sum: jsonNumber(sum),
    mean: jsonNumber(mean),
    means: meansOf(sum, weight, totals, elements),
    std: jsonNumber(rows.std),
    stderr: jsonNumber(stderr),
    interval: jsonInterval(interval),
    ...rangeOf(totals),
    derived: { ...deriveFrom(mean, stderr, interval), ...meanR2(outputs) },
    slices: spec.slices.flatMap((_, set) => sliceReports(plan, loss, { set, index: i }, partial, ordered)),
    worst,
  };
  if (clustered) report.clusters = clustered.report;
  if (outputs.length > 0) report.outputs = outputs;
  const gradient = gradientReport(totals, spec.classes, spec.gradient === 'summary');
  return gradient ? { ...report, gradient } : report;
}

function rangeOf({ nonzero, min, max }: LossTotals): Pick<LossReport, 'min' | 'max'> {
  return { min: jsonNumber(nonzero === 0 ? Number.NaN : min), max: jsonNumber(nonzero === 0 ? Number.NaN : max) };
}

/** Sum, weight and mean of a loss, and the spread of what the mean averages; `at` is its node of the moments. */
function averageOf(loss: BoundLoss, totals: LossTotals, classes: number, moments: Float64Array, at: number) {
  const sum = totals.sum.round();
  const weight = totals.weight.round();
  const elements = loss.elementwise ? classes : 1;
  const denominator = loss.compat?.denominator ?? 'weight';
  const of = { weight, count: totals.count, nonzero: totals.nonzero, classes: elements };
  const mean = weight === 0 ? Number.NaN : divide(sum, divisorOf(denominator, of));
  return { sum, weight, elements, mean, rows: spreadOf(denominator, of, moments, at) };
}

/** A total weight of 0 leaves no mean at all. */
function meansOf(sum: number, weight: number, { count, nonzero }: LossTotals, elements: number): Means {
  const by = (divisor: number) => jsonNumber(weight === 0 ? Number.NaN : divide(sum, divisor));
  return { weight: by(weight), rows: by(count), elements: by(count * elements), nonzero: by(nonzero) };
}

/** Accuracy only where every target is a single class; of several outputs zero_one alone tells it. */
function derivedOf(loss: BoundLoss, spec: ResolvedSpec, hits: Hits, statistics: Statistics): LossReport['derived'] {
  if (loss.shareOfWrong)
    return { accuracy: derive.share(1 - statistics.mean, statistics.stderr, statistics.confidence) };
  const names = loss.derived.filter((name) => name !== 'accuracy' || (hits.soft === 0 && outputsOf(spec) === 0));
  return Object.fromEntries(names.map((name) => [name, estimateOf(name, hits, statistics)]));
}

interface Statistics {
  mean: number;
  stderr: number;
  interval: [number, number];
  confidence: number;
}

function estimateOf(name: DerivedName, hits: Hits, { mean, stderr, interval, confidence }: Statistics): Estimate {
  if (name !== 'accuracy' && name !== 'r2') return derive[name](mean, stderr, interval);
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

/** An empty mean is NaN, whatever the sum. */
const divide = (sum: number, by: number): number => (by === 0 ? Number.NaN : sum / by);

function jsonParameters(parameters: Parameters): LossReport['parameters'] {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      typeof value === 'number' ? jsonNumber(value) : typeof value === 'boolean' ? value : value.map(jsonNumber),
    ]),
  );
}

function outputWarning(spec: ResolvedSpec): string[] {
  const outputs = outputsOf(spec);
  if (outputs === reportedOutputs(spec)) return [];
  return [`A row has ${outputs} outputs: figures for each are only given for up to ${MOST_OUTPUTS}.`];
}

function warningsFor(name: string, totals: LossTotals, several: boolean): string[] {
  const who = several ? `${name}: ` : '';
  const warnings: string[] = [];
  if (totals.count === 0) warnings.push(`${who}no row counts: the sum is 0 and the mean is not a number.`);
  else if (totals.nonzero === 0 || totals.weight.isZero())
    warnings.push(`${who}the total weight is 0: the sum is 0 and the mean is not a number.`);
  if (totals.undefinedRows > 0) {
    const rows = `${totals.undefinedRows} rows have a loss that is not a number (its limit does not exist)`;
    warnings.push(`${who}${rows}; they are among the worst rows.`);
  } else if (!Number.isFinite(totals.max) && totals.nonzero > 0) {
    warnings.push(`${who}some rows have an infinite loss; they are among the worst rows.`);
  } else if (totals.min === Number.NEGATIVE_INFINITY) {
    warnings.push(`${who}some rows have a loss of -Infinity.`);
  } else if (totals.sum.isFinite() && !Number.isFinite(totals.sum.round())) {
    warnings.push(`${who}every loss is finite, but their sum is beyond the largest float64.`);
  }
  return warnings;
}
