import { c64, EXP, EXP_LEAST, EXP_UNSCALE, LN2_HIGH, LN2_LOW, LOG2E, ONE, ROUND, SIGN_F64 } from './table';

/** 1 + r + r^2 q(r), that is e^r for |r| <= ln2 / 2; exactly 1 at 0. */
// @ts-ignore: decorator
@inline
function expReduced(r: v128): v128 {
  const r2 = f64x2.mul(r, r);
  const r4 = f64x2.mul(r2, r2);
  const q01 = f64x2.add(f64x2.mul(c64(EXP + 1), r), c64(EXP));
  const q23 = f64x2.add(f64x2.mul(c64(EXP + 3), r), c64(EXP + 2));
  const q45 = f64x2.add(f64x2.mul(c64(EXP + 5), r), c64(EXP + 4));
  const q67 = f64x2.add(f64x2.mul(c64(EXP + 7), r), c64(EXP + 6));
  const q89 = f64x2.add(f64x2.mul(c64(EXP + 9), r), c64(EXP + 8));
  const q03 = f64x2.add(f64x2.mul(q23, r2), q01);
  const q49 = f64x2.add(f64x2.mul(f64x2.add(f64x2.mul(q89, r2), q67), r2), q45);
  const q = f64x2.add(f64x2.mul(q49, r4), q03);
  return f64x2.add(c64(ONE), f64x2.add(r, f64x2.mul(r2, q)));
}

/** 2^64 e^v for v <= 0 (NaN stays NaN); 0 once unscaled where e^v is below the least float64. The scale keeps denormals exact. */
// @ts-ignore: decorator
@inline
export function expScaled_f64x2(x: v128): v128 {
  const v = f64x2.pmax(x, c64(EXP_LEAST));
  const round = c64(ROUND);
  const t = f64x2.add(f64x2.mul(v, c64(LOG2E)), round);
  const k = f64x2.sub(t, round);
  const r = f64x2.sub(f64x2.sub(v, f64x2.mul(k, c64(LN2_HIGH))), f64x2.mul(k, c64(LN2_LOW)));
  return f64x2.mul(expReduced(r), i64x2.shl(t, 52));
}

/** e^v for any v: above 0 by its reciprocal. Infinity above 709.78; NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function exp_f64x2(v: v128): v128 {
  const e = expScaled_f64x2(v128.or(v, c64(SIGN_F64)));
  const below = f64x2.mul(e, c64(EXP_UNSCALE));
  return v128.bitselect(f64x2.div(f64x2.splat(18446744073709551616.0), e), below, f64x2.gt(v, f64x2.splat(0.0)));
}
