// The cross-entropy gradient of 2 to 16 float32 logits a row, four rows at a time.
import { gather } from './four-rows';
import { fewClasses, storeLosses } from './few-classes';
import { enough, MAXIMA, othersOfGroup, ownGradient, storeGroup, sumLogits, TILE, turnLogits } from './four-rows-gradient';
import { storeRow, turnOwn, zeroRow } from './row-gradient';
import { base_f32x4, LEAST_REST, least_f32x4, power_f32x4, round_f32x4 } from './scan-f32';
import { c32, ONE } from '../link/table';

/** One row in full, with care for whatever it holds. */
function wholeRow(row: usize, y: i32, C: i32, g: usize): void {
  if (y < 0) {
    zeroRow<f32>(g, C);
    return;
  }
  storeRow<f32>(row, C, g);
  turnOwn<f32>(row, y, g);
}

/** Where the target's element lies; of a skipped row, any element. */
// @ts-ignore: decorator
@inline
function place(row: usize, y: i32): usize {
  return row + (<usize>max(y, 0) << 2);
}

/** Group `g` of a tile: probabilities, then the targets' elements; rows to be skipped or recomputed are redone one by one. */
// @ts-ignore: decorator
@inline
function finishGroup(g: usize, row: usize, target: usize, stride: usize, C: i32, lanes: i32, to: usize): void {
  const y0 = load<i32>(target);
  const y1 = load<i32>(target, 4);
  const y2 = load<i32>(target, 8);
  const y3 = load<i32>(target, 12);
  const r2 = stride << 1;
  const r3 = r2 + stride;
  storeGroup(g, to, stride, <usize>C);
  const z = gather(place(row, y0), place(row + stride, y1), place(row + r2, y2), place(row + r3, y3));
  const p0 = place(to, y0);
  const p1 = place(to + stride, y1);
  const p2 = place(to + r2, y2);
  const p3 = place(to + r3, y3);
  const own = ownGradient(g, z, gather(p0, p1, p2, p3));
  v128.store32_lane(p0, own, 0);
  if (lanes == 4) {
    v128.store32_lane(p1, own, 1);
    v128.store32_lane(p2, own, 2);
    v128.store32_lane(p3, own, 3);
  }
  const done = i32x4.bitmask(v128.and(enough(g), i32x4.ge_s(v128.load(target), i32x4.splat(0))));
  if (done == 15) return;
  for (let j: i32 = 0; j < lanes; j++) {
    const at = <usize>j * stride;
    if (!((done >> j) & 1)) wholeRow(row + at, load<i32>(target + (<usize>j << 2)), C, to + at);
  }
}

/** Targets of the last rows: one of them, four times. */
const TARGETS = memory.data(16, 16);
/** The last rows of two logits, and their gradient. */
const PAIRS = memory.data(32, 16);
const SLOPES = memory.data(32, 16);

/** `groups` times four rows, `stride` bytes apart, of which `lanes` are kept. */
function tile(row: usize, target: usize, stride: usize, groups: usize, C: i32, lanes: i32, to: usize): void {
  const step = stride << 2;
  for (let i: usize = 0; i < groups; i++) turnLogits(i, row + i * step, stride, <usize>C);
  for (let i: usize = 0; i < groups; i++) sumLogits(i, <usize>C);
  for (let i: usize = 0; i < groups; i++) {
    finishGroup(i, row + i * step, target + (i << 4), stride, C, lanes, to + i * step);
  }
}

/**
 * Four rows of 2 logits: the steps of turnLogits, sumLogits and finishGroup, without their round trips through memory. The maximum's own
 * exponential is that of the logit which is it.
 */
