import { exp, log } from '../../elementary.js';
import { log1p_f64 } from '../link/log.js';

// d2(loss)/d(prediction)^2 of one row with one score, logit or probability, in float64.

/** s(z) s(-z) = t / (1 + t)^2, s the logistic function, t = e^-|z|. */
export function logistic(z: number): number {
  const t = exp(-Math.abs(z));
  return t / (1 + t) ** 2;
}

/** What a target puts on 1 and on 0: c y' and 1 - y', y' = y (1 - s) + s / 2. */
function masses(y: number, weight: number, smoothing: number): [positive: number, negative: number] {
  const half = smoothing / 2;
  return [(y * (1 - smoothing) + half) * weight, (1 - y) * (1 - smoothing) + half];
}

/** Of bce by the logit: (c y' + 1 - y') s(z) s(-z). */
export function bceLogits(z: number, y: number, weight: number, smoothing: number): number {
  const [positive, negative] = masses(y, weight, smoothing);
  return (positive + negative) * logistic(z);
}

/** Of bce by the probability: c y' / p^2 + (1 - y') / (1 - p)^2; 0 outside [clip, 1 - clip]. */
export function bceProbabilities(p: number, y: number, weight: number, smoothing: number, clip: number): number {
  if (p < clip || p > 1 - clip) return 0;
  const [positive, negative] = masses(y, weight, smoothing);
  return (positive === 0 ? 0 : positive / p ** 2) + (negative === 0 ? 0 : negative / (1 - p) ** 2);
}

/** q^a for 0 <= q <= 1. */
const power = (q: number, a: number): number =>
  a === 0 ? 1 : a === 1 ? q : q === 0 ? (a > 0 ? 0 : Infinity) : exp(a * log(q));

/** Of focal by the logit, u = s z: a p q^gamma ((2 gamma + 1) q - gamma ce (q - gamma p)), p of the right answer, q = 1 - p. */
export function focalLogits(u: number, gamma: number, a: number): number {
  const t = exp(-Math.abs(u));
  const [p, q] = u > 0 ? [1 / (1 + t), t / (1 + t)] : [t / (1 + t), 1 / (1 + t)];
  const ce = Math.max(-u, 0) + log1p_f64(t);
  // Where p vanishes faster than ce grows.
  if (a === 0 || p === 0) return 0;
  return a * p * power(q, gamma) * ((2 * gamma + 1) * q - gamma * ce * (q - gamma * p));
}

/** Of focal by the probability p of the right answer: a (gamma (gamma - 1) q^(gamma - 1) ce / q + 2 gamma q^(gamma - 1) / p + q^gamma / p^2). */
export function focalProbabilities(p: number, gamma: number, a: number): number {
  if (a === 0) return 0;
  const q = 1 - p;
  if (gamma === 0) return a / p ** 2;
  const before = power(q, gamma - 1);
  const share = q === 0 ? 1 : -log(p) / q;
  const steep = gamma === 1 ? 0 : gamma * (gamma - 1) * before * share;
  return a * (steep + (2 * gamma * before) / p + power(q, gamma) / p ** 2);
}

/** Of squared_hinge, u = s z. */
export const squaredHinge = (u: number): number => (u < 1 ? 2 : 0);

/** Of exponential, u = s z. */
export const exponential = (u: number): number => exp(-u);

/** Of brier by the logit, u = s z: 2 q^2 p (2 - 3 q), q = s(-u), p = s(u). */
export function brierLogits(u: number): number {
  const t = exp(-Math.abs(u));
  const [p, q] = u > 0 ? [1 / (1 + t), t / (1 + t)] : [t / (1 + t), 1 / (1 + t)];
  return 2 * q * q * p * (2 - 3 * q);
}
