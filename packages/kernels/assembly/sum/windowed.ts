import { HALF_F64, MAGNITUDE_F32, MINUS_ONE } from '../inline/constants';
import { FUSED_WINDOW, addInteger, addValue, floatSum } from '@lossmill/exact-sum/assembly';
import { huberValue } from '../inline/huber-value';

// The window of @lossmill/exact-sum/assembly/window, fused with losses that are never negative. Sums only grow, so the last sum alone
// says whether all of them stayed in the window, and the window reaches from 2^52 u to 2^53 u. The lowest bit of a row loss follows
// from the smallest error's exponent, found on four float32 at a time.

export const DONE: i32 = 0;
export const RETRY: i32 = 1;
export const TOO_WIDE: i32 = 2;
export const TOO_LARGE: i32 = 3;

const SQUARE: i32 = 0;
const HUBER: i32 = 1;

/** At most 1024 rounding errors of u / 2 stay within 2^53 g: u may be 2^44 g. */
const ROOM_BELOW: i32 = 44;

// @ts-ignore: decorator
@inline
function rowLoss(kind: i32, e: v128, delta: v128, half: v128): v128 {
  return kind == SQUARE ? f64x2.mul(e, e) : huberValue(e, delta, half);
}

/**
 * Adds the row losses of n float32 pairs (n a multiple of 8, at most 1024), and stores them at `out` if `stored`. Adds nothing
 * unless it returns DONE; after RETRY the accumulator's window suits the block.
 */
// @ts-ignore: decorator
@inline
function windowed(kind: i32, stored: bool, p: usize, y: usize, n: i32, delta: f64, out: usize, acc: usize): i32 {
  const window = load<i32>(acc + FUSED_WINDOW);
  const first = f64x2.splat(reinterpret<f64>(<u64>(window + 52 + 1023) << 52));
  const minusOne = v128.load(MINUS_ONE);
  const magnitude = v128.load(MAGNITUDE_F32);
  const limit = f64x2.splat(delta);
  const half = v128.load(HALF_F64);
  let s0 = first;
  let s1 = first;
  let r0 = f64x2.splat(0);
  let r1 = f64x2.splat(0);
  let smallest = i32x4.splat(-1);
  const end = p + (<usize>n << 2);
  for (; p < end; p += 16, y += 16) {
    let e = f32x4.sub(v128.load(p), v128.load(y));
    smallest = i32x4.min_u(smallest, i32x4.add(i32x4.add(e, e), minusOne));
    if (kind == HUBER) e = v128.and(e, magnitude);
    const x0 = rowLoss(kind, f64x2.promote_low_f32x4(e), limit, half);
    const t0 = f64x2.add(s0, x0);
    r0 = f64x2.add(r0, f64x2.sub(x0, f64x2.sub(t0, s0)));
    s0 = t0;
    const x1 = rowLoss(kind, f64x2.promote_low_f32x4(i32x4.shuffle(e, e, 2, 3, 2, 3)), limit, half);
    const t1 = f64x2.add(s1, x1);
    r1 = f64x2.add(r1, f64x2.sub(x1, f64x2.sub(t1, s1)));
    s1 = t1;
    if (stored) {
      v128.store(out, x0);
      v128.store(out, x1, 16);
      out += 32;
    }
  }
  const grown0 = i64x2.sub(s0, first);
  const grown1 = i64x2.sub(s1, first);
  const used = v128.or(grown0, grown1);
  const bits = 64 - <i32>clz(i64x2.extract_lane(used, 0) | i64x2.extract_lane(used, 1));
  if (bits > 52) return TOO_LARGE;
  const highest = lowestBit(kind, smallest, delta) + ROOM_BELOW;
  if (window > highest) return retuned(acc, window + bits - 51, window, highest);
  const lanes = i64x2.add(grown0, grown1);
  addInteger(acc, i64x2.extract_lane(lanes, 0) + i64x2.extract_lane(lanes, 1), window);
  addValue(acc, floatSum(r0, r1));
  return DONE;
}

/** The exponent of a power of two that divides every row loss of the block. */
// @ts-ignore: decorator
@inline
function lowestBit(kind: i32, smallest: v128, delta: f64): i32 {
  const low = min(<u32>i32x4.extract_lane(smallest, 0), <u32>i32x4.extract_lane(smallest, 1));
  const high = min(<u32>i32x4.extract_lane(smallest, 2), <u32>i32x4.extract_lane(smallest, 3));
  const error = max(<i32>(min(low, high) >> 24), 1) - 150;
  if (kind == SQUARE) return 2 * error;
  // Above delta a loss is at least delta^2 / 2, rounded to 53 bits.
  const deltaExponent = (<i32>(reinterpret<u64>(delta) >> 52) & 0x7ff) - 1023;
  return min(2 * error - 1, 2 * deltaExponent - 54);
}

function retuned(acc: usize, wanted: i32, window: i32, highest: i32): i32 {
  if (wanted >= window || wanted > highest) return TOO_WIDE;
  store<i32>(acc + FUSED_WINDOW, wanted);
  return RETRY;
}

export function squareBlock(p: usize, y: usize, n: i32, acc: usize): i32 {
  return windowed(SQUARE, false, p, y, n, 0, 0, acc);
}

export function squareBlockStored(p: usize, y: usize, n: i32, out: usize, acc: usize): i32 {
  return windowed(SQUARE, true, p, y, n, 0, out, acc);
}

export function huberBlock(p: usize, y: usize, n: i32, delta: f64, acc: usize): i32 {
  return windowed(HUBER, false, p, y, n, delta, 0, acc);
}

export function huberBlockStored(p: usize, y: usize, n: i32, delta: f64, out: usize, acc: usize): i32 {
  return windowed(HUBER, true, p, y, n, delta, out, acc);
}
