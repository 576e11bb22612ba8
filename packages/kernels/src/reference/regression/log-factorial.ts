import * as C from '../link/constants.js';
import { logAny_f64 } from '../link/log.js';

const FACTORIAL = [
  C.FACTORIAL_0,
  C.FACTORIAL_1,
  C.FACTORIAL_2,
  C.FACTORIAL_3,
  C.FACTORIAL_4,
  C.FACTORIAL_5,
  C.FACTORIAL_6,
  C.FACTORIAL_7,
  C.FACTORIAL_8,
  C.FACTORIAL_9,
  C.FACTORIAL_10,
  C.FACTORIAL_11,
  C.FACTORIAL_12,
  C.FACTORIAL_13,
  C.FACTORIAL_14,
  C.FACTORIAL_15,
  C.FACTORIAL_16,
  C.FACTORIAL_17,
  C.FACTORIAL_18,
  C.FACTORIAL_19,
  C.FACTORIAL_20,
  C.FACTORIAL_21,
  C.FACTORIAL_22,
];
const STIRLING = [C.STIRLING_0, C.STIRLING_1, C.STIRLING_2, C.STIRLING_3, C.STIRLING_4, C.STIRLING_5, C.STIRLING_6];

const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduceRight((value, c) => value * x + c);

/** log(y!), that is log gamma(1 + y), for y >= 0: exactly 0 at 0 and 1. NaN stays NaN. */
export function logFactorial(y: number): number {
  if (!(y < 8)) {
    const x = y + 1;
    const r = 1 / x;
    const series = r * polynomial(STIRLING, r * r);
    return (x - 0.5) * (logAny_f64(x) - 1) + (C.HALF_LOG_TWO_PI - 0.5 + series);
  }
  let product = 1;
  let t = y;
  for (; t >= 1; t -= 1) product *= t;
  return t * (t - 1) * polynomial(FACTORIAL, t - 0.5) + logAny_f64(product);
}
