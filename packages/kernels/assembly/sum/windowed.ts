import { HALF_F32, MAGNITUDE_F32, MINUS_ONE } from '../inline/constants';
import { FUSED_WINDOW, addInteger, addValue, floatSum } from '@lossmill/exact-sum/assembly';
import { huberSingle, huberSingles, isSingleError } from '../loss/huber';

// The window of @lossmill/exact-sum/assembly/window, fused with losses that are never negative. Sums only grow, so the last sum alone
// says whether all of them stayed in the window, and the window reaches from 2^52 u to 2^53 u. The lowest bit of a row loss follows
// from the smallest error's exponent, found on four float32 at a time.

export const DONE: i32 = 0;
export const RETRY: i32 = 1;
export const TOO_WIDE: i32 = 2;
export const TOO_LARGE: i32 = 3;

const NEVER: i32 = i32.MIN_VALUE;

const SQUARE: i32 = 0;
const HUBER: i32 = 1;

/** At most 1024 rounding errors of u / 2 stay within 2^53 g: u may be 2^44 g. */
const ROOM_BELOW: i32 = 44;

// @ts-ignore: decorator
@inline
function widened(kind: i32, e: v128): v128 {
  const x = f64x2.promote_low_f32x4(e);
  return kind == SQUARE ? f64x2.mul(x, x) : x;
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
  const limit = f32x4.splat(<f32>delta);
  const half = v128.load(HALF_F32);
  let s0 = first;
  let s1 = first;
  let r0 = f64x2.splat(0);
  let r1 = f64x2.splat(0);
  let smallest = i32x4.splat(-1);
  const end = p + (<usize>n << 2);
  for (; p < end; p += 16, y += 16) {
    let e = f32x4.sub(v128.load(p), v128.load(y));
    smallest = i32x4.min_u(smallest, i32x4.add(i32x4.add(e, e), minusOne));
    if (kind == HUBER) e = huberSingles(v128.and(e, magnitude), limit, half);
    const x0 = widened(kind, e);
    const t0 = f64x2.add(s0, x0);
    r0 = f64x2.add(r0, f64x2.sub(x0, f64x2.sub(t0, s0)));
    s0 = t0;
    const x1 = widened(kind, i32x4.shuffle(e, e, 2, 3, 2, 3));
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
  const lowest = kind == SQUARE ? squareBit(leastOf(smallest)) : huberBit(leastOf(smallest), delta, window + bits);
  if (lowest == NEVER) return TOO_WIDE;
  const highest = lowest + ROOM_BELOW;
  if (window > highest) return retuned(acc, window + bits - 51, window, highest);
  const lanes = i64x2.add(grown0, grown1);
  addInteger(acc, i64x2.extract_lane(lanes, 0) + i64x2.extract_lane(lanes, 1), window);
  addValue(acc, floatSum(r0, r1));
  return DONE;
}

// @ts-ignore: decorator
@inline
function leastOf(smallest: v128): u32 {
  const low = min(<u32>i32x4.extract_lane(smallest, 0), <u32>i32x4.extract_lane(smallest, 1));
  const high = min(<u32>i32x4.extract_lane(smallest, 2), <u32>i32x4.extract_lane(smallest, 3));
  return min(low, high);
}

/** The exponent of a power of two that divides every square of a block whose smallest error, but for 0, has the bits (least + 1) / 2. */
// @ts-ignore: decorator
@inline
function squareBit(least: u32): i32 {
  return 2 * (max(<i32>(least >> 24), 1) - 150);
}

/**
 * The same for Huber losses in float32, which never fall as the error grows. NEVER if an error of the block is too small or, by the
 * sum being below 2^top only, perhaps too large for float32 steps.
 */
// @ts-ignore: decorator
@inline
function huberBit(least: u32, delta: f64, top: i32): i32 {
  if (least == <u32>-1) return 0;
  const smallest = reinterpret<f32>((least + 1) >> 1);
  const loss = huberSingle(smallest, <f32>delta);
  // An error of 2^60 would alone have brought its lane to half of 2^60 delta.
  const deltaExponent = <i32>(reinterpret<u64>(delta) >> 52) - 1023;
  if (!isSingleError(smallest) || top >= deltaExponent + 59) return NEVER;
  return <i32>(reinterpret<u32>(loss) >> 23) - 150;
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
