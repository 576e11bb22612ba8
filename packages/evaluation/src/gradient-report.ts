import { type Dyadic, dyadic, type ExactSum } from '@lossmill/exact-sum';
import type { GradientTotals } from './gradient-totals.js';
import type { LossTotals } from './partial.js';
import { type GradientReport, type GradientSummary, jsonNumber } from './report.js';

const { add, multiply, of, quotient, squareRoot, subtract } = dyadic;

/**
 * Norms of the gradient and, where the spec wants a summary, the mean gradient and the noise scale.
 * @param predictions numbers that a row predicts
 */
export function gradientReport(loss: LossTotals, predictions: number, summary: boolean): GradientReport | undefined {
  const { gradient } = loss;
  if (!gradient) return undefined;
  const elements = loss.count * predictions;
  const total = gradient.columns[0].clone();
  for (const column of gradient.columns.slice(1)) total.merge(column);
  return {
    l2: jsonNumber(rootOf(gradient.squares)),
    linf: jsonNumber(gradient.greatest),
    mean: jsonNumber(ratio(total, of(elements))),
    ...(summary ? summaryOf(loss, gradient) : {}),
  };
}

function rootOf(sum: ExactSum): number {
  return sum.isFinite() ? squareRoot(sum.toRational()) : Math.sqrt(sum.round());
}

/** An exact sum over a number, rounded once; NaN where the number is 0. */
function ratio(sum: ExactSum, by: Dyadic): number {
  if (by.numerator === 0n) return Number.NaN;
  return sum.isFinite() ? quotient(sum.toRational(), by) : sum.round();
}

function summaryOf(loss: LossTotals, gradient: GradientTotals): GradientSummary {
  const { columns } = gradient;
  const weight = loss.weight.isFinite() ? loss.weight.toRational() : null;
  const means = columns.map((sum) => jsonNumber(weight ? ratio(sum, weight) : Number.NaN));
  const noise = noiseOf(loss, gradient);
  return {
    meanGradient: means.length === 1 ? means[0] : means,
    covarianceTrace: jsonNumber(noise.trace),
    squaredNorm: jsonNumber(noise.squaredNorm),
    noiseScale: jsonNumber(noise.scale),
  };
}

const UNKNOWN = { trace: Number.NaN, squaredNorm: Number.NaN, scale: Number.NaN };

/**
 * The simple noise scale of McCandlish et al. 2018 (arXiv:1812.06162, section 2.2), tr(S) / |G|^2, both unbiased, of the rows' gradients by
 * their predictions; with B the sum of v |u|^2, A that of v u, W that of v and V that of v^2, u = g / v:
 *
 *     tr(S) = (B - |A|^2 / W) / (W - V / W),   |G|^2 = |A|^2 / W^2 - tr(S) V / W^2
 *
 * All are exact numbers until the last division, so nothing is lost where B and |A|^2 / W nearly agree.
 */
function noiseOf(loss: LossTotals, { squares, columns, noise }: GradientTotals): typeof UNKNOWN {
  const sums = noise ? [noise.squares, noise.weights, noise.squaredWeights] : [squares];
  if (![...sums, ...columns].every((sum) => sum.isFinite())) return UNKNOWN;
  const [B, W, V] = noise
    ? sums.map((sum) => sum.toRational())
    : [squares.toRational(), of(loss.nonzero), of(loss.nonzero)];
  const A2 = columns.map((sum) => sum.toRational()).reduce((total, a) => add(total, multiply(a, a)), of(0));
  // Rounded squares over rounded weights may leave a difference just below 0.
  const spread = atLeast0(subtract(multiply(B, W), A2));
  const freedom = subtract(multiply(W, W), V);
  if (freedom.numerator <= 0n) return UNKNOWN;
  const signal = subtract(multiply(A2, W), multiply(B, V));
  return {
    trace: quotient(spread, freedom),
    squaredNorm: quotient(signal, multiply(W, freedom)),
    // No gradient left that the noise does not explain: no batch is large enough.
    scale:
      signal.numerator > 0n ? quotient(multiply(spread, W), signal) : spread.numerator > 0n ? Infinity : Number.NaN,
  };
}

const atLeast0 = (x: Dyadic): Dyadic => (x.numerator < 0n ? of(0) : x);
