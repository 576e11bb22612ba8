// d loss / dz_k = p_k, and for k = y: minus the sum of all other p (p_y - 1 would cancel where the model is sure).
import { EXP_UNSCALE_F64 } from '../../src/reference/link/constants';
import { gather } from './four-rows';
import { enough, ownGradient, storeGroup, sumLogits, TILE as TILE_GROUPS, turnLogits } from './four-rows-gradient';
import { FINITE, ONE_INFINITE, rowMax, rowRest, rowScale, rowState, setRow } from './row';
import { LEAST_REST, max_f32, restStore_f32, scanStore_f32, top_f32 } from './scan-f32';
import { max_f64, restStore_f64, scanStore_f64 } from './scan-f64';

// @ts-ignore: decorator
@inline
export function scanStore<T>(row: usize, C: i32, g: usize): void {
  if (sizeof<T>() == 4) scanStore_f32(row, C, g);
  else scanStore_f64(row, C, g);
}

/** Multiplies the row stored by a scan with rowScale. */
// @ts-ignore: decorator
@inline
function scaleRow<T>(g: usize, C: i32): void {
  const scale = <T>rowScale;
  const scales = v128.splat<T>(scale);
  const end = g + <usize>C * sizeof<T>();
  let at = g;
  for (; at + 16 <= end; at += 16) {
    if (sizeof<T>() == 4) v128.store(at, f32x4.mul(v128.load(at), scales));
    else v128.store(at, f64x2.mul(v128.load(at), scales));
  }
  for (; at < end; at += sizeof<T>()) store<T>(at, <T>(load<T>(at) * scale));
}

/** Turns what a scan of `row` stored at g into probabilities, whatever the row's state. */
export function storeRow<T>(row: usize, C: i32, g: usize): void {
  scanStore<T>(row, C, g);
  if (rowState == FINITE) {
    scaleRow<T>(g, C);
    return;
  }
  const size = sizeof<T>();
  for (let k: usize = 0; k < <usize>C; k++) {
    const one: f64 = <f64>load<T>(row + k * size) == Infinity ? 1.0 : 0.0;
    store<T>(g + k * size, <T>(rowState == ONE_INFINITE ? one : NaN));
  }
}

/** 1 - p of one logit z of the row just scanned, its own probability left out instead of subtracted. */
// @ts-ignore: decorator
@inline
export function complement(z: f64, p: f64): f64 {
  const share = rowRest / (1.0 + rowRest);
  return z == rowMax ? share : 1.0 / (1.0 + rowRest) + (share - p);
}

export function zeroRow<T>(g: usize, C: i32): void {
  memory.fill(g, 0, <usize>C * sizeof<T>());
}

/** Rows in a tile: each step runs over the whole tile, so that the steps of many rows overlap in the processor. */
const TILE: i32 = 16;
const MAXIMA = memory.data(128, 16);
const RESTS = memory.data(128, 16);
const SCALES = memory.data(128, 16);

// @ts-ignore: decorator
@inline
function maxOf<T>(row: usize, C: i32): f64 {
  return sizeof<T>() == 4 ? <f64>max_f32(row, C) : max_f64<f64>(row, C);
}

/** Adds up row i of a tile, its exponentials kept at g. A row with a NaN where its sum should be needs care. */
// @ts-ignore: decorator
@inline
function sumRow<T>(row: usize, C: i32, i: usize, g: usize): void {
  const m = load<f64>(MAXIMA + (i << 3));
  if (sizeof<T>() == 4) {
    const rest = restStore_f32(row, C, <f32>m, g);
    store<f64>(RESTS + (i << 3), rest >= <f64>LEAST_REST ? rest : NaN);
    store<f64>(SCALES + (i << 3), 1.0 / (top_f32() * (1.0 + rest)));
  } else {
    const rest = restStore_f64(row, C, m, g);
    store<f64>(RESTS + (i << 3), rest);
    store<f64>(SCALES + (i << 3), EXP_UNSCALE_F64 / (1.0 + rest));
  }
}

