import { HALF_F64, MAGNITUDE_F32, MAGNITUDE_F64 } from '../inline/constants';
import { huberValue } from '../inline/huber-value';

// With a = |e| and q = min(a, delta) the loss is q * (a - q / 2): a^2 / 2 up to delta, delta * (a - delta / 2) above. One formula for
// both, so the two sides agree at delta. For a float32 error the square side is exact in float64.

// @ts-ignore: decorator
@inline
function huberScalar(a: f64, delta: f64): f64 {
  const q = delta < a ? delta : a;
  return q * (a - 0.5 * q);
}

/** Huber loss of p[i] - y[i] with 0 < delta <= Infinity, float64. */
export function huber_f64(p: usize, y: usize, n: i32, delta: f64, out: usize): void {
  const bytes = <usize>n << 3;
  const body = bytes & ~15;
  const magnitude = v128.load(MAGNITUDE_F64);
  const limit = f64x2.splat(delta);
  const half = v128.load(HALF_F64);
  let at: usize = 0;
  for (; at < body; at += 16) {
    const a = v128.and(f64x2.sub(v128.load(p + at), v128.load(y + at)), magnitude);
    v128.store(out + at, huberValue(a, limit, half));
  }
  if (at < bytes) store<f64>(out + at, huberScalar(abs(load<f64>(p + at) - load<f64>(y + at)), delta));
}

/** Huber loss, in float64, of e = float32(p[i] - y[i]). */
export function huber_f32(p: usize, y: usize, n: i32, delta: f64, out: usize): void {
  const bytes = <usize>n << 2;
  const body = bytes & ~15;
  const magnitude = v128.load(MAGNITUDE_F32);
  const limit = f64x2.splat(delta);
  const half = v128.load(HALF_F64);
  let at: usize = 0;
  for (; at < body; at += 16) {
    const a = v128.and(f32x4.sub(v128.load(p + at), v128.load(y + at)), magnitude);
    const to = out + (at << 1);
    v128.store(to, huberValue(f64x2.promote_low_f32x4(a), limit, half));
    const high = f64x2.promote_low_f32x4(i32x4.shuffle(a, a, 2, 3, 2, 3));
    v128.store(to, huberValue(high, limit, half), 16);
  }
  for (; at < bytes; at += 4) {
    const a = <f64>abs(load<f32>(p + at) - load<f32>(y + at));
    store<f64>(out + (at << 1), huberScalar(a, delta));
  }
}
