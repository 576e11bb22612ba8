import { exp_f32, exp_f64, pmax } from '../link/exp.js';
import { bce_logits_f32, bce_logits_f64, bce_logits_gradient_f32, bce_logits_gradient_f64 } from './bce-logits.js';
import type { Numbers } from './scan-f64.js';

/** out[i] = max(0, 1 - s z), s the target's sign: +1 above 0, else -1. Float32 columns are computed in float64 too, here and below. */
export function hinge_f64(z: Numbers, y: Numbers, n: number, out: Float64Array): void {
  for (let i = 0; i < n; i++) out[i] = pmax(1 - (y[i] > 0 ? z[i] : -z[i]), 0);
}

/** g[i] = -s where s z < 1, else 0. */
export function hinge_gradient_f64(z: Numbers, y: Numbers, n: number, g: Numbers): void {
  for (let i = 0; i < n; i++) {
    const active = 1 - (y[i] > 0 ? z[i] : -z[i]) > 0;
    g[i] = active ? (y[i] > 0 ? -1 : 1) : 0;
  }
}

/** out[i] = max(0, 1 - s z)^2 */
export function squared_hinge_f64(z: Numbers, y: Numbers, n: number, out: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const short = pmax(1 - (y[i] > 0 ? z[i] : -z[i]), 0);
    out[i] = short * short;
  }
}

/** g[i] = -2 s max(0, 1 - s z) */
export function squared_hinge_gradient_f64(z: Numbers, y: Numbers, n: number, g: Numbers): void {
  for (let i = 0; i < n; i++) {
    const short = pmax(1 - (y[i] > 0 ? z[i] : -z[i]), 0);
    g[i] = 0 - (y[i] > 0 ? short + short : -(short + short));
  }
}

/** out[i] = e^(-s z) */
export function exponential_f64(z: Numbers, y: Numbers, n: number, out: Float64Array): void {
  for (let i = 0; i < n; i++) out[i] = exp_f64(y[i] > 0 ? -z[i] : z[i]);
}

/** g[i] = -s e^(-s z) */
export function exponential_gradient_f64(z: Numbers, y: Numbers, n: number, g: Numbers): void {
  for (let i = 0; i < n; i++) g[i] = y[i] > 0 ? -exp_f64(-z[i]) : exp_f64(z[i]);
}

/** float32 steps where float32 has room. */
const power_f32 = (v: number): number => (Math.abs(v) < 80 ? exp_f32(v) : exp_f64(v));

/** As `exponential_f64` for float32 scores; float32 steps below |z| = 80. */
export function exponential_f32(z: Float32Array, y: Float32Array, n: number, out: Float64Array): void {
  for (let i = 0; i < n; i++) out[i] = power_f32(y[i] > 0 ? -z[i] : z[i]);
}

/** As `exponential_gradient_f64` for float32 scores. */
export function exponential_gradient_f32(z: Float32Array, y: Float32Array, n: number, g: Float32Array): void {
  for (let i = 0; i < n; i++) g[i] = y[i] > 0 ? -power_f32(-z[i]) : power_f32(z[i]);
}

const label = (y: number): number => (y < 0 ? 0 : y);

/** out[i] = log(1 + e^(-s z)): binary cross-entropy of a logit. */
export function soft_margin_f64(z: Float64Array, y: Float64Array, n: number, out: Float64Array): void {
  bce_logits_f64(z, y.map(label), n, 1, 0, out);
}

/** As `soft_margin_f64` for float32 logits; float32 steps below |z| = 64. */
export function soft_margin_f32(z: Float32Array, y: Float32Array, n: number, out: Float64Array): void {
  bce_logits_f32(z, y.map(label), n, 1, 0, out);
}

/** g[i] = -s / (1 + e^(s z)) */
export function soft_margin_gradient_f64(z: Float64Array, y: Float64Array, n: number, g: Float64Array): void {
  bce_logits_gradient_f64(z, y.map(label), n, 1, 0, g);
}

/** As `soft_margin_gradient_f64`, in float32. */
export function soft_margin_gradient_f32(z: Float32Array, y: Float32Array, n: number, g: Float32Array): void {
  bce_logits_gradient_f32(z, y.map(label), n, 1, 0, g);
}

export {
  hinge_f64 as hinge_f32,
  hinge_gradient_f64 as hinge_gradient_f32,
  squared_hinge_f64 as squared_hinge_f32,
  squared_hinge_gradient_f64 as squared_hinge_gradient_f32,
};