// @ts-ignore: decorator
@inline
function pairGroup(row: usize, target: usize, g: usize): void {
  const a = v128.load(row);
  const b = v128.load(row, 16);
  const first = i32x4.shuffle(a, b, 0, 2, 4, 6);
  const second = i32x4.shuffle(a, b, 1, 3, 5, 7);
  const m = f32x4.pmax(second, f32x4.pmax(first, f32x4.splat(-Infinity)));
  const base = base_f32x4(m);
  const least = least_f32x4(m, base);
  const round = round_f32x4(m, base);
  const e0 = power_f32x4(first, base, least, round);
  const e1 = power_f32x4(second, base, least, round);
  const t0 = f32x4.eq(first, m);
  const t1 = f32x4.eq(second, m);
  const one = c32(ONE);
  const count = f32x4.convert_i32x4_s(i32x4.sub(i32x4.splat(-1), i32x4.add(t0, t1)));
  const top = v128.bitselect(e0, e1, t0);
  const rest = f32x4.add(f32x4.div(f32x4.add(v128.andnot(e0, t0), v128.andnot(e1, t1)), top), count);
  const total = f32x4.add(one, rest);
  const scale = f32x4.div(one, f32x4.mul(top, total));
  const p0 = f32x4.mul(e0, scale);
  const p1 = f32x4.mul(e1, scale);
  const share = f32x4.div(rest, total);
  const target4 = v128.load(target);
  const isSecond = i32x4.gt_s(target4, i32x4.splat(0));
  const others = f32x4.add(f32x4.div(one, total), f32x4.sub(share, v128.bitselect(p1, p0, isSecond)));
  const own = f32x4.sub(f32x4.splat(0), v128.bitselect(share, others, v128.bitselect(t1, t0, isSecond)));
  const g0 = v128.bitselect(p0, own, isSecond);
  const g1 = v128.bitselect(own, p1, isSecond);
  v128.store(g, i32x4.shuffle(g0, g1, 0, 4, 1, 5));
  v128.store(g, i32x4.shuffle(g0, g1, 2, 6, 3, 7), 16);
  const enough = f32x4.ge(rest, f32x4.splat(LEAST_REST));
  const done = i32x4.bitmask(v128.and(enough, i32x4.ge_s(target4, i32x4.splat(0))));
  if (done != 15) mendPairs(row, target, done, g);
}

function mendPairs(row: usize, target: usize, done: i32, g: usize): void {
  for (let j: usize = 0; j < 4; j++) {
    if (!((done >> <i32>j) & 1)) wholeRow(row + (j << 3), load<i32>(target + (j << 2)), 2, g + (j << 3));
  }
}

/** Rows of 2 logits. */
function pairsGradient(z: usize, target: usize, rows: i32, g: usize): void {
  const groups = <usize>rows >> 2;
  for (let i: usize = 0; i < groups; i++) pairGroup(z + (i << 5), target + (i << 4), g + (i << 5));
  const left = <usize>rows & 3;
  if (left == 0) return;
  const at = groups << 5;
  memory.copy(PAIRS, z + at, left << 3);
  v128.store(TARGETS, i32x4.splat(-1));
  memory.copy(TARGETS, target + (groups << 4), left << 2);
  pairGroup(PAIRS, TARGETS, SLOPES);
  memory.copy(g + at, SLOPES, left << 3);
}

/** Rows of 2 to 16 logits. */
export function fewClassesGradient(z: usize, target: usize, rows: i32, C: i32, g: usize): void {
  if (C == 2) {
    pairsGradient(z, target, rows, g);
    return;
  }
  const stride = <usize>C << 2;
  const groups = <usize>rows >> 2;
  for (let i: usize = 0; i < groups; i += TILE) {
    const at = (i << 2) * stride;
    tile(z + at, target + (i << 4), stride, min(TILE, groups - i), C, 4, g + at);
  }
  for (let i = groups << 2; i < <usize>rows; i++) {
    // One row stands in all four places.
    v128.store(TARGETS, v128.load32_splat(target + (i << 2)));
    tile(z + i * stride, TARGETS, 0, 1, C, 1, g + i * stride);
  }
}

/** Losses and gradient of rows of 3 to 16 logits, each exponential computed once. */
export function fewClassesBoth(z: usize, target: usize, rows: i32, C: i32, out: usize, g: usize): void {
  const stride = <usize>C << 2;
  const step = stride << 2;
  const groups = <usize>rows >> 2;
  for (let first: usize = 0; first < groups; first += TILE) {
    const count = min(TILE, groups - first);
    const row = z + first * step;
    const to = g + first * step;
    const y = target + (first << 4);
    const losses = out + (first << 5);
    for (let i: usize = 0; i < count; i++) turnLogits(i, row + i * step, stride, <usize>C);
    for (let i: usize = 0; i < count; i++) sumLogits(i, <usize>C);
    for (let i: usize = 0; i < count; i++) {
      const at = row + i * step;
      const others = othersOfGroup(i, at, stride, <usize>C);
      storeLosses(others, v128.load(MAXIMA + (i << 4)), at, stride, y + (i << 4), C, losses + (i << 5));
    }
    for (let i: usize = 0; i < count; i++) finishGroup(i, row + i * step, y + (i << 4), stride, C, 4, to + i * step);
  }
  const done = groups << 2;
  fewClasses(z + done * stride, target + (done << 2), rows & 3, C, out + (done << 3));
  fewClassesGradient(z + done * stride, target + (done << 2), rows & 3, C, g + done * stride);
}
