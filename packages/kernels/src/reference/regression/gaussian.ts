import { HALF_LOG_TWO_PI } from '../link/constants.js';
import { pmax } from '../link/exp.js';
import { logAny_f64 } from '../link/log.js';
import type { Numbers } from './rows.js';

/** out[i] = (log v + (p - y)^2 / v) / 2, plus log(2 pi) / 2 if full; v = max(variance, epsilon). In float64. */
export function gaussian_f64(
  p: Numbers,
  y: Numbers,
  variance: Numbers,
  n: number,
  full: boolean,
  epsilon: number,
  out: Float64Array,
): void {
  for (let i = 0; i < n; i++) {
    const v = pmax(variance[i], epsilon);
    const e = p[i] - y[i];
    const q = e === 0 ? 0 : e * (e / v);
    out[i] = q === Infinity ? q : (logAny_f64(v) + q) * 0.5 + (full ? HALF_LOG_TWO_PI : 0);
  }
}

/** g[i] = (p - y) / v, by the mean. */
export function gaussian_gradient_f64(
  p: Numbers,
  y: Numbers,
  variance: Numbers,
  n: number,
  epsilon: number,
  g: Numbers,
): void {
  for (let i = 0; i < n; i++) {
    const e = p[i] - y[i];
    g[i] = e === 0 ? 0 : e / pmax(variance[i], epsilon);
  }
}

export { gaussian_f64 as gaussian_f32, gaussian_gradient_f64 as gaussian_gradient_f32 };
