import { exp_f64 } from '../link/exp.js';

/** y times a factor that may be infinite where y is 0. */
export function times(y: number, factor: number): number {
  return y === 0 ? 0 : y * factor;
}

/** e^(c z) / c - y e^(d z) / d, c = 2 - power, d = 1 - power, power neither 0, 1 nor 2. */
export function tweedie(z: number, y: number, c: number, d: number): number {
  const fall = exp_f64(d * z);
  const value = exp_f64(c * z) / c - times(y, fall / d);
  // Both terms overflow: their common factor does, and the rest has the sign.
  return Number.isNaN(value) ? fall * (exp_f64(z) / c - y / d) : value;
}
