// The gradient for rows of 2 to 16 float32 logits, four rows at a time, turned so that a lane is a row.
import { c32, ONE } from '../link/table';
import { gather, turned } from './four-rows';
import { base_f32x4, LEAST_REST, least_f32x4, power_f32x4, round_f32x4 } from './scan-f32';

/** Groups of four rows in a tile. */
export const TILE: usize = 8;

/** By group: the logits, then their exponentials, one vector a class. */
const COLUMNS = memory.data(2048, 16);
const GROUP_BYTES: usize = 256;
/** By group: maxima, sums of the other exponentials, and what turns a stored exponential into a probability. */
export const MAXIMA = memory.data(128, 16);
export const RESTS = memory.data(128, 16);
const SCALES = memory.data(128, 16);

/** Turns group `g` of the tile. */
// @ts-ignore: decorator
@inline
export function turnLogits(g: usize, row: usize, stride: usize, C: usize): void {
  const r1 = row + stride;
  const r2 = r1 + stride;
  const r3 = r2 + stride;
  let m = f32x4.splat(-Infinity);
  let to = COLUMNS + g * GROUP_BYTES;
  let at: usize = 0;
  for (const end = (C & ~3) << 2; at < end; at += 16) {
    const a = v128.load(row + at);
    const b = v128.load(r1 + at);
    const c = v128.load(r2 + at);
    const d = v128.load(r3 + at);
    const z0 = turned(a, b, c, d, 0);
    const z1 = turned(a, b, c, d, 1);
    const z2 = turned(a, b, c, d, 2);
    const z3 = turned(a, b, c, d, 3);
    v128.store(to, z0);
    v128.store(to, z1, 16);
    v128.store(to, z2, 32);
    v128.store(to, z3, 48);
    m = f32x4.pmax(f32x4.pmax(z0, z1), f32x4.pmax(f32x4.pmax(z2, z3), m));
    to += 64;
  }
  for (const end = C << 2; at < end; at += 4) {
    const z = gather(row + at, r1 + at, r2 + at, r3 + at);
    v128.store(to, z);
    m = f32x4.pmax(z, m);
    to += 16;
  }
  v128.store(MAXIMA + (g << 4), m);
}

/** Replaces the logits of group `g` by their exponentials and adds up those below the maximum; equal ones are counted. */
// @ts-ignore: decorator
@inline
export function sumLogits(g: usize, C: usize): void {
  const m = v128.load(MAXIMA + (g << 4));
  const base = base_f32x4(m);
  const least = least_f32x4(m, base);
  const round = round_f32x4(m, base);
  const columns = COLUMNS + g * GROUP_BYTES;
  let count = i32x4.splat(-1);
  let sum = f32x4.splat(0);
  let at = columns;
  for (const end = columns + ((C & ~1) << 4); at < end; at += 32) {
    const z0 = v128.load(at);
    const z1 = v128.load(at, 16);
    const e0 = power_f32x4(z0, base, least, round);
    const e1 = power_f32x4(z1, base, least, round);
    v128.store(at, e0);
    v128.store(at, e1, 16);
    const t0 = f32x4.eq(z0, m);
    const t1 = f32x4.eq(z1, m);
    count = i32x4.sub(count, i32x4.add(t0, t1));
    sum = f32x4.add(sum, f32x4.add(v128.andnot(e0, t0), v128.andnot(e1, t1)));
  }
  if (C & 1) {
    const z = v128.load(at);
    const e = power_f32x4(z, base, least, round);
    v128.store(at, e);
    const tie = f32x4.eq(z, m);
    count = i32x4.sub(count, tie);
    sum = f32x4.add(sum, v128.andnot(e, tie));
  }
  const top = power_f32x4(m, base, least, round);
  const rest = f32x4.add(f32x4.div(sum, top), f32x4.convert_i32x4_s(count));
  v128.store(RESTS + (g << 4), rest);
  v128.store(SCALES + (g << 4), f32x4.div(c32(ONE), f32x4.mul(top, f32x4.add(c32(ONE), rest))));
}

/** By place: the exponentials of one group but each row's maximum, as four-rows.ts sifts them. */
const SIFTED = memory.data(256, 16);