/** Turns row i of a tile into its gradient. */
// @ts-ignore: decorator
@inline
function finishRow<T>(row: usize, y: i32, C: i32, i: usize, g: usize): void {
  if (y < 0) {
    zeroRow<T>(g, C);
    return;
  }
  const rest = load<f64>(RESTS + (i << 3));
  if (rest == rest) {
    setRow(load<f64>(MAXIMA + (i << 3)), rest, FINITE, load<f64>(SCALES + (i << 3)));
    scaleRow<T>(g, C);
  } else {
    storeRow<T>(row, C, g);
  }
  const at = <usize>y * sizeof<T>();
  store<T>(g + at, <T>(0.0 - complement(<f64>load<T>(row + at), <f64>load<T>(g + at))));
}

// @ts-ignore: decorator
@inline
function run<T>(z: usize, target: usize, rows: i32, C: i32, g: usize): void {
  const stride = <usize>C * sizeof<T>();
  const step = max(1, min(TILE, 4096 / C));
  for (let first: i32 = 0; first < rows; first += step) {
    const row = z + <usize>first * stride;
    const to = g + <usize>first * stride;
    const count = <usize>min(step, rows - first);
    for (let i: usize = 0; i < count; i++) store<f64>(MAXIMA + (i << 3), maxOf<T>(row + i * stride, C));
    for (let i: usize = 0; i < count; i++) sumRow<T>(row + i * stride, C, i, to + i * stride);
    for (let i: usize = 0; i < count; i++) {
      finishRow<T>(row + i * stride, load<i32>(target + ((<usize>first + i) << 2)), C, i, to + i * stride);
    }
  }
}

/** One row in full, with care for whatever it holds. */
function wholeRow(row: usize, y: i32, C: i32, g: usize): void {
  if (y < 0) {
    zeroRow<f32>(g, C);
    return;
  }
  storeRow<f32>(row, C, g);
  const at = <usize>y << 2;
  store<f32>(g + at, <f32>(0.0 - complement(<f64>load<f32>(row + at), <f64>load<f32>(g + at))));
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

/** Rows of 2 to 16 logits. */
function fewClasses(z: usize, target: usize, rows: i32, C: i32, g: usize): void {
  const stride = <usize>C << 2;
  const groups = <usize>rows >> 2;
  for (let first: usize = 0; first < groups; first += TILE_GROUPS) {
    const row = z + (first << 2) * stride;
    const to = g + (first << 2) * stride;
    const count = min(TILE_GROUPS, groups - first);
    for (let i: usize = 0; i < count; i++) turnLogits(i, row + (i << 2) * stride, stride, <usize>C);
    for (let i: usize = 0; i < count; i++) sumLogits(i, <usize>C);
    for (let i: usize = 0; i < count; i++) {
      finishGroup(i, row + (i << 2) * stride, target + ((first + i) << 4), stride, C, 4, to + (i << 2) * stride);
    }
  }
  for (let i = groups << 2; i < <usize>rows; i++) {
    v128.store(TARGETS, v128.load32_splat(target + (i << 2)));
    turnLogits(0, z + i * stride, 0, <usize>C);
    sumLogits(0, <usize>C);
    finishGroup(0, z + i * stride, TARGETS, 0, C, 1, g + i * stride);
  }
}

/** Gradient of cross_entropy_logits_f32 by the logits. */
export function cross_entropy_logits_gradient_f32(z: usize, target: usize, rows: i32, C: i32, g: usize): void {
  if (C > 1 && C <= 16) fewClasses(z, target, rows, C, g);
  else run<f32>(z, target, rows, C, g);
}

/** Gradient of cross_entropy_logits_f64 by the logits. */
export function cross_entropy_logits_gradient_f64(z: usize, target: usize, rows: i32, C: i32, g: usize): void {
  run<f64>(z, target, rows, C, g);
}
