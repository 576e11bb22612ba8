import { BIASED_F64, c64, INTEGER_F64, LN2_HIGH, LN2_LOW, LOG_MANTISSA_F64, LOG_UNIT_F64, ONE, TWO } from './table';

/** log(1 + x) for 0 <= x <= 1, to full relative precision at tiny x. NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function log1pUnit_f64x2(x: v128): v128 {
  const s = f64x2.div(x, f64x2.add(x, c64(TWO)));
  const t = f64x2.mul(s, s);
  const t2 = f64x2.mul(t, t);
  const t4 = f64x2.mul(t2, t2);
  const q01 = f64x2.add(f64x2.mul(c64(LOG_UNIT_F64 + 1), t), c64(LOG_UNIT_F64));
  const q23 = f64x2.add(f64x2.mul(c64(LOG_UNIT_F64 + 3), t), c64(LOG_UNIT_F64 + 2));
  const q45 = f64x2.add(f64x2.mul(c64(LOG_UNIT_F64 + 5), t), c64(LOG_UNIT_F64 + 4));
  const q67 = f64x2.add(f64x2.mul(c64(LOG_UNIT_F64 + 7), t), c64(LOG_UNIT_F64 + 6));
  const q89 = f64x2.add(f64x2.mul(c64(LOG_UNIT_F64 + 9), t), c64(LOG_UNIT_F64 + 8));
  const q03 = f64x2.add(f64x2.mul(q23, t2), q01);
  const q47 = f64x2.add(f64x2.mul(q67, t2), q45);
  const q8 = f64x2.add(f64x2.mul(c64(LOG_UNIT_F64 + 10), t2), q89);
  const q = f64x2.add(f64x2.mul(f64x2.add(f64x2.mul(q8, t4), q47), t4), q03);
  return f64x2.sub(x, f64x2.mul(s, f64x2.sub(x, f64x2.mul(t, q))));
}

/** k ln2 + log(1 + f) for sqrt(1/2) - 1 <= f <= sqrt(2) - 1. */
// @ts-ignore: decorator
@inline
function logParts(k: v128, f: v128): v128 {
  const s = f64x2.div(f, f64x2.add(f, c64(TWO)));
  const t = f64x2.mul(s, s);
  const t2 = f64x2.mul(t, t);
  const q01 = f64x2.add(f64x2.mul(c64(LOG_MANTISSA_F64 + 1), t), c64(LOG_MANTISSA_F64));
  const q23 = f64x2.add(f64x2.mul(c64(LOG_MANTISSA_F64 + 3), t), c64(LOG_MANTISSA_F64 + 2));
  const q45 = f64x2.add(f64x2.mul(c64(LOG_MANTISSA_F64 + 5), t), c64(LOG_MANTISSA_F64 + 4));
  const q67 = f64x2.add(f64x2.mul(c64(LOG_MANTISSA_F64 + 7), t), c64(LOG_MANTISSA_F64 + 6));
  const q47 = f64x2.add(f64x2.mul(q67, t2), q45);
  const q = f64x2.add(f64x2.mul(f64x2.add(f64x2.mul(q47, t2), q23), t2), q01);
  const log = f64x2.sub(f, f64x2.mul(s, f64x2.sub(f, f64x2.mul(t, q))));
  return f64x2.add(f64x2.mul(k, c64(LN2_HIGH)), f64x2.add(log, f64x2.mul(k, c64(LN2_LOW))));
}

/** Exponent of u > 0 plus 1023, after the mantissa's range is moved to [sqrt(1/2), sqrt(2)). */
// @ts-ignore: decorator
@inline
function biasedExponent(u: v128): v128 {
  return i64x2.shr_u(i64x2.add(u, i64x2.splat(0x3ff0000000000000 - 0x3fe6a09e667f3bcd)), 52);
}

/** 2^-k, from k + 1023. */
// @ts-ignore: decorator
@inline
function inversePower(biased: v128): v128 {
  return i64x2.shl(i64x2.sub(i64x2.splat(2046), biased), 52);
}

/** k as float64, from k + 1023 (the bits of 2^52 + k + 1023 are those of 2^52 or k + 1023). */
// @ts-ignore: decorator
@inline
function exponentValue(biased: v128): v128 {
  return f64x2.sub(v128.or(biased, c64(INTEGER_F64)), c64(BIASED_F64));
}

/** `value` where u > 0, -Infinity where u = 0, NaN elsewhere. */
// @ts-ignore: decorator
@inline
function inDomain(value: v128, u: v128): v128 {
  const zero = f64x2.splat(0.0);
  const edge = v128.bitselect(f64x2.splat(-Infinity), f64x2.splat(NaN), f64x2.eq(u, zero));
  return v128.bitselect(value, edge, f64x2.gt(u, zero));
}

/** log(1 + x) for -1 <= x <= 2^1000. 1 + x = 2^k (1 + f) with f = 2^-k x + (2^-k - 1), rounded once. NaN below -1. */
// @ts-ignore: decorator
@inline
export function log1p_f64x2(x: v128): v128 {
  const one = c64(ONE);
  const u = f64x2.add(x, one);
  const biased = biasedExponent(u);
  const scale = inversePower(biased);
  const f = f64x2.add(f64x2.mul(x, scale), f64x2.sub(scale, one));
  return inDomain(logParts(exponentValue(biased), f), u);
}

/** log(x) for x <= 2^1000; -Infinity at 0, NaN below. */
// @ts-ignore: decorator
@inline
export function log_f64x2(x: v128): v128 {
  const tiny = f64x2.lt(x, f64x2.splat(2.2250738585072014e-308));
  const normal = f64x2.mul(x, v128.bitselect(f64x2.splat(18014398509481984.0), c64(ONE), tiny));
  const biased = biasedExponent(normal);
  const f = f64x2.sub(f64x2.mul(normal, inversePower(biased)), c64(ONE));
  const k = f64x2.sub(exponentValue(biased), v128.and(tiny, f64x2.splat(54.0)));
  return inDomain(logParts(k, f), x);
}

/** log(1 + x) of one number: the very bits of a lane. */
export function log1p_f64(x: f64): f64 {
  return f64x2.extract_lane(log1p_f64x2(f64x2.splat(x)), 0);
}

/** log(x) of one number: the very bits of a lane. */
export function log_f64(x: f64): f64 {
  return f64x2.extract_lane(log_f64x2(f64x2.splat(x)), 0);
}

/** log(x) for every x, Infinity included. */
// @ts-ignore: decorator
@inline
export function logAny_f64x2(x: v128): v128 {
  const tiny = f64x2.lt(x, f64x2.splat(2.2250738585072014e-308));
  const huge = f64x2.gt(x, f64x2.splat(1.0715086071862673e301));
  const up = v128.bitselect(f64x2.splat(18014398509481984.0), c64(ONE), tiny);
  const normal = f64x2.mul(x, v128.bitselect(f64x2.splat(5.551115123125783e-17), up, huge));
  const biased = biasedExponent(normal);
  const f = f64x2.sub(f64x2.mul(normal, inversePower(biased)), c64(ONE));
  const shift = v128.or(v128.and(huge, f64x2.splat(54.0)), v128.and(tiny, f64x2.splat(-54.0)));
  const value = inDomain(logParts(f64x2.add(exponentValue(biased), shift), f), x);
  return v128.bitselect(x, value, f64x2.eq(x, f64x2.splat(Infinity)));
}

/** log(x) of one number: the very bits of a lane. */
export function logAny_f64(x: f64): f64 {
  return f64x2.extract_lane(logAny_f64x2(f64x2.splat(x)), 0);
}
