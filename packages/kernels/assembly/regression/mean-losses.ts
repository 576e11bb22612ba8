// Negative log-likelihoods of a mean, given as its logarithm z or as m itself, in float64. A target of 0 makes its term 0.
import { exp_f64x2 } from '../link/exp';
import { logAny_f64x2 } from '../link/log';
import { c64, ONE } from '../link/table';

export const POISSON: i32 = 0;
export const GAMMA: i32 = 1;
/** c = 2 - power, d = 1 - power; power is neither 0, 1 nor 2. */
export const TWEEDIE: i32 = 2;
/** Tweedie of power 0. */
export const HALF_SQUARE: i32 = 3;

// @ts-ignore: decorator
@inline
function isZero(x: v128): v128 {
  return f64x2.eq(x, f64x2.splat(0.0));
}

// @ts-ignore: decorator
@inline
function isInfinite(x: v128): v128 {
  return f64x2.eq(x, f64x2.splat(Infinity));
}

/** y times a factor that may be infinite where y is 0. */
// @ts-ignore: decorator
@inline
function times(y: v128, factor: v128): v128 {
  return v128.andnot(f64x2.mul(y, factor), isZero(y));
}

/** mean^(2 - power) / (2 - power) - y mean^(1 - power) / (1 - power) of z = log mean. Not inlined: it is long. */
function tweedie(z: v128, y: v128, c: v128, d: v128): v128 {
  const fall = exp_f64x2(f64x2.mul(d, z));
  const value = f64x2.sub(f64x2.div(exp_f64x2(f64x2.mul(c, z)), c), times(y, f64x2.div(fall, d)));
  if (!v128.any_true(f64x2.ne(value, value))) return value;
  // Both terms overflow: their common factor does, and the rest has the sign.
  const rest = f64x2.sub(f64x2.div(exp_f64x2(z), c), f64x2.div(y, d));
  return v128.bitselect(value, f64x2.mul(fall, rest), f64x2.eq(value, value));
}

/** Row losses by z = log mean. */
// @ts-ignore: decorator
@inline
export function logMeanLoss(kind: i32, z: v128, y: v128, c: v128, d: v128): v128 {
  if (kind == TWEEDIE) return tweedie(z, y, c, d);
  if (kind == GAMMA) {
    const w = times(y, exp_f64x2(f64x2.neg(z)));
    return v128.bitselect(w, f64x2.add(z, w), isInfinite(w));
  }
  const mean = exp_f64x2(z);
  if (kind == POISSON) return v128.bitselect(z, f64x2.sub(mean, times(y, z)), isInfinite(z));
  const e = f64x2.sub(mean, y);
  return f64x2.mul(f64x2.mul(e, e), f64x2.splat(0.5));
}

function tweedieGradient(z: v128, y: v128, c: v128, d: v128): v128 {
  const fall = exp_f64x2(f64x2.mul(d, z));
  const value = f64x2.sub(exp_f64x2(f64x2.mul(c, z)), times(y, fall));
  if (!v128.any_true(f64x2.ne(value, value))) return value;
  return v128.bitselect(value, f64x2.mul(fall, f64x2.sub(exp_f64x2(z), y)), f64x2.eq(value, value));
}

/** Derivatives by z = log mean. */
// @ts-ignore: decorator
@inline
export function logMeanGradient(kind: i32, z: v128, y: v128, c: v128, d: v128): v128 {
  if (kind == TWEEDIE) return tweedieGradient(z, y, c, d);
  if (kind == GAMMA) return f64x2.sub(c64(ONE), times(y, exp_f64x2(f64x2.neg(z))));
  const mean = exp_f64x2(z);
  const e = f64x2.sub(mean, y);
  return kind == POISSON ? e : times(mean, e);
}

/** Row losses by the mean m. */
// @ts-ignore: decorator
@inline
export function meanLoss(kind: i32, m: v128, y: v128, c: v128, d: v128): v128 {
  if (kind == HALF_SQUARE) {
    const e = f64x2.sub(m, y);
    return f64x2.mul(f64x2.mul(e, e), f64x2.splat(0.5));
  }
  const z = logAny_f64x2(m);
  if (kind == TWEEDIE) return tweedie(z, y, c, d);
  if (kind == POISSON) return v128.bitselect(m, f64x2.sub(m, times(y, z)), isInfinite(m));
  const w = v128.andnot(f64x2.div(y, m), isZero(y));
  return v128.bitselect(w, f64x2.add(z, w), isInfinite(w));
}

/** (m - y) / m^power with d = 1 - power; m^(1 - power) where y is 0 or m infinite. */
function powerGradient(m: v128, y: v128, d: v128): v128 {
  const fall = exp_f64x2(f64x2.mul(d, logAny_f64x2(m)));
  const slope = f64x2.mul(f64x2.sub(m, y), f64x2.div(fall, m));
  return v128.bitselect(fall, slope, v128.or(isZero(y), isInfinite(m)));
}

/** Derivatives by the mean m. */
// @ts-ignore: decorator
@inline
export function meanGradient(kind: i32, m: v128, y: v128, c: v128, d: v128): v128 {
  if (kind == TWEEDIE) return powerGradient(m, y, d);
  const e = f64x2.sub(m, y);
  if (kind == HALF_SQUARE) return e;
  const one = c64(ONE);
  const zero = isZero(y);
  if (kind == POISSON) return v128.bitselect(one, f64x2.div(e, m), v128.or(zero, isInfinite(m)));
  const slope = f64x2.div(v128.bitselect(one, f64x2.div(e, m), zero), m);
  return v128.andnot(slope, isInfinite(m));
}
