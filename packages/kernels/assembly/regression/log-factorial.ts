import * as C from '../../src/reference/link/constants';
import { logAny_f64 } from '../link/log';

const FACTORIAL = memory.data<f64>([
  C.FACTORIAL_0, C.FACTORIAL_1, C.FACTORIAL_2, C.FACTORIAL_3, C.FACTORIAL_4, C.FACTORIAL_5, C.FACTORIAL_6, C.FACTORIAL_7,
  C.FACTORIAL_8, C.FACTORIAL_9, C.FACTORIAL_10, C.FACTORIAL_11, C.FACTORIAL_12, C.FACTORIAL_13, C.FACTORIAL_14, C.FACTORIAL_15,
  C.FACTORIAL_16, C.FACTORIAL_17, C.FACTORIAL_18, C.FACTORIAL_19, C.FACTORIAL_20, C.FACTORIAL_21, C.FACTORIAL_22,
]);
const LAST_FACTORIAL: usize = 22 * 8;

const STIRLING = memory.data<f64>([
  C.STIRLING_0, C.STIRLING_1, C.STIRLING_2, C.STIRLING_3, C.STIRLING_4, C.STIRLING_5, C.STIRLING_6,
]);
const LAST_STIRLING: usize = 6 * 8;

/** P(x), its coefficients from `table` up to `last` bytes further on. */
function polynomial(table: usize, last: usize, x: f64): f64 {
  let value = load<f64>(table + last);
  for (let at = last; at > 0; ) {
    at -= 8;
    value = value * x + load<f64>(table + at);
  }
  return value;
}

/** log(y!), that is log gamma(1 + y), for y >= 0: exactly 0 at 0 and 1. NaN stays NaN. */
export function logFactorial(y: f64): f64 {
  if (!(y < 8.0)) {
    const x = y + 1.0;
    const r = 1.0 / x;
    const series = r * polynomial(STIRLING, LAST_STIRLING, r * r);
    return (x - 0.5) * (logAny_f64(x) - 1.0) + (C.HALF_LOG_TWO_PI - 0.5 + series);
  }
  let product: f64 = 1.0;
  let t = y;
  for (; t >= 1.0; t -= 1.0) product *= t;
  return t * (t - 1.0) * polynomial(FACTORIAL, LAST_FACTORIAL, t - 0.5) + logAny_f64(product);
}

/** out[i] += log(y[i]!). */
// @ts-ignore: decorator
@inline
export function addLogFactorials<T>(y: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const at = out + (i << 3);
    store<f64>(at, load<f64>(at) + logFactorial(<f64>load<T>(y + i * sizeof<T>())));
  }
}
