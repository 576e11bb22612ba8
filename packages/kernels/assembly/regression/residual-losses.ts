// Losses of the error e = p - y alone, in float64. `c` and `d` are the loss's parameter and what follows from it.
import { MAGNITUDE_F64 } from '../inline/constants';
import { expScaled_f64x2 } from '../link/exp';
import { log1pUnit_f64x2 } from '../link/log';
import { c64, EXP_UNSCALE, LN2_HIGH, LN2_LOW, ONE, SIGN_F64 } from '../link/table';
import * as C from '../../src/reference/link/constants';

/** c = beta, d = beta / 2. */
export const SMOOTH_L1: i32 = 0;
/** c = delta. */
export const PSEUDO_HUBER: i32 = 1;
export const LOG_COSH: i32 = 2;
/** c = q, d = 1 - q. */
export const QUANTILE: i32 = 3;
/** c = tau, d = 1 - tau. */
export const EXPECTILE: i32 = 4;

const SINH = memory.data<f64>([C.SINH_1, C.SINH_2, C.SINH_3, C.SINH_4, C.SINH_5, C.SINH_6]);

/** |e| / delta beyond which sqrt(1 + r^2) is r. */
const STEEP: f64 = 1073741824.0;

/** 2 sinh(a / 2) for 0 <= a <= 1. */
// @ts-ignore: decorator
@inline
function twiceSinhHalf(a: v128): v128 {
  const x = f64x2.mul(a, a);
  let s = v128.load64_splat(SINH + 40);
  s = f64x2.add(f64x2.mul(s, x), v128.load64_splat(SINH + 32));
  s = f64x2.add(f64x2.mul(s, x), v128.load64_splat(SINH + 24));
  s = f64x2.add(f64x2.mul(s, x), v128.load64_splat(SINH + 16));
  s = f64x2.add(f64x2.mul(s, x), v128.load64_splat(SINH + 8));
  s = f64x2.add(f64x2.mul(s, x), v128.load64_splat(SINH));
  return f64x2.add(a, f64x2.mul(a, f64x2.mul(s, x)));
}

/** e^-2a. */
// @ts-ignore: decorator
@inline
function decay(a: v128): v128 {
  return f64x2.mul(expScaled_f64x2(v128.or(f64x2.add(a, a), c64(SIGN_F64))), c64(EXP_UNSCALE));
}

/** log cosh a: log1p(2 sinh(a/2)^2) below 1, else a - ln2 + log1p(e^-2a). */
// @ts-ignore: decorator
@inline
function logCosh(a: v128): v128 {
  const near = f64x2.lt(a, c64(ONE));
  const s = twiceSinhHalf(a);
  const l = log1pUnit_f64x2(v128.bitselect(f64x2.mul(f64x2.mul(s, s), f64x2.splat(0.5)), decay(a), near));
  const far = f64x2.add(f64x2.sub(a, c64(LN2_HIGH)), f64x2.sub(l, c64(LN2_LOW)));
  return v128.bitselect(l, far, near);
}

/** tanh a for a >= 0. */
// @ts-ignore: decorator
@inline
function tanh(a: v128): v128 {
  const one = c64(ONE);
  const s = twiceSinhHalf(a);
  const half = f64x2.mul(f64x2.mul(s, s), f64x2.splat(0.5));
  const cosine = f64x2.sqrt(f64x2.add(one, f64x2.mul(half, f64x2.splat(0.5))));
  const near = f64x2.div(f64x2.mul(s, cosine), f64x2.add(one, half));
  const t = decay(a);
  const far = f64x2.div(f64x2.sub(one, t), f64x2.add(one, t));
  return v128.bitselect(near, far, f64x2.lt(a, one));
}

/** The side of the error: d where p > y, else c. */
// @ts-ignore: decorator
@inline
function side(e: v128, c: v128, d: v128): v128 {
  return v128.bitselect(d, c, f64x2.gt(e, f64x2.splat(0.0)));
}

// @ts-ignore: decorator
@inline
export function errorLoss(kind: i32, e: v128, c: v128, d: v128): v128 {
  const a = f64x2.abs(e);
  if (kind == SMOOTH_L1) {
    const square = f64x2.mul(f64x2.mul(a, f64x2.div(a, c)), f64x2.splat(0.5));
    return v128.bitselect(square, f64x2.sub(a, d), f64x2.lt(a, c));
  }
  if (kind == PSEUDO_HUBER) {
    const r = f64x2.div(a, c);
    const root = f64x2.sqrt(f64x2.add(c64(ONE), f64x2.mul(r, r)));
    const value = f64x2.mul(a, f64x2.div(a, f64x2.add(c64(ONE), root)));
    return v128.bitselect(f64x2.mul(c, f64x2.sub(a, c)), value, f64x2.gt(r, f64x2.splat(STEEP)));
  }
  if (kind == LOG_COSH) return logCosh(a);
  if (kind == QUANTILE) return f64x2.mul(a, side(e, c, d));
  return f64x2.mul(f64x2.mul(e, e), side(e, c, d));
}

/** `size` with the sign of e, +0 where that is 0; NaN stays. */
// @ts-ignore: decorator
@inline
function signed(size: v128, e: v128): v128 {
  const zero = f64x2.splat(0.0);
  const value = v128.bitselect(size, e, v128.load(MAGNITUDE_F64));
  return v128.bitselect(value, f64x2.add(e, zero), v128.or(f64x2.gt(e, zero), f64x2.lt(e, zero)));
}

// @ts-ignore: decorator
@inline
export function errorGradient(kind: i32, e: v128, c: v128, d: v128): v128 {
  const a = f64x2.abs(e);
  if (kind == SMOOTH_L1) return v128.bitselect(f64x2.div(e, c), signed(c64(ONE), e), f64x2.lt(a, c));
  if (kind == PSEUDO_HUBER) {
    const r = f64x2.div(a, c);
    const value = f64x2.div(e, f64x2.sqrt(f64x2.add(c64(ONE), f64x2.mul(r, r))));
    return v128.bitselect(signed(c, e), value, f64x2.gt(r, f64x2.splat(STEEP)));
  }
  if (kind == LOG_COSH) return signed(tanh(a), e);
  if (kind == QUANTILE) return signed(side(e, c, d), e);
  const twice = f64x2.add(e, e);
  return f64x2.mul(twice, side(e, c, d));
}
