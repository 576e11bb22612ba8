import { EXP_UNSCALE_F64 } from '../link/constants.js';
import { expScaled_f64 } from '../link/exp.js';
import type { Numbers } from './scan-f64.js';

/** out[i] = (p - y)^2. Float32 columns are computed in float64 too, here and below. */
export function brier_probabilities_f64(p: Numbers, y: Numbers, n: number, out: Float64Array): void {
  for (let i = 0; i < n; i++) out[i] = (p[i] - y[i]) * (p[i] - y[i]);
}

/** g[i] = 2 (p - y) */
export function brier_probabilities_gradient_f64(p: Numbers, y: Numbers, n: number, g: Numbers): void {
  for (let i = 0; i < n; i++) g[i] = p[i] - y[i] + (p[i] - y[i]);
}

/** Probabilities of the wrong and of the right answer. */
function shares(z: number, positive: boolean): [wrong: number, right: number] {
  const u = positive ? z : -z;
  const e = expScaled_f64(-Math.abs(u)) * EXP_UNSCALE_F64;
  return u < 0 ? [1 / (1 + e), e / (1 + e)] : [e / (1 + e), 1 / (1 + e)];
}

/** out[i] = q^2, q the probability of the wrong answer. */
export function brier_logits_f64(z: Numbers, y: Numbers, n: number, out: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const [wrong] = shares(z[i], y[i] > 0);
    out[i] = wrong * wrong;
  }
}

/** g[i] = -2 s q^2 (1 - q) */
export function brier_logits_gradient_f64(z: Numbers, y: Numbers, n: number, g: Numbers): void {
  for (let i = 0; i < n; i++) {
    const [wrong, right] = shares(z[i], y[i] > 0);
    const size = wrong * wrong * right;
    g[i] = 0 - (y[i] > 0 ? size + size : -(size + size));
  }
}

export {
  brier_logits_f64 as brier_logits_f32,
  brier_logits_gradient_f64 as brier_logits_gradient_f32,
  brier_probabilities_f64 as brier_probabilities_f32,
  brier_probabilities_gradient_f64 as brier_probabilities_gradient_f32,
};
