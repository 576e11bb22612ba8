import { c32, EXP, EXP_LEAST, LN2_HIGH, LN2_LOW, LOG2E, ONE, ROUND, ROUND_PLAIN } from './table';

/** 1 + r + r^2 q(r), that is e^r for |r| <= ln2 / 2; exactly 1 at 0. */
// @ts-ignore: decorator
@inline
function expReduced(r: v128): v128 {
  const r2 = f32x4.mul(r, r);
  const low = f32x4.add(f32x4.mul(c32(EXP + 1), r), c32(EXP));
  const high = f32x4.add(f32x4.mul(c32(EXP + 3), r), c32(EXP + 2));
  const q = f32x4.add(low, f32x4.mul(high, r2));
  return f32x4.add(c32(ONE), f32x4.add(r, f32x4.mul(r2, q)));
}

/**
 * 2^(k + shift) e^r where v = k ln2 + r: e^v times a power of two that `round` (ROUND_F32 plus an integer) carries. The exponent
 * must stay in range. NaN stays NaN.
 */
// @ts-ignore: decorator
@inline
export function expShifted_f32x4(v: v128, round: v128): v128 {
  const t = f32x4.add(f32x4.mul(v, c32(LOG2E)), round);
  const k = f32x4.sub(t, round);
  const r = f32x4.sub(f32x4.sub(v, f32x4.mul(k, c32(LN2_HIGH))), f32x4.mul(k, c32(LN2_LOW)));
  return f32x4.mul(expReduced(r), i32x4.shl(t, 23));
}

/** e^v for v in [-80, 0]. */
// @ts-ignore: decorator
@inline
export function exp_f32x4(v: v128): v128 {
  return expShifted_f32x4(v, c32(ROUND_PLAIN));
}

/** 2^24 e^v for v <= 0; 0 once unscaled where e^v is below the least float32. The scale keeps denormals exact. */
// @ts-ignore: decorator
@inline
export function expScaled_f32x4(v: v128): v128 {
  return expShifted_f32x4(f32x4.pmax(v, c32(EXP_LEAST)), c32(ROUND));
}
