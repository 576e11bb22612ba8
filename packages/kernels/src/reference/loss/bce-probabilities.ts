import { pmax, pmin } from '../link/exp.js';
import { log_f64, log1p_f64 } from '../link/log.js';

type Numbers = Float32Array | Float64Array;

function loss(p: number, y: number, posWeight: number, labelSmoothing: number, clip: number): number {
  if (Number.isNaN(p)) return p;
  const keep = 1 - labelSmoothing;
  const half = labelSmoothing * 0.5;
  const negative = (1 - y) * keep + half;
  const positive = (y * keep + half) * posWeight;
  const q = pmin(pmax(p, clip), 1 - clip);
  const down = positive === 0 ? 0 : positive * log_f64(q);
  return 0 - down - (negative === 0 ? 0 : negative * log1p_f64(0 - q));
}

function gradient(p: number, y: number, posWeight: number, labelSmoothing: number, clip: number): number {
  if (p < clip || p > 1 - clip) return 0;
  const keep = 1 - labelSmoothing;
  const half = labelSmoothing * 0.5;
  const negative = (1 - y) * keep + half;
  const positive = (y * keep + half) * posWeight;
  if (Number.isNaN(p)) return p;
  if (positive === 0) return negative === 0 ? 0 : negative / (1 - p);
  if (negative === 0) return (0 - positive) / p;
  return (p * (negative + positive) - positive) / (p * (1 - p));
}

/** out[i] = -c y' log(p) - (1 - y') log1p(-p), y' = y (1 - s) + s / 2, p held to [clip, 1 - clip]; 0 times anything is 0. */
export function bce_probabilities_f64(
  p: Numbers,
  y: Numbers,
  n: number,
  posWeight: number,
  labelSmoothing: number,
  clip: number,
  out: Float64Array,
): void {
  for (let i = 0; i < n; i++) out[i] = loss(p[i], y[i], posWeight, labelSmoothing, clip);
}

/** g[i] = ((1 - y') p - c y' (1 - p)) / (p (1 - p)), its limits at 0 and 1, 0 where `clip` holds the loss constant. */
export function bce_probabilities_gradient_f64(
  p: Numbers,
  y: Numbers,
  n: number,
  posWeight: number,
  labelSmoothing: number,
  clip: number,
  g: Numbers,
): void {
  for (let i = 0; i < n; i++) g[i] = gradient(p[i], y[i], posWeight, labelSmoothing, clip);
}

/** Float32 probabilities are computed in float64 and, for the gradient, rounded once. */
export {
  bce_probabilities_f64 as bce_probabilities_f32,
  bce_probabilities_gradient_f64 as bce_probabilities_gradient_f32,
};
