// A row of float32 logits. e^(z - m) is computed as 2^(k - N) e^r with z = k ln2 + r and N near m / ln2: z - m is never rounded, so that a
// row that is sure of itself keeps full relative precision. Beyond |m| = 512 the difference is exact anyway, and is taken first.
import { expShifted_f32x4 } from '../link/exp';
import { c32, LN2_HIGH, LOG2E, ROUND } from '../link/table';
import { FINITE, rowMax, rowRest, rowScale, rowState, setRow } from './row';
import { scan_f64, storeProbabilities } from './scan-f64';

/** Sums below 2^-96 (or NaN) are left to float64. */
export const LEAST_REST: f32 = 1.262177448353619e-29;
const DIRECT: f32 = 512;

/** Subtracted from each logit before the exponential: 0, or the maximum where that is large. */
// @ts-ignore: decorator
@inline
export function base_f32x4(m: v128): v128 {
  return v128.andnot(m, f32x4.le(f32x4.abs(m), f32x4.splat(DIRECT)));
}

/** ROUND - N: turns the exponential of z - base into that of z - m, but for a factor common to the row. */
// @ts-ignore: decorator
@inline
export function round_f32x4(m: v128, base: v128): v128 {
  const round = c32(ROUND);
  const t = f32x4.add(f32x4.mul(f32x4.sub(m, base), c32(LOG2E)), round);
  return f32x4.sub(round, f32x4.sub(t, round));
}

/** The least argument: 104 below the maximum, where float32 results end. */
// @ts-ignore: decorator
@inline
export function least_f32x4(m: v128, base: v128): v128 {
  return f32x4.sub(f32x4.sub(m, base), f32x4.splat(104.0));
}

/** 2^24 e^(z - m) times the row's common factor. */
// @ts-ignore: decorator
@inline
export function power_f32x4(z: v128, base: v128, least: v128, round: v128): v128 {
  return expShifted_f32x4(f32x4.pmax(f32x4.sub(z, base), least), round);
}

/** The last 1 to 3 logits of a row, padded. */
// @ts-ignore: decorator
@inline
export function loadRest_f32(at: usize, count: i32, pad: v128): v128 {
  let z = v128.load32_lane(at, pad, 0);
  if (count > 1) z = v128.load32_lane(at, z, 1, 4);
  if (count > 2) z = v128.load32_lane(at, z, 2, 8);
  return z;
}

// @ts-ignore: decorator
@inline
function storeRest_f32(at: usize, count: i32, e: v128): void {
  v128.store32_lane(at, e, 0);
  if (count > 1) v128.store32_lane(at, e, 1, 4);
  if (count > 2) v128.store32_lane(at, e, 2, 8);
}

