// Losses of the prediction relative to the target, in float64.
import { MAGNITUDE_F64 } from '../inline/constants';
import { log1p_f64x2, logAny_f64x2 } from '../link/log';
import { c64, ONE } from '../link/table';

export const MSLE: i32 = 0;
/** c = epsilon. */
export const MAPE: i32 = 1;
export const SMAPE: i32 = 2;

/** 2^1000: what log1p_f64x2 takes, and what two numbers may be for their sum to be finite. */
const LARGE: f64 = 1.0715086071862673e301;

/** |log1p(p) - log1p(y)| as log1p(|p - y| / (1 + min)): no cancellation between two logarithms. */
// @ts-ignore: decorator
@inline
function logDistance(p: v128, y: v128): v128 {
  const base = f64x2.add(c64(ONE), f64x2.pmin(p, y));
  const x = f64x2.div(f64x2.abs(f64x2.sub(p, y)), base);
  const far = f64x2.gt(x, f64x2.splat(LARGE));
  const value = log1p_f64x2(x);
  if (!v128.any_true(far)) return value;
  return v128.bitselect(f64x2.sub(logAny_f64x2(f64x2.pmax(p, y)), logAny_f64x2(base)), value, far);
}

/** 1/2 where a sum of the two might overflow, else 1. */
// @ts-ignore: decorator
@inline
function relief(p: v128, y: v128): v128 {
  const large = f64x2.gt(f64x2.pmax(f64x2.abs(p), f64x2.abs(y)), f64x2.splat(LARGE));
  return v128.bitselect(f64x2.splat(0.5), c64(ONE), large);
}

/** |e| / max(epsilon, |y|): 1 where only y is infinite. */
// @ts-ignore: decorator
@inline
function share(e: v128, p: v128, y: v128, epsilon: v128): v128 {
  const infinity = f64x2.splat(Infinity);
  const size = f64x2.pmax(f64x2.abs(y), epsilon);
  const value = v128.andnot(f64x2.div(f64x2.abs(e), size), f64x2.eq(e, f64x2.splat(0.0)));
  const limit = v128.and(f64x2.eq(size, infinity), f64x2.lt(f64x2.abs(p), infinity));
  return v128.bitselect(c64(ONE), value, limit);
}

// @ts-ignore: decorator
@inline
export function ratioLoss(kind: i32, p: v128, y: v128, c: v128): v128 {
  if (kind == MSLE) {
    const l = logDistance(p, y);
    return f64x2.mul(l, l);
  }
  if (kind == MAPE) return share(f64x2.sub(p, y), p, y, c);
  const scale = relief(p, y);
  const a = f64x2.mul(p, scale);
  const b = f64x2.mul(y, scale);
  const e = f64x2.abs(f64x2.sub(a, b));
  const ratio = f64x2.div(e, f64x2.add(f64x2.abs(a), f64x2.abs(b)));
  const value = v128.andnot(f64x2.add(ratio, ratio), f64x2.eq(e, f64x2.splat(0.0)));
  return v128.bitselect(f64x2.splat(2.0), value, f64x2.eq(e, f64x2.splat(Infinity)));
}

/** Signed derivative of 2 |p - y| / (|p| + |y|); at p = 0 the mean of both sides, as automatic differentiation has it. */
// @ts-ignore: decorator
@inline
function smapeGradient(p: v128, y: v128): v128 {
  const zero = f64x2.splat(0.0);
  const scale = relief(p, y);
  const a = f64x2.mul(p, scale);
  const b = f64x2.mul(y, scale);
  const e = f64x2.sub(a, b);
  const size = f64x2.add(f64x2.abs(a), f64x2.abs(b));
  const apart = i64x2.lt_s(v128.xor(p, y), i64x2.splat(0));
  const factor = v128.bitselect(f64x2.splat(2.0), v128.andnot(f64x2.splat(4.0), apart), f64x2.eq(p, zero));
  const slope = f64x2.mul(f64x2.mul(factor, f64x2.div(f64x2.div(f64x2.abs(b), size), size)), scale);
  const flat = v128.or(f64x2.eq(e, zero), f64x2.eq(f64x2.abs(e), f64x2.splat(Infinity)));
  return v128.andnot(v128.bitselect(slope, e, v128.load(MAGNITUDE_F64)), flat);
}

// @ts-ignore: decorator
@inline
export function ratioGradient(kind: i32, p: v128, y: v128, c: v128): v128 {
  if (kind == SMAPE) return smapeGradient(p, y);
  const e = f64x2.sub(p, y);
  const flat = f64x2.eq(e, f64x2.splat(0.0));
  if (kind == MAPE) {
    const slope = f64x2.div(c64(ONE), f64x2.pmax(f64x2.abs(y), c));
    const value = v128.andnot(v128.bitselect(slope, e, v128.load(MAGNITUDE_F64)), flat);
    return v128.bitselect(value, e, f64x2.eq(e, e));
  }
  const l = logDistance(p, y);
  const slope = f64x2.div(f64x2.add(l, l), f64x2.add(c64(ONE), p));
  const vanished = v128.and(f64x2.eq(p, f64x2.splat(Infinity)), f64x2.eq(e, e));
  return v128.andnot(v128.bitselect(slope, e, v128.load(MAGNITUDE_F64)), v128.or(flat, vanished));
}
