import { expScaled_f64 } from './reference/link/exp.js';
import { log_f64 } from './reference/link/log.js';

/** e^x within 2 ulp, with the kernels' own bits: a report must not hang on the engine's Math.exp. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 710) return Number.POSITIVE_INFINITY;
  if (x < -745.2) return 0;
  return x <= 0 ? expScaled_f64(x) * 2 ** -64 : 2 ** 64 / expScaled_f64(-x);
}

/** ln x within 2 ulp, with the kernels' own bits. */
export function log(x: number): number {
  if (x === Number.POSITIVE_INFINITY) return x;
  // log_f64 ends before the exponents do.
  return x > 2 ** 1000 ? log_f64(x * 2 ** -1000) + 1000 * Math.LN2 : log_f64(x);
}
