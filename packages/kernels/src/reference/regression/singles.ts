import * as C from '../link/constants.js';
import { exp_f32, pmin } from '../link/exp.js';
import { log1pUnit_f32 } from '../link/log.js';

// Losses of float32 rows in float32 steps, for rows where no step can leave float32's range.

const f = Math.fround;
const [S1, S2, S3] = [C.SINH_1, C.SINH_2, C.SINH_3].map(f);
const LN2_LOW = f(C.LN2_LOW_F32);

/** a = 0, or 2^-40 <= a < 2^40. */
export function isSingle(a: number): boolean {
  return a === 0 || (a >= 2 ** -40 && a < 2 ** 40);
}

/** Can a loss by z = log mean take float32 steps? */
export function isSingleMean(z: number, y: number): boolean {
  return Math.abs(z) < 32 && isSingle(y);
}

export function logCoshSingle(a: number): number {
  if (a < 1) {
    const x = f(a * a);
    const s = f(f(f(f(S3 * x) + S2) * x) + S1);
    const twice = f(a + f(a * f(s * x)));
    return log1pUnit_f32(f(f(twice * twice) * 0.5));
  }
  const l = log1pUnit_f32(exp_f32(-pmin(f(a + a), 80)));
  return f(f(a - C.LN2_HIGH_F32) + f(l - LN2_LOW));
}

/** delta from 2^-20 to 2^20. */
export function pseudoHuberSingle(a: number, delta: number): number {
  const r = f(a / f(delta));
  const root = f(Math.sqrt(f(1 + f(r * r))));
  return f(a * f(a / f(1 + root)));
}

/** e^x for |x| <= 80, above 0 by its reciprocal. */
function exp(x: number): number {
  const tail = exp_f32(-Math.abs(x));
  return x > 0 ? f(1 / tail) : tail;
}

/** e^z - y z. */
export function poissonSingle(z: number, y: number): number {
  return f(exp(z) - f(y * z));
}

/** z + y e^-z. */
export function gammaSingle(z: number, y: number): number {
  return f(z + f(y * exp(-z)));
}
