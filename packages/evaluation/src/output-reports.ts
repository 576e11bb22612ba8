import type { BoundLoss } from '@lossmill/losses';
import { NODE } from '@lossmill/statistics';
import { divisorOf, spreadOf } from './compat.js';
import { derive, intervalOf, jsonInterval } from './estimate.js';
import { reportedOutputs } from './multi-output.js';
import type { Ordered } from './ordered.js';
import type { Partial } from './partial.js';
import type { Plan } from './plan.js';
import { type Estimate, jsonNumber, type OutputReport } from './report.js';
import type { ResolvedSpec } from './resolve.js';

/** Place of M, the sum of w (x - mean)^2, in a moments node. */
const SQUARES = 4;

/** What a mean gives besides itself. */
export type Derive = (mean: number, stderr: number, interval: [number, number]) => OutputReport['derived'];

/** Each of several outputs of the rows of one loss; none where a row has one, or more than are reported. */
export function outputReports(
  plan: Plan,
  { loss, index }: { loss: BoundLoss; index: number },
  partial: Partial,
  ordered: Ordered | undefined,
  deriveFrom: Derive,
): OutputReport[] {
  const { spec } = plan;
  const { count, nonzero, weight: weights, outputs } = partial.losses[index];
  const weight = weights.round();
  const denominator = loss.compat?.denominator ?? 'weight';
  const of = { weight, count, nonzero, classes: 1 };
  return outputs.map((total, k) => {
    const sum = total.round();
    const mean = weight === 0 ? Number.NaN : sum / divisorOf(denominator, of);
    const at = ordered ? (index * outputs.length + k) * NODE : 0;
    const rows = spreadOf(denominator, of, ordered?.elements ?? EMPTY, at);
    // Which rows belong together is only kept for the loss as a whole: errors that took them apart would be too small.
    const stderr = spec.clusters === 'column' ? Number.NaN : rows.stderr;
    const interval = intervalOf(mean, stderr, spec.confidence);
    return {
      index: k,
      name: outputName(spec, k),
      count,
      weight: jsonNumber(weight),
      sum: jsonNumber(sum),
      mean: jsonNumber(mean),
      std: jsonNumber(rows.std),
      stderr: jsonNumber(stderr),
      interval: jsonInterval(interval),
      derived: { ...deriveFrom(mean, stderr, interval), ...r2Of(spec, index, k, sum, ordered) },
    };
  });
}

const EMPTY = new Float64Array(NODE);

const outputName = ({ columns: { target } }: ResolvedSpec, k: number): string =>
  target.length > 1 ? target[k] : `${target[0]}[${k}]`;

/** 1 - sum w (p - y)^2 / sum w (y - mean of y)^2. */
function r2Of(
  spec: ResolvedSpec,
  loss: number,
  k: number,
  sum: number,
  ordered: Ordered | undefined,
): { r2?: Estimate } {
  if (spec.losses[loss].name !== 'mse') return {};
  const at = (spec.losses.length * reportedOutputs(spec) + k) * NODE;
  return { r2: derive.known(1 - sum / (ordered?.elements[at + SQUARES] ?? Number.NaN)) };
}

/** The plain mean of the outputs' r2: scikit-learn's `uniform_average`. */
export function meanR2(outputs: readonly OutputReport[]): { r2?: Estimate } {
  const values = outputs.flatMap(({ derived }) => derived.r2 ?? []).map(({ value }) => Number(value));
  if (values.length === 0) return {};
  return { r2: derive.known(values.reduce((sum, value) => sum + value, 0) / values.length) };
}
