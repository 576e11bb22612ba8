import { HALF_F32, MAGNITUDE_F32, MINUS_ONE } from '../inline/constants';
import { addValue, floatSum } from '@lossmill/exact-sum/assembly';
import { huberSingle, huberSingles, isSingleError } from '../loss/huber';

// Sums of float32 errors, their sizes, and Huber losses computed in float32. A float32 has 24 bits, so adding at most 1024 of them in float64 is exact as long as the sum
// stays within 2^53 g, g the lowest bit of any of them; no window is needed.

const SIGNED: i32 = 0;
const ABSOLUTE: i32 = 1;
const HUBER: i32 = 2;

/** Exponent fields between the largest and the smallest error of a block of 1024 that fit 53 bits: 24 + 10 + 19. */
const SIGNED_RANGE: u32 = 19;

/** Adds n float32 errors or their sizes (n a multiple of 8, at most 1024); adds nothing and returns false where the range is wider. */
// @ts-ignore: decorator
@inline
function linear(kind: i32, stored: bool, p: usize, y: usize, n: i32, delta: f64, out: usize, acc: usize): bool {
  const half = v128.load(HALF_F32);
  const limit = f32x4.splat(<f32>delta);
  const minusOne = v128.load(MINUS_ONE);
  const magnitude = v128.load(MAGNITUDE_F32);
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let smallest = i32x4.splat(-1);
  let largest = i32x4.splat(0);
  const end = p + (<usize>n << 2);
  for (; p < end; p += 32, y += 32) {
    let e = f32x4.sub(v128.load(p), v128.load(y));
    const b = i32x4.add(e, e);
    smallest = i32x4.min_u(smallest, i32x4.add(b, minusOne));
    if (kind == SIGNED) largest = i32x4.max_u(largest, b);
    else e = v128.and(e, magnitude);
    if (kind == HUBER) e = huberSingles(e, limit, half);
    const x0 = f64x2.promote_low_f32x4(e);
    const x1 = f64x2.promote_low_f32x4(i32x4.shuffle(e, e, 2, 3, 2, 3));
    s0 = f64x2.add(s0, x0);
    s1 = f64x2.add(s1, x1);
    let d = f32x4.sub(v128.load(p, 16), v128.load(y, 16));
    const c = i32x4.add(d, d);
    smallest = i32x4.min_u(smallest, i32x4.add(c, minusOne));
    if (kind == SIGNED) largest = i32x4.max_u(largest, c);
    else d = v128.and(d, magnitude);
    if (kind == HUBER) d = huberSingles(d, limit, half);
    const x2 = f64x2.promote_low_f32x4(d);
    const x3 = f64x2.promote_low_f32x4(i32x4.shuffle(d, d, 2, 3, 2, 3));
    s0 = f64x2.add(s0, x2);
    s1 = f64x2.add(s1, x3);
    if (stored) {
      v128.store(out, x0);
      v128.store(out, x1, 16);
      v128.store(out, x2, 32);
      v128.store(out, x3, 48);
      out += 64;
    }
  }
  const sum = floatSum(s0, s1);
  const low = min(<u32>i32x4.extract_lane(smallest, 0), <u32>i32x4.extract_lane(smallest, 1));
  const high = min(<u32>i32x4.extract_lane(smallest, 2), <u32>i32x4.extract_lane(smallest, 3));
  const least = min(low, high);
  const bottom = kind == HUBER ? huberBottom(least, delta, sum) : max(least >> 24, 1);
  if (bottom == 0) return false;
  if (kind == SIGNED) {
    const top = topField(largest);
    if (top == 255 || top > bottom + SIGNED_RANGE) return false;
  } else if (!(sum <= reinterpret<f64>(<u64>(bottom + 53 - 150 + 1023) << 52))) return false;
  addValue(acc, sum);
  return true;
}

/**
 * Exponent field of the smallest Huber loss of a block whose smallest error, but for 0, has the bits (least + 1) / 2: the loss never
 * falls as the error grows. 0 if a loss of the block may not be computed in float32.
 */
// @ts-ignore: decorator
@inline
function huberBottom(least: u32, delta: f64, sum: f64): u32 {
  if (least == <u32>-1) return 1;
  const smallest = reinterpret<f32>((least + 1) >> 1);
  // An error of 2^60 would alone have brought the sum to half of 2^60 delta.
  if (!isSingleError(smallest) || !(sum < delta * 576460752303423488.0)) return 0;
  return reinterpret<u32>(huberSingle(smallest, <f32>delta)) >> 23;
}

// @ts-ignore: decorator
@inline
function topField(largest: v128): u32 {
  const low = max(<u32>i32x4.extract_lane(largest, 0), <u32>i32x4.extract_lane(largest, 1));
  const high = max(<u32>i32x4.extract_lane(largest, 2), <u32>i32x4.extract_lane(largest, 3));
  return max(low, high) >> 24;
}

export function errorBlock(p: usize, y: usize, n: i32, acc: usize): bool {
  return linear(SIGNED, false, p, y, n, 0, 0, acc);
}

export function errorBlockStored(p: usize, y: usize, n: i32, out: usize, acc: usize): bool {
  return linear(SIGNED, true, p, y, n, 0, out, acc);
}

export function absoluteBlock(p: usize, y: usize, n: i32, acc: usize): bool {
  return linear(ABSOLUTE, false, p, y, n, 0, 0, acc);
}

export function absoluteBlockStored(p: usize, y: usize, n: i32, out: usize, acc: usize): bool {
  return linear(ABSOLUTE, true, p, y, n, 0, out, acc);
}

export function huberRun(p: usize, y: usize, n: i32, delta: f64, acc: usize): bool {
  return linear(HUBER, false, p, y, n, delta, 0, acc);
}

export function huberRunStored(p: usize, y: usize, n: i32, delta: f64, out: usize, acc: usize): bool {
  return linear(HUBER, true, p, y, n, delta, out, acc);
}
