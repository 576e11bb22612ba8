import { log_f64 } from '../link/log.js';
import { Mass } from './mass.js';
import type { Numbers } from './scan-f64.js';

function part(a: number, p: number, clip: number): number {
  if (a === 0) return 0;
  const held = p < clip ? clip : p > 1 - clip ? 1 - clip : p;
  return 0 - a * log_f64(held);
}

function slope(a: number, p: number, clip: number): number {
  return a === 0 || p < clip || p > 1 - clip ? 0 : -a / p;
}

/** out[i] = -w_y log(p_y), p held to [clip, 1 - clip]; 0 where target[i] is -1 or w_y is 0. */
export function cross_entropy_probabilities_f64(
  p: Numbers,
  target: Int32Array,
  classWeight: Float64Array | null,
  rows: number,
  C: number,
  clip: number,
  out: Float64Array,
): void {
  for (let i = 0; i < rows; i++) {
    const y = target[i];
    out[i] = y < 0 ? 0 : part(classWeight?.[y] ?? 1, p[i * C + y], clip);
  }
}

/** g = -w_y / p_y for k = y, else 0; 0 where `clip` holds the loss constant. */
export function cross_entropy_probabilities_gradient_f64(
  p: Numbers,
  target: Int32Array,
  classWeight: Float64Array | null,
  rows: number,
  C: number,
  clip: number,
  g: Numbers,
): void {
  g.fill(0, 0, rows * C);
  for (let i = 0; i < rows; i++) {
    const y = target[i];
    if (y >= 0) g[i * C + y] = slope(classWeight?.[y] ?? 1, p[i * C + y], clip);
  }
}

/** As cross_entropy_soft_probabilities, q = 1 on the class target[i]; 0 where target[i] is -1. */
export function cross_entropy_smooth_probabilities_f64(
  p: Numbers,
  target: Int32Array,
  classWeight: Float64Array | null,
  rows: number,
  C: number,
  labelSmoothing: number,
  clip: number,
  out: Float64Array,
): void {
  const mass = new Mass(target, classWeight, C, labelSmoothing);
  for (let i = 0; i < rows; i++) {
    let loss = 0;
    for (let k = 0; target[i] >= 0 && k < C; k++) loss += part(mass.of(i, k), p[i * C + k], clip);
    out[i] = loss;
  }
}

/** g = -a_k / p_k; 0 where `clip` holds the loss constant or target[i] is -1. */
export function cross_entropy_smooth_probabilities_gradient_f64(
  p: Numbers,
  target: Int32Array,
  classWeight: Float64Array | null,
  rows: number,
  C: number,
  labelSmoothing: number,
  clip: number,
  g: Numbers,
): void {
  const mass = new Mass(target, classWeight, C, labelSmoothing);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < C; k++) g[i * C + k] = target[i] < 0 ? 0 : slope(mass.of(i, k), p[i * C + k], clip);
  }
}

/** out[i] = sum of -a_k log(p_k), a_k as in `Mass`; a class without mass adds nothing. */
export function cross_entropy_soft_probabilities_f64(
  p: Numbers,
  q: Numbers,
  classWeight: Float64Array | null,
  rows: number,
  C: number,
  labelSmoothing: number,
  clip: number,
  out: Float64Array,
): void {
  const mass = new Mass(q, classWeight, C, labelSmoothing);
  for (let i = 0; i < rows; i++) {
    let loss = 0;
    for (let k = 0; k < C; k++) loss += part(mass.of(i, k), p[i * C + k], clip);
    out[i] = loss;
  }
}

/** g = -a_k / p_k; 0 where `clip` holds the loss constant. */
export function cross_entropy_soft_probabilities_gradient_f64(
  p: Numbers,
  q: Numbers,
  classWeight: Float64Array | null,
  rows: number,
  C: number,
  labelSmoothing: number,
  clip: number,
  g: Numbers,
): void {
  const mass = new Mass(q, classWeight, C, labelSmoothing);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < C; k++) g[i * C + k] = slope(mass.of(i, k), p[i * C + k], clip);
  }
}

/** Float32 probabilities are computed in float64 and, for the gradient, rounded once. */
export {
  cross_entropy_probabilities_f64 as cross_entropy_probabilities_f32,
  cross_entropy_probabilities_gradient_f64 as cross_entropy_probabilities_gradient_f32,
  cross_entropy_smooth_probabilities_f64 as cross_entropy_smooth_probabilities_f32,
  cross_entropy_smooth_probabilities_gradient_f64 as cross_entropy_smooth_probabilities_gradient_f32,
  cross_entropy_soft_probabilities_f64 as cross_entropy_soft_probabilities_f32,
  cross_entropy_soft_probabilities_gradient_f64 as cross_entropy_soft_probabilities_gradient_f32,
};
