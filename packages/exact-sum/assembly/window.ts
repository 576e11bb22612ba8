import { addInteger, addValue, addValues, VALUES_WINDOW } from './accumulator';
import { MINUS_ONE } from './constants';

// Blocks of up to BLOCK values are summed exactly at SIMD speed by error-free transformation against a fixed grid ("window"):
//
//   s starts at 1.5 * 2^52 * u, so while the sum stays within 2^51 u, adding x rounds s + x to a multiple of u (u = 2^w);
//   r = x - (s' - s) is what rounding lost, exactly (Dekker's fast two-sum, |s| >= |x|), and |r| <= u / 2;
//   the r are all multiples of g, the lowest bit of any x of the block, so adding them plainly is exact while they stay within 2^53 g.
//
// Both bounds follow from the block's largest and smallest exponents, which the same pass finds. A block with a wider range gets more
// levels: r goes through a second and third window 2^-44 below the last before it is added plainly. What is still too wide, and NaN
// and the infinities, are added one by one. Zeros have no lowest bit and never count against the range.

/** Values of a block; the bounds below are for this many in four lanes. */
export const BLOCK: i32 = 1024;

/** 256 values below 2^(top - 1022) stay within 2^51 u. */
const ROOM_ABOVE: i32 = 1065;
/** 1024 rounding errors of u / 2 stay within 2^53 g, g = 2^(bottom - 1075). */
const ROOM_BELOW: i32 = 1031;
const LEVEL_STEP: i32 = 44;
const HIGHEST_WINDOW: i32 = 960;
const SPECIAL: i32 = 2047;

/** Largest and smallest exponent field that the last pass over a block found. */
let top: i32 = 0;
let bottom: i32 = 0;

/** Adds n float64 at x to the accumulator, exactly. */
export function exact_add_f64(acc: usize, x: usize, n: i32): void {
  for (let i: i32 = 0; i < n; i += BLOCK) addBlock(acc, x + (<usize>i << 3), min(BLOCK, n - i), acc + VALUES_WINDOW, 0);
}

/**
 * Adds at most BLOCK values and returns the exponent field of the largest. `window` is where the accumulator keeps the window for
 * values of this kind; `spare` is how many of the 53 bits are 0 at the low end of every value.
 */
export function addBlock(acc: usize, x: usize, n: i32, window: usize, spare: i32): i32 {
  const body = n & ~3;
  if (body != n) addValues(acc, x + (<usize>body << 3), n - body);
  if (body == 0) return 0;
  if (twoLevels(acc, x, body, load<i32>(window), spare)) return top;
  const above = top - ROOM_ABOVE;
  const below = max(bottom, 1) - ROOM_BELOW + spare;
  if (top == SPECIAL || above > HIGHEST_WINDOW) addValues(acc, x, body);
  else if (above <= below) {
    // Two exponents of room for larger values to come, where the range of this block leaves it.
    const wider = min(min(above + 2, below), HIGHEST_WINDOW);
    store<i32>(window, wider);
    twoLevels(acc, x, body, wider, spare);
  } else if (above <= below + LEVEL_STEP) threeLevels(acc, x, body, above);
  else if (above <= below + 2 * LEVEL_STEP) fourLevels(acc, x, body, above);
  else addValues(acc, x, body);
  return top;
}

// @ts-ignore: decorator
@inline
export function start(window: i32): f64 {
  return reinterpret<f64>((<u64>(window + 52 + 1023) << 52) | (1 << 51));
}

// @ts-ignore: decorator
@inline
export function laneSum(a: v128, b: v128, from: v128): i64 {
  const lanes = i64x2.add(i64x2.sub(a, from), i64x2.sub(b, from));
  return i64x2.extract_lane(lanes, 0) + i64x2.extract_lane(lanes, 1);
}

// @ts-ignore: decorator
@inline
export function floatSum(a: v128, b: v128): f64 {
  const lanes = f64x2.add(a, b);
  return f64x2.extract_lane(lanes, 0) + f64x2.extract_lane(lanes, 1);
}

