import { c32, LN2_HIGH, LN2_LOW, LOG_MANTISSA_F32, LOG_UNIT_F32, ONE, TWO } from './table';

/** log(1 + x) for 0 <= x <= 1, to full relative precision at tiny x. NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function log1pUnit_f32x4(x: v128): v128 {
  const s = f32x4.div(x, f32x4.add(x, c32(TWO)));
  const t = f32x4.mul(s, s);
  const low = f32x4.add(f32x4.mul(c32(LOG_UNIT_F32 + 1), t), c32(LOG_UNIT_F32));
  const high = f32x4.add(f32x4.mul(c32(LOG_UNIT_F32 + 3), t), c32(LOG_UNIT_F32 + 2));
  const q = f32x4.add(low, f32x4.mul(high, f32x4.mul(t, t)));
  return f32x4.sub(x, f32x4.mul(s, f32x4.sub(x, f32x4.mul(t, q))));
}

/** log(1 + x) for 0 <= x <= 2^100. 1 + x = 2^k (1 + f) with f = 2^-k x + (2^-k - 1), rounded once. NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function log1p_f32x4(x: v128): v128 {
  const one = c32(ONE);
  // bits(1) - bits(sqrt(1/2)): rounds the mantissa's range to [sqrt(1/2), sqrt(2)).
  const biased = i32x4.shr_u(i32x4.add(f32x4.add(x, one), i32x4.splat(0x3f800000 - 0x3f3504f3)), 23);
  const scale = i32x4.shl(i32x4.sub(i32x4.splat(254), biased), 23);
  const k = f32x4.convert_i32x4_s(i32x4.sub(biased, i32x4.splat(127)));
  const f = f32x4.add(f32x4.mul(x, scale), f32x4.sub(scale, one));
  const s = f32x4.div(f, f32x4.add(f, c32(TWO)));
  const t = f32x4.mul(s, s);
  let q = f32x4.add(f32x4.mul(c32(LOG_MANTISSA_F32 + 2), t), c32(LOG_MANTISSA_F32 + 1));
  q = f32x4.add(f32x4.mul(q, t), c32(LOG_MANTISSA_F32));
  const log = f32x4.sub(f, f32x4.mul(s, f32x4.sub(f, f32x4.mul(t, q))));
  return f32x4.add(f32x4.mul(k, c32(LN2_HIGH)), f32x4.add(log, f32x4.mul(k, c32(LN2_LOW))));
}
