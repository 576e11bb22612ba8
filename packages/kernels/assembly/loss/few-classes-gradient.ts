// The cross-entropy gradient of 2 to 16 float32 logits a row, four rows at a time.
import { gather } from './four-rows';
import { fewClasses, storeLosses } from './few-classes';
import { enough, MAXIMA, othersOfGroup, ownGradient, storeGroup, sumLogits, TILE, turnLogits } from './four-rows-gradient';
import { storeRow, turnOwn, zeroRow } from './row-gradient';

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

/** `groups` times four rows, `stride` bytes apart, of which `lanes` are kept. */
function tile(row: usize, target: usize, stride: usize, groups: usize, C: i32, lanes: i32, to: usize): void {
  const step = stride << 2;
  for (let i: usize = 0; i < groups; i++) turnLogits(i, row + i * step, stride, <usize>C);
  for (let i: usize = 0; i < groups; i++) sumLogits(i, <usize>C);
  for (let i: usize = 0; i < groups; i++) {
    finishGroup(i, row + i * step, target + (i << 4), stride, C, lanes, to + i * step);
  }
}

/** Rows of 2 to 16 logits. */
export function fewClassesGradient(z: usize, target: usize, rows: i32, C: i32, g: usize): void {
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