/** The row's maximum. A NaN need not survive: the sum finds it. */
export function max_f32(row: usize, C: i32): f32 {
  let a = v128.load32_splat(row);
  let b = a;
  let at = row;
  for (const end = row + (<usize>(C & ~7) << 2); at < end; at += 32) {
    a = f32x4.pmax(v128.load(at), a);
    b = f32x4.pmax(v128.load(at, 16), b);
  }
  if (C & 4) {
    a = f32x4.pmax(v128.load(at), a);
    at += 16;
  }
  if (C & 3) b = f32x4.pmax(loadRest_f32(at, C & 3, b), b);
  a = f32x4.pmax(a, b);
  a = f32x4.pmax(a, i32x4.shuffle(a, a, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.pmax(a, i32x4.shuffle(a, a, 1, 0, 3, 2)), 0);
}

/** Adds the four lanes, in float64, to two float64 lanes: lanes 0 and 2, lanes 1 and 3. */
// @ts-ignore: decorator
@inline
function widen(sum: v128, e: v128): v128 {
  const high = f64x2.promote_low_f32x4(i32x4.shuffle(e, e, 2, 3, 2, 3));
  return f64x2.add(sum, f64x2.add(f64x2.promote_low_f32x4(e), high));
}

/** What the row at hand has added up to so far: two float64 lanes, and how many logits equalled the maximum. */
let sum: v128 = f64x2.splat(0);
let count: v128 = i32x4.splat(0);

/** Blocks of four vectors, each added up as a tree in float32, the blocks in float64. With `keep`, e of every logit is stored at g. */
// @ts-ignore: decorator
@inline
function addBlocks(
  row: usize, end: usize, m: v128, base: v128, least: v128, round: v128, most: v128, keep: bool, g: usize,
): void {
  let total = f64x2.splat(0);
  let ties = i32x4.splat(0);
  for (let at: usize = row; at < end; at += 64) {
    const z0 = v128.load(at);
    const z1 = v128.load(at, 16);
    const z2 = v128.load(at, 32);
    const z3 = v128.load(at, 48);
    const e0 = power_f32x4(z0, base, least, round);
    const e1 = power_f32x4(z1, base, least, round);
    const e2 = power_f32x4(z2, base, least, round);
    const e3 = power_f32x4(z3, base, least, round);
    if (keep) storeFour(g + (at - row), e0, e1, e2, e3);
    let four = f32x4.add(f32x4.add(e0, e1), f32x4.add(e2, e3));
    // No term is negative, so a block that holds the maximum adds up to at least `most`; few others do.
    if (v128.any_true(f32x4.ge(four, most))) {
      const t0 = f32x4.eq(z0, m);
      const t1 = f32x4.eq(z1, m);
      const t2 = f32x4.eq(z2, m);
      const t3 = f32x4.eq(z3, m);
      ties = i32x4.sub(ties, i32x4.add(i32x4.add(t0, t1), i32x4.add(t2, t3)));
      const low = f32x4.add(v128.andnot(e0, t0), v128.andnot(e1, t1));
      four = f32x4.add(low, f32x4.add(v128.andnot(e2, t2), v128.andnot(e3, t3)));
    }
    total = widen(total, four);
  }
  sum = total;
  count = ties;
}

// @ts-ignore: decorator
@inline
function storeFour(at: usize, e0: v128, e1: v128, e2: v128, e3: v128): void {
  v128.store(at, e0);
  v128.store(at, e1, 16);
  v128.store(at, e2, 32);
  v128.store(at, e3, 48);
}

/** One vector of exponentials of the logits z. */
// @ts-ignore: decorator
@inline
function addVector(z: v128, e: v128, m: v128): void {
  const tie = f32x4.eq(z, m);
  count = i32x4.sub(count, tie);
  sum = widen(sum, v128.andnot(e, tie));
}

/** Of the row last added up: 2^24 e^(z - m) of the maximum itself, near 2^24; every stored e is a multiple of it. */
let top: f64 = 1;

/** Sum of e^(z - m) over all logits but one that equals m: those that do are counted, not added. */
// @ts-ignore: decorator
@inline
function rest(row: usize, C: i32, max: f32, keep: bool, g: usize): f64 {
  const m = f32x4.splat(max);
  const base = base_f32x4(m);
  const least = least_f32x4(m, base);
  const round = round_f32x4(m, base);
  const most = power_f32x4(m, base, least, round);
  let at = row + (<usize>(C & ~15) << 2);
  addBlocks(row, at, m, base, least, round, most, keep, g);
  for (const end = row + (<usize>(C & ~3) << 2); at < end; at += 16) {
    const e = power_f32x4(v128.load(at), base, least, round);
    if (keep) v128.store(g + (at - row), e);
    addVector(v128.load(at), e, m);
  }
  let equal = -1;
  if (C & 3) {
    const z = loadRest_f32(at, C & 3, m);
    const e = power_f32x4(z, base, least, round);
    if (keep) storeRest_f32(g + (at - row), C & 3, e);
    addVector(z, e, m);
    equal = (C & 3) - 5;
  }
  const halves = i32x4.add(count, i32x4.shuffle(count, count, 2, 3, 2, 3));
  equal += i32x4.extract_lane(halves, 0) + i32x4.extract_lane(halves, 1);
  top = <f64>f32x4.extract_lane(most, 0);
  return (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)) / top + <f64>equal;
}

/** Sum of e^(z - m) over all logits of a row but its first maximum m, float32 steps; NaN or below LEAST_REST where those do not suffice. */
export function rest_f32(row: usize, C: i32, max: f32): f64 {
  return rest(row, C, max, false, 0);
}

/** As `rest_f32`; stores e^(z - m) times `top_f32()` at g. */
export function restStore_f32(row: usize, C: i32, max: f32, g: usize): f64 {
  return rest(row, C, max, true, g);
}

/** What multiplies every e of the row last stored. */
// @ts-ignore: decorator
@inline
export function top_f32(): f64 {
  return top;
}

/** Scans a row of float32 logits. */
export function scan_f32(row: usize, C: i32): void {
  const m = max_f32(row, C);
  const others = rest_f32(row, C, m);
  if (others >= <f64>LEAST_REST) setRow(<f64>m, others, FINITE, NaN);
  else scan_f64<f32>(row, C);
}

/** Also stores e^(z - m), to be multiplied by rowScale, at g. */
export function scanStore_f32(row: usize, C: i32, g: usize): void {
  const m = max_f32(row, C);
  const others = rest(row, C, m, true, g);
  if (others >= <f64>LEAST_REST) {
    setRow(<f64>m, others, FINITE, 1.0 / (top * (1.0 + others)));
    return;
  }
  scan_f64<f32>(row, C);
  if (rowState != FINITE) return;
  storeProbabilities<f32>(row, C, rowMax, rowScale, g);
  setRow(rowMax, rowRest, FINITE, 1.0);
}
