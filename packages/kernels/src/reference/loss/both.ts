// Value and gradient in one: by definition the bits of the two kernels that give them one by one.
import { bce_logits_f32, bce_logits_f64, bce_logits_gradient_f32, bce_logits_gradient_f64 } from './bce-logits.js';
import { cross_entropy_logits_f32, cross_entropy_logits_f64 } from './cross-entropy.js';
import { cross_entropy_logits_gradient_f64 } from './cross-entropy-gradient.js';

export function bce_logits_both_f32(
  z: Float32Array,
  y: Float32Array,
  n: number,
  posWeight: number,
  labelSmoothing: number,
  out: Float64Array,
  g: Float32Array,
): void {
  bce_logits_f32(z, y, n, posWeight, labelSmoothing, out);
  bce_logits_gradient_f32(z, y, n, posWeight, labelSmoothing, g);
}

export function bce_logits_both_f64(
  z: Float64Array,
  y: Float64Array,
  n: number,
  posWeight: number,
  labelSmoothing: number,
  out: Float64Array,
  g: Float64Array,
): void {
  bce_logits_f64(z, y, n, posWeight, labelSmoothing, out);
  bce_logits_gradient_f64(z, y, n, posWeight, labelSmoothing, g);
}

export function cross_entropy_logits_both_f32(
  z: Float32Array,
  target: Int32Array,
  rows: number,
  C: number,
  out: Float64Array,
  g: Float32Array,
): void {
  cross_entropy_logits_f32(z, target, rows, C, out);
  cross_entropy_logits_gradient_f64(z, target, rows, C, g);
}

export function cross_entropy_logits_both_f64(
  z: Float64Array,
  target: Int32Array,
  rows: number,
  C: number,
  out: Float64Array,
  g: Float64Array,
): void {
  cross_entropy_logits_f64(z, target, rows, C, out);
  cross_entropy_logits_gradient_f64(z, target, rows, C, g);
}
