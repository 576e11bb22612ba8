import { EXP_UNSCALE_F64 } from '../link/constants.js';
import { expScaled_f64 } from '../link/exp.js';
import { type Numbers, type Row, scan_f64 } from './scan-f64.js';

/** Class indices (-1: leave the row out) or probabilities. */
type Target = Int32Array | Numbers;

/** t_k: 1 on the class, or the target's probability. */
function wanted(target: Target, i: number, k: number, C: number): number {
  if (!(target instanceof Int32Array)) return target[i * C + k];
  return k === target[i] ? 1 : 0;
}

const leftOut = (target: Target, i: number): boolean => target instanceof Int32Array && target[i] < 0;

/** The sum of even and of odd classes. */
function sum(C: number, term: (k: number) => number): number {
  const lanes = [0, 0];
  for (let k = 0; k < C; k++) lanes[k & 1] += term(k);
  return lanes[0] + lanes[1];
}

/** out[i] = sum of (p_k - t_k)^2. Float32 columns are computed in float64 too, here and below. */
export function brier_classes_probabilities_f64(
  p: Numbers,
  target: Target,
  rows: number,
  C: number,
  out: Float64Array,
): void {
  for (let i = 0; i < rows; i++) {
    const error = (k: number) => p[i * C + k] - wanted(target, i, k, C);
    out[i] = leftOut(target, i) ? 0 : sum(C, (k) => error(k) * error(k));
  }
}

/** g = 2 (p_k - t_k) */
export function brier_classes_probabilities_gradient_f64(
  p: Numbers,
  target: Target,
  rows: number,
  C: number,
  g: Numbers,
): void {
  g.fill(0, 0, rows * C);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < C && !leftOut(target, i); k++) g[i * C + k] = 2 * (p[i * C + k] - wanted(target, i, k, C));
  }
}

/** Softmax of one logit of a finite row. */
const share = (row: Row, z: number): number => expScaled_f64(z - row.max) * (EXP_UNSCALE_F64 / (1 + row.rest));

/** Of a class: R = sum of p_k and S = sum of p_k^2 over k != y. Of probabilities: the loss and D = sum of (p_k - q_k) p_k. */
function gather(z: Numbers, row: Row, target: Target, i: number, C: number): [number, number] {
  const p = (k: number) => share(row, z[i * C + k]);
  if (target instanceof Int32Array) {
    const other = (k: number) => (k === target[i] ? 0 : p(k));
    return [sum(C, other), sum(C, (k) => other(k) * other(k))];
  }
  const error = (k: number) => p(k) - target[i * C + k];
  return [sum(C, (k) => error(k) * error(k)), sum(C, (k) => error(k) * p(k))];
}

function lossOfLogits(z: Numbers, target: Target, i: number, C: number): number {
  const row = scan_f64(z, i * C, C);
  if (row.state === 'undefined') return Number.NaN;
  if (row.state === 'infinite') {
    let loss = 0;
    for (let k = 0; k < C; k++) {
      const error = (z[i * C + k] === row.max ? 1 : 0) - wanted(target, i, k, C);
      loss += error * error;
    }
    return loss;
  }
  const [first, second] = gather(z, row, target, i, C);
  return target instanceof Int32Array ? second + first * first : first;
}

/** out[i] = sum of (softmax_k - t_k)^2; of a class S + R^2. */
export function brier_classes_logits_f64(z: Numbers, target: Target, rows: number, C: number, out: Float64Array): void {
  for (let i = 0; i < rows; i++) out[i] = leftOut(target, i) ? 0 : lossOfLogits(z, target, i, C);
}

/** g = 2 p_k ((p_k - t_k) - D); of a class -2 p_y (R^2 + S) for y. */
export function brier_classes_logits_gradient_f64(
  z: Numbers,
  target: Target,
  rows: number,
  C: number,
  g: Numbers,
): void {
  g.fill(0, 0, rows * C);
  for (let i = 0; i < rows; i++) {
    if (leftOut(target, i)) continue;
    const row = scan_f64(z, i * C, C);
    if (row.state !== 'finite') {
      g.fill(row.state === 'infinite' ? 0 : Number.NaN, i * C, (i + 1) * C);
      continue;
    }
    const [first, second] = gather(z, row, target, i, C);
    const y = target instanceof Int32Array ? target[i] : undefined;
    const own = y === undefined ? 0 : share(row, z[i * C + y]);
    const shift = y === undefined ? 0 - second : first * own - second;
    for (let k = 0; k < C; k++) {
      const p = share(row, z[i * C + k]);
      g[i * C + k] = (p + p) * ((y === undefined ? p - target[i * C + k] : p) + shift);
    }
    if (y !== undefined) g[i * C + y] = -2 * own * (first * first + second);
  }
}

/** The types of the arrays decide the precision and the kind of target. */
export {
  brier_classes_logits_f64 as brier_classes_logits_f32,
  brier_classes_logits_f64 as brier_soft_logits_f32,
  brier_classes_logits_f64 as brier_soft_logits_f64,
  brier_classes_logits_gradient_f64 as brier_classes_logits_gradient_f32,
  brier_classes_logits_gradient_f64 as brier_soft_logits_gradient_f32,
  brier_classes_logits_gradient_f64 as brier_soft_logits_gradient_f64,
  brier_classes_probabilities_f64 as brier_classes_probabilities_f32,
  brier_classes_probabilities_f64 as brier_soft_probabilities_f32,
  brier_classes_probabilities_f64 as brier_soft_probabilities_f64,
  brier_classes_probabilities_gradient_f64 as brier_classes_probabilities_gradient_f32,
  brier_classes_probabilities_gradient_f64 as brier_soft_probabilities_gradient_f32,
  brier_classes_probabilities_gradient_f64 as brier_soft_probabilities_gradient_f64,
};
