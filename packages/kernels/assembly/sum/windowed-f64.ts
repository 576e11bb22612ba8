import { VALUES_WINDOW, addInteger, addValue, fits, floatSum, laneSum, start } from '@lossmill/exact-sum/assembly';
import { HALF_F64, MAGNITUDE_F64, MINUS_ONE } from '../inline/constants';
import { huberValue } from '../inline/huber-value';

export const ERROR: i32 = 0;
export const ABSOLUTE: i32 = 1;
export const SQUARE: i32 = 2;
export const HUBER: i32 = 3;

// @ts-ignore: decorator
@inline
function rowLoss(kind: i32, e: v128, delta: v128, half: v128, magnitude: v128): v128 {
  if (kind == ERROR) return e;
  if (kind == SQUARE) return f64x2.mul(e, e);
  const size = v128.and(e, magnitude);
  return kind == HUBER ? huberValue(size, delta, half) : size;
}

/**
 * The two-level window of @lossmill/exact-sum/assembly/window, fused with a loss of n float64 pairs (n a multiple of 4, at most 1024), so
 * that loading and adding overlap. Stores row losses at `out` if `stored`. Adds nothing and returns false where they do not fit the
 * accumulator's window.
 */
// @ts-ignore: decorator
@inline
export function windowed(kind: i32, stored: bool, p: usize, y: usize, n: i32, delta: f64, out: usize, acc: usize): bool {
  const window = load<i32>(acc + VALUES_WINDOW);
  const first = f64x2.splat(start(window));
  const minusOne = v128.load(MINUS_ONE);
  const magnitude = v128.load(MAGNITUDE_F64);
  const limit = f64x2.splat(delta);
  const half = v128.load(HALF_F64);
  let s0 = first;
  let s1 = first;
  let r0 = f64x2.splat(0);
  let r1 = f64x2.splat(0);
  let largest = i64x2.splat(0);
  let smallest = i64x2.splat(-1);
  const end = p + (<usize>n << 3);
  for (; p < end; p += 32, y += 32) {
    const x0 = rowLoss(kind, f64x2.sub(v128.load(p), v128.load(y)), limit, half, magnitude);
    const t0 = f64x2.add(s0, x0);
    r0 = f64x2.add(r0, f64x2.sub(x0, f64x2.sub(t0, s0)));
    s0 = t0;
    const b0 = i64x2.add(x0, x0);
    largest = i32x4.max_u(largest, b0);
    smallest = i32x4.min_u(smallest, i64x2.add(b0, minusOne));
    const x1 = rowLoss(kind, f64x2.sub(v128.load(p, 16), v128.load(y, 16)), limit, half, magnitude);
    const t1 = f64x2.add(s1, x1);
    r1 = f64x2.add(r1, f64x2.sub(x1, f64x2.sub(t1, s1)));
    s1 = t1;
    const b1 = i64x2.add(x1, x1);
    largest = i32x4.max_u(largest, b1);
    smallest = i32x4.min_u(smallest, i64x2.add(b1, minusOne));
    if (stored) {
      v128.store(out, x0);
      v128.store(out, x1, 16);
      out += 32;
    }
  }
  const top = <i32>(max(<u32>i32x4.extract_lane(largest, 1), <u32>i32x4.extract_lane(largest, 3)) >> 21);
  const bottom = <i32>(min(<u32>i32x4.extract_lane(smallest, 1), <u32>i32x4.extract_lane(smallest, 3)) >> 21);
  if (!fits(top, bottom, window, 0)) return false;
  addInteger(acc, laneSum(s0, s1, first), window);
  addValue(acc, floatSum(r0, r1));
  return true;
}