/** Finds the block's range and adds it in one window; adds nothing and returns false where the range does not fit the window. */
function twoLevels(acc: usize, x: usize, n: i32, window: i32, spare: i32): bool {
  const first = f64x2.splat(start(window));
  const minusOne = v128.load(MINUS_ONE);
  let s0 = first;
  let s1 = first;
  let r0 = f64x2.splat(0);
  let r1 = f64x2.splat(0);
  let largest = i64x2.splat(0);
  let smallest = i64x2.splat(-1);
  const end = x + (<usize>n << 3);
  for (; x < end; x += 32) {
    const x0 = v128.load(x);
    const t0 = f64x2.add(s0, x0);
    r0 = f64x2.add(r0, f64x2.sub(x0, f64x2.sub(t0, s0)));
    s0 = t0;
    const b0 = i64x2.add(x0, x0);
    largest = i32x4.max_u(largest, b0);
    smallest = i32x4.min_u(smallest, i64x2.add(b0, minusOne));
    const x1 = v128.load(x, 16);
    const t1 = f64x2.add(s1, x1);
    r1 = f64x2.add(r1, f64x2.sub(x1, f64x2.sub(t1, s1)));
    s1 = t1;
    const b1 = i64x2.add(x1, x1);
    largest = i32x4.max_u(largest, b1);
    smallest = i32x4.min_u(smallest, i64x2.add(b1, minusOne));
  }
  top = <i32>(max(<u32>i32x4.extract_lane(largest, 1), <u32>i32x4.extract_lane(largest, 3)) >> 21);
  bottom = <i32>(min(<u32>i32x4.extract_lane(smallest, 1), <u32>i32x4.extract_lane(smallest, 3)) >> 21);
  if (!fits(top, bottom, window, spare)) return false;
  addInteger(acc, laneSum(s0, s1, first), window);
  addValue(acc, floatSum(r0, r1));
  return true;
}

/** Do a block's exponent fields fit a window of two levels? */
// @ts-ignore: decorator
@inline
export function fits(top: i32, bottom: i32, window: i32, spare: i32): bool {
  return top != SPECIAL && top - ROOM_ABOVE <= window && window <= max(bottom, 1) - ROOM_BELOW + spare;
}

/** As twoLevels, with a second window below; the caller has made sure that the range fits. */
function threeLevels(acc: usize, x: usize, n: i32, window: i32): void {
  const first = f64x2.splat(start(window));
  const second = f64x2.splat(start(window - LEVEL_STEP));
  let s0 = first;
  let s1 = first;
  let m0 = second;
  let m1 = second;
  let r0 = f64x2.splat(0);
  let r1 = f64x2.splat(0);
  const end = x + (<usize>n << 3);
  for (; x < end; x += 32) {
    const x0 = v128.load(x);
    const t0 = f64x2.add(s0, x0);
    const y0 = f64x2.sub(x0, f64x2.sub(t0, s0));
    s0 = t0;
    const v0 = f64x2.add(m0, y0);
    r0 = f64x2.add(r0, f64x2.sub(y0, f64x2.sub(v0, m0)));
    m0 = v0;
    const x1 = v128.load(x, 16);
    const t1 = f64x2.add(s1, x1);
    const y1 = f64x2.sub(x1, f64x2.sub(t1, s1));
    s1 = t1;
    const v1 = f64x2.add(m1, y1);
    r1 = f64x2.add(r1, f64x2.sub(y1, f64x2.sub(v1, m1)));
    m1 = v1;
  }
  addInteger(acc, laneSum(s0, s1, first), window);
  addInteger(acc, laneSum(m0, m1, second), window - LEVEL_STEP);
  addValue(acc, floatSum(r0, r1));
}

/** As threeLevels, with a third window. */
function fourLevels(acc: usize, x: usize, n: i32, window: i32): void {
  const first = f64x2.splat(start(window));
  const second = f64x2.splat(start(window - LEVEL_STEP));
  const third = f64x2.splat(start(window - 2 * LEVEL_STEP));
  let s0 = first;
  let s1 = first;
  let m0 = second;
  let m1 = second;
  let q0 = third;
  let q1 = third;
  let r0 = f64x2.splat(0);
  let r1 = f64x2.splat(0);
  const end = x + (<usize>n << 3);
  for (; x < end; x += 32) {
    const x0 = v128.load(x);
    const t0 = f64x2.add(s0, x0);
    const y0 = f64x2.sub(x0, f64x2.sub(t0, s0));
    s0 = t0;
    const v0 = f64x2.add(m0, y0);
    const z0 = f64x2.sub(y0, f64x2.sub(v0, m0));
    m0 = v0;
    const p0 = f64x2.add(q0, z0);
    r0 = f64x2.add(r0, f64x2.sub(z0, f64x2.sub(p0, q0)));
    q0 = p0;
    const x1 = v128.load(x, 16);
    const t1 = f64x2.add(s1, x1);
    const y1 = f64x2.sub(x1, f64x2.sub(t1, s1));
    s1 = t1;
    const v1 = f64x2.add(m1, y1);
    const z1 = f64x2.sub(y1, f64x2.sub(v1, m1));
    m1 = v1;
    const p1 = f64x2.add(q1, z1);
    r1 = f64x2.add(r1, f64x2.sub(z1, f64x2.sub(p1, q1)));
    q1 = p1;
  }
  addInteger(acc, laneSum(s0, s1, first), window);
  addInteger(acc, laneSum(m0, m1, second), window - LEVEL_STEP);
  addInteger(acc, laneSum(q0, q1, third), window - 2 * LEVEL_STEP);
  addValue(acc, floatSum(r0, r1));
}