/**
 * The losses' sum of group `g`, from the exponentials that `sumLogits` left and the logits as rows: of the same numbers, in the same order as
 * turnGroup and sumGroup of four-rows.ts, which compute each exponential themselves.
 */
// @ts-ignore: decorator
@inline
export function othersOfGroup(g: usize, row: usize, stride: usize, C: usize): v128 {
  const r1 = row + stride;
  const r2 = r1 + stride;
  const r3 = r2 + stride;
  const columns = COLUMNS + g * GROUP_BYTES;
  let m = gather(row, r1, r2, r3);
  let top = v128.load(columns);
  for (let k: usize = 1; k < C; k++) {
    const at = k << 2;
    const z = gather(row + at, r1 + at, r2 + at, r3 + at);
    const e = v128.load(columns + (k << 4));
    const smaller = f32x4.lt(z, m);
    v128.store(SIFTED + ((k - 1) << 4), v128.bitselect(e, top, smaller));
    top = v128.bitselect(top, e, smaller);
    m = v128.bitselect(m, z, smaller);
  }
  let part = f32x4.splat(0);
  let at: usize = 0;
  for (const end = ((C - 1) & ~3) << 4; at < end; at += 64) {
    const low = f32x4.add(v128.load(SIFTED + at), v128.load(SIFTED + at, 16));
    part = f32x4.add(part, f32x4.add(low, f32x4.add(v128.load(SIFTED + at, 32), v128.load(SIFTED + at, 48))));
  }
  let rest = f32x4.splat(0);
  for (const end = (C - 1) << 4; at < end; at += 16) rest = f32x4.add(rest, v128.load(SIFTED + at));
  // A row with a NaN must not pass for a whole one, wherever the NaN went.
  const all = v128.load(RESTS + (g << 4));
  return f32x4.add(f32x4.div(f32x4.add(f32x4.add(f32x4.splat(0), part), rest), top), f32x4.sub(all, all));
}

/** Stores the probabilities of group `g` as rows. */
// @ts-ignore: decorator
@inline
export function storeGroup(g: usize, to: usize, stride: usize, C: usize): void {
  const scale = v128.load(SCALES + (g << 4));
  const r1 = to + stride;
  const r2 = r1 + stride;
  const r3 = r2 + stride;
  let from = COLUMNS + g * GROUP_BYTES;
  let at: usize = 0;
  for (const end = (C & ~3) << 2; at < end; at += 16) {
    const a = f32x4.mul(v128.load(from), scale);
    const b = f32x4.mul(v128.load(from, 16), scale);
    const c = f32x4.mul(v128.load(from, 32), scale);
    const d = f32x4.mul(v128.load(from, 48), scale);
    v128.store(to + at, turned(a, b, c, d, 0));
    v128.store(r1 + at, turned(a, b, c, d, 1));
    v128.store(r2 + at, turned(a, b, c, d, 2));
    v128.store(r3 + at, turned(a, b, c, d, 3));
    from += 64;
  }
  for (const end = C << 2; at < end; at += 4) {
    const p = f32x4.mul(v128.load(from), scale);
    v128.store32_lane(to + at, p, 0);
    v128.store32_lane(r1 + at, p, 1);
    v128.store32_lane(r2 + at, p, 2);
    v128.store32_lane(r3 + at, p, 3);
    from += 16;
  }
}

/** Whether float32 was enough, by row of group `g`. */
// @ts-ignore: decorator
@inline
export function enough(g: usize): v128 {
  return f32x4.ge(v128.load(RESTS + (g << 4)), f32x4.splat(LEAST_REST));
}

/** The gradient of the target's logit, by row of group `g`: minus the other probabilities, from its logit z and probability p. */
// @ts-ignore: decorator
@inline
export function ownGradient(g: usize, z: v128, p: v128): v128 {
  const rest = v128.load(RESTS + (g << 4));
  const total = f32x4.add(c32(ONE), rest);
  const share = f32x4.div(rest, total);
  const others = f32x4.add(f32x4.div(c32(ONE), total), f32x4.sub(share, p));
  const own = v128.bitselect(share, others, f32x4.eq(z, v128.load(MAXIMA + (g << 4))));
  return f32x4.sub(f32x4.splat(0), own);
}
