// Rows of 3 to 128 float32 logits, four at a time, turned so that a lane is a row: no sums across lanes, one log1p for four rows.
// The maximum is sifted out on the way, so that the sum never holds it.
import { base_f32x4, least_f32x4, power_f32x4, round_f32x4 } from './scan-f32';

/** Groups of four rows in a tile. Each step runs over the whole tile, so that the steps of many groups overlap in the processor. */
export const TILE: usize = 8;

/** By group: all logits but each row's maximum, one vector a place. */
const COLUMNS = memory.data(16256, 16);
const GROUP_BYTES: usize = 2032;

/** By group: the maxima m, and the sums of e^(z - m) over the other logits. */
export const MAXIMA = memory.data(128, 16);
export const OTHERS = memory.data(128, 16);

/** The smaller of the maximum so far and the next class goes to the column, the larger on. A NaN goes one way or the other. */
// @ts-ignore: decorator
@inline
function sift(z: v128, m: v128, column: usize): v128 {
  v128.store(column, f32x4.pmin(m, z));
  return f32x4.pmax(z, m);
}

/** Four vectors of four lanes with rows and lanes exchanged, one of the four results at a time. */
// @ts-ignore: decorator
@inline
export function turned(a: v128, b: v128, c: v128, d: v128, k: i32): v128 {
  if (k < 2) {
    const ab = i32x4.shuffle(a, b, 0, 4, 1, 5);
    const cd = i32x4.shuffle(c, d, 0, 4, 1, 5);
    return k == 0 ? i64x2.shuffle(ab, cd, 0, 2) : i64x2.shuffle(ab, cd, 1, 3);
  }
  const ab = i32x4.shuffle(a, b, 2, 6, 3, 7);
  const cd = i32x4.shuffle(c, d, 2, 6, 3, 7);
  return k == 2 ? i64x2.shuffle(ab, cd, 0, 2) : i64x2.shuffle(ab, cd, 1, 3);
}

/** Sifts four classes of four rows. */
// @ts-ignore: decorator
@inline
function turn(r0: usize, r1: usize, r2: usize, r3: usize, m: v128, to: usize): v128 {
  const a = v128.load(r0);
  const b = v128.load(r1);
  const c = v128.load(r2);
  const d = v128.load(r3);
  const m1 = sift(turned(a, b, c, d, 0), m, to);
  const m2 = sift(turned(a, b, c, d, 1), m1, to + 16);
  const m3 = sift(turned(a, b, c, d, 2), m2, to + 32);
  return sift(turned(a, b, c, d, 3), m3, to + 48);
}

/** One class of four rows. */
// @ts-ignore: decorator
@inline
export function gather(r0: usize, r1: usize, r2: usize, r3: usize): v128 {
  let z = v128.load32_zero(r0);
  z = v128.load32_lane(r1, z, 1);
  z = v128.load32_lane(r2, z, 2);
  return v128.load32_lane(r3, z, 3);
}

/** Turns group `g` of the tile. */
// @ts-ignore: decorator
@inline
export function turnGroup(g: usize, r0: usize, stride: usize, C: usize): void {
  const r1 = r0 + stride;
  const r2 = r1 + stride;
  const r3 = r2 + stride;
  let m = gather(r0, r1, r2, r3);
  let to = COLUMNS + g * GROUP_BYTES;
  let at: usize = 4;
  for (const end = ((C - 1) & ~3) << 2; at < end; at += 16) {
    m = turn(r0 + at, r1 + at, r2 + at, r3 + at, m, to);
    to += 64;
  }
  for (const end = C << 2; at < end; at += 4) {
    m = sift(gather(r0 + at, r1 + at, r2 + at, r3 + at), m, to);
    to += 16;
  }
  v128.store(MAXIMA + (g << 4), m);
}

/** Adds up group `g`, turned before. */
// @ts-ignore: decorator
@inline
export function sumGroup(g: usize, C: usize): void {
  const m = v128.load(MAXIMA + (g << 4));
  const base = base_f32x4(m);
  const least = least_f32x4(m, base);
  const round = round_f32x4(m, base);
  let sum = f32x4.splat(0);
  const columns = COLUMNS + g * GROUP_BYTES;
  let at = columns;
  for (const end = at + (((C - 1) & ~3) << 4); at < end; ) {
    // Sixteen at a time, so that no term goes through many roundings.
    let part = f32x4.splat(0);
    for (const stop = min(at + 256, end); at < stop; at += 64) {
      const e0 = power_f32x4(v128.load(at), base, least, round);
      const e1 = power_f32x4(v128.load(at, 16), base, least, round);
      const e2 = power_f32x4(v128.load(at, 32), base, least, round);
      const e3 = power_f32x4(v128.load(at, 48), base, least, round);
      part = f32x4.add(part, f32x4.add(f32x4.add(e0, e1), f32x4.add(e2, e3)));
    }
    sum = f32x4.add(sum, part);
  }
  let rest = f32x4.splat(0);
  for (const end = columns + ((C - 1) << 4); at < end; at += 16) {
    rest = f32x4.add(rest, power_f32x4(v128.load(at), base, least, round));
  }
  v128.store(OTHERS + (g << 4), f32x4.div(f32x4.add(sum, rest), power_f32x4(m, base, least, round)));
}
