import { HALF_F32, HALF_F64, MAGNITUDE_F32, MAGNITUDE_F64 } from '../inline/constants';
import { huberValue } from '../inline/huber-value';

// With a = |e| and q = min(a, delta) the loss is q * (a - q / 2): a^2 / 2 up to delta, delta * (a - delta / 2) above. One formula for
// both, so the two sides agree at delta. Float32 data is computed in float32, within 2^-21 of the true loss, wherever no step can leave
// float32's range; elsewhere in float64. A float32 row loss has 24 bits, so its exact sum costs no more than that of |e|.

/** Sizes of a float32 error, and deltas, for which every float32 step stays normal. */
const SMALLEST_F32: f32 = 9.094947017729282e-13; // 2^-40
const LARGEST_F32: f32 = 1152921504606846976; // 2^60
const SMALLEST_DELTA: f64 = 9.094947017729282e-13; // 2^-40
const LARGEST_DELTA: f64 = 1099511627776; // 2^40

// @ts-ignore: decorator
@inline
export function isSingleDelta(delta: f64): bool {
  return delta >= SMALLEST_DELTA && delta <= LARGEST_DELTA;
}

/** Is the loss of a float32 error of this size computed in float32? */
// @ts-ignore: decorator
@inline
export function isSingleError(a: f32): bool {
  return a == 0 || (a >= SMALLEST_F32 && a < LARGEST_F32);
}

// @ts-ignore: decorator
@inline
export function huberSingle(a: f32, delta: f32): f32 {
  const q = delta < a ? delta : a;
  return q * (a - <f32>0.5 * q);
}

// @ts-ignore: decorator
@inline
export function huberSingles(a: v128, delta: v128, half: v128): v128 {
  const q = f32x4.pmin(a, delta);
  return f32x4.mul(q, f32x4.sub(a, f32x4.mul(half, q)));
}

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

// @ts-ignore: decorator
@inline
function rowOf(a: f32, delta: f64, single: bool): f64 {
  return single && isSingleError(a) ? <f64>huberSingle(a, <f32>delta) : huberScalar(<f64>a, delta);
}

/** Huber loss of e = float32(p[i] - y[i]): in float32 where that is safe, else in float64. */
export function huber_f32(p: usize, y: usize, n: i32, delta: f64, out: usize): void {
  const bytes = <usize>n << 2;
  const single = isSingleDelta(delta);
  const body = single ? bytes & ~15 : 0;
  const magnitude = v128.load(MAGNITUDE_F32);
  const half = v128.load(HALF_F32);
  const limit = f32x4.splat(<f32>delta);
  const smallest = f32x4.splat(SMALLEST_F32);
  const largest = f32x4.splat(LARGEST_F32);
  let at: usize = 0;
  for (; at < body; at += 16) {
    const a = v128.and(f32x4.sub(v128.load(p + at), v128.load(y + at)), magnitude);
    const to = out + (at << 1);
    const inside = v128.and(f32x4.ge(a, smallest), f32x4.lt(a, largest));
    if (i32x4.all_true(v128.or(inside, f32x4.eq(a, f32x4.splat(0))))) {
      const v = huberSingles(a, limit, half);
      v128.store(to, f64x2.promote_low_f32x4(v));
      v128.store(to, f64x2.promote_low_f32x4(i32x4.shuffle(v, v, 2, 3, 2, 3)), 16);
    } else {
      store<f64>(to, rowOf(f32x4.extract_lane(a, 0), delta, single));
      store<f64>(to, rowOf(f32x4.extract_lane(a, 1), delta, single), 8);
      store<f64>(to, rowOf(f32x4.extract_lane(a, 2), delta, single), 16);
      store<f64>(to, rowOf(f32x4.extract_lane(a, 3), delta, single), 24);
    }
  }
  for (; at < bytes; at += 4) {
    const a = abs(load<f32>(p + at) - load<f32>(y + at));
    store<f64>(out + (at << 1), rowOf(a, delta, single));
  }
}
