// value = log1p(sum of e^(z - m) over all logits but the first maximum m) + (m - z_y)
import { exp_f32x4 } from '../link/exp';
import { log1p_f32x4, log1p_f64, log1p_f64x2, log1pUnit_f32x4 } from '../link/log';
import { c32, SIGN_F32 } from '../link/table';
import { RESULT } from '../scratch';
import { gather, MAXIMA, OTHERS, sumGroup, TILE, turnGroup } from './four-rows';
import { FINITE, ONE_INFINITE, rowMax, rowRest, rowState } from './row';
import { LEAST_REST, max_f32, rest_f32, scan_f32 } from './scan-f32';
import { max_f64, rest_f64, scan_f64 } from './scan-f64';

/** log(sum of e^z) - m of the row just scanned. */
// @ts-ignore: decorator
@inline
export function excess(): f64 {
  return log1p_f64(rowRest);
}

/** log(sum of e^z) - z for one logit of the row just scanned, `log` being its `excess`. */
// @ts-ignore: decorator
@inline
export function distance(z: f64, log: f64): f64 {
  if (rowState == FINITE) return log + (rowMax - z);
  if (rowState == ONE_INFINITE) return z == Infinity ? 0.0 : Infinity;
  return NaN;
}

// @ts-ignore: decorator
@inline
export function scanRow<T>(row: usize, C: i32): void {
  if (sizeof<T>() == 4) scan_f32(row, C);
  else scan_f64<f64>(row, C);
}

/** The row's loss with care for infinities, its exponentials in float64. */
function slowLoss<T>(row: usize, y: i32, C: i32): f64 {
  scan_f64<T>(row, C);
  return distance(<f64>load<T>(row + <usize>y * sizeof<T>()), excess());
}

/** Where the target's logit lies; of a skipped row, any logit. */
// @ts-ignore: decorator
@inline
function place(row: usize, y: i32): usize {
  return row + (<usize>(y & ~(y >> 31)) << 2);
}

/** Stores four losses, 0 for skipped rows, and recomputes those that need float64. */
// @ts-ignore: decorator
@inline
function storeFour(low: v128, high: v128, slow: v128, target: usize, row: usize, stride: usize, C: i32, out: usize): void {
  const used = i32x4.ge_s(v128.load(target), i32x4.splat(0));
  v128.store(out, v128.and(low, i64x2.extend_low_i32x4_s(used)));
  v128.store(out, v128.and(high, i64x2.extend_high_i32x4_s(used)), 16);
  const redo = v128.and(slow, used);
  if (!v128.any_true(redo)) return;
  const lanes = i32x4.bitmask(redo);
  for (let j: usize = 0; j < 4; j++) {
    if ((lanes >> <i32>j) & 1) store<f64>(out + (j << 3), slowLoss<f32>(row + j * stride, load<i32>(target + (j << 2)), C));
  }
}

/** The losses of group `g`, added up before. */
// @ts-ignore: decorator
@inline
function finishGroup(g: usize, row: usize, stride: usize, target: usize, C: i32, out: usize): void {
  const r1 = row + stride;
  const r2 = r1 + stride;
  const r3 = r2 + stride;
  const others = v128.load(OTHERS + (g << 4));
  const m = v128.load(MAXIMA + (g << 4));
  const log = log1p_f32x4(others);
  const z = gather(
    place(row, load<i32>(target)),
    place(r1, load<i32>(target, 4)),
    place(r2, load<i32>(target, 8)),
    place(r3, load<i32>(target, 12)),
  );
  const zHigh = i32x4.shuffle(z, z, 2, 3, 2, 3);
  const mHigh = i32x4.shuffle(m, m, 2, 3, 2, 3);
  const logHigh = i32x4.shuffle(log, log, 2, 3, 2, 3);
  const low = f64x2.sub(f64x2.promote_low_f32x4(m), f64x2.promote_low_f32x4(z));
  const high = f64x2.sub(f64x2.promote_low_f32x4(mHigh), f64x2.promote_low_f32x4(zHigh));
  storeFour(
    f64x2.add(low, f64x2.promote_low_f32x4(log)),
    f64x2.add(high, f64x2.promote_low_f32x4(logHigh)),
    v128.not(f32x4.ge(others, f32x4.splat(LEAST_REST))), target, row, stride, C, out,
  );
}

/**
 * Four rows of 2 logits as group `g`: d = the other logit - the target's, and e^-|d|. The loss is log(1 + e^d). What rounding took from d
 * is put back into the exponential.
 */
// @ts-ignore: decorator
@inline
function pairGroup(g: usize, row: usize, stride: usize, target: usize): void {
  const r2 = row + (stride << 1);
  const a = v128.load64_lane(row + stride, v128.load64_zero(row), 1);
  const b = v128.load64_lane(r2 + stride, v128.load64_zero(r2), 1);
  const first = i32x4.shuffle(a, b, 0, 2, 4, 6);
  const second = i32x4.shuffle(a, b, 1, 3, 5, 7);
  const flip = v128.and(i32x4.gt_s(v128.load(target), i32x4.splat(0)), v128.xor(first, second));
  const p = v128.xor(first, flip);
  const q = v128.xor(second, flip);
  const d = f32x4.sub(q, p);
  const back = f32x4.sub(d, q);
  const error = f32x4.sub(f32x4.sub(q, f32x4.sub(d, back)), f32x4.add(p, back));
  const sign = c32(SIGN_F32);
  const e = exp_f32x4(v128.or(d, sign));
  v128.store(MAXIMA + (g << 4), d);
  v128.store(OTHERS + (g << 4), f32x4.sub(e, f32x4.mul(e, v128.xor(error, v128.and(d, sign)))));
}

/** The losses of group `g`. */
// @ts-ignore: decorator
@inline
function finishPairs(g: usize, row: usize, stride: usize, target: usize, out: usize): void {
  const d = v128.load(MAXIMA + (g << 4));
  const loss = f32x4.add(f32x4.pmax(d, f32x4.splat(0)), log1pUnit_f32x4(v128.load(OTHERS + (g << 4))));
  const small = f32x4.lt(v128.andnot(d, c32(SIGN_F32)), f32x4.splat(64.0));
  storeFour(
    f64x2.promote_low_f32x4(loss),
    f64x2.promote_low_f32x4(i32x4.shuffle(loss, loss, 2, 3, 2, 3)),
    v128.not(small), target, row, stride, 2, out,
  );
}

/** Targets of the last rows, beside rows to be skipped. */
const TARGETS = memory.data(16, 16);

/** `groups` times four rows, `stride` bytes apart. */
// @ts-ignore: decorator
@inline
function tile(row: usize, stride: usize, target: usize, groups: usize, C: i32, out: usize): void {
  if (C == 2) {
    for (let g: usize = 0; g < groups; g++) pairGroup(g, row + (g << 2) * stride, stride, target + (g << 4));
    for (let g: usize = 0; g < groups; g++) {
      finishPairs(g, row + (g << 2) * stride, stride, target + (g << 4), out + (g << 5));
    }
    return;
  }
  for (let g: usize = 0; g < groups; g++) turnGroup(g, row + (g << 2) * stride, stride, C);
  for (let g: usize = 0; g < groups; g++) sumGroup(g, C);
  for (let g: usize = 0; g < groups; g++) {
    finishGroup(g, row + (g << 2) * stride, stride, target + (g << 4), C, out + (g << 5));
  }
}

/** Rows of 2 to 16 logits. */
function fewClasses(z: usize, target: usize, rows: i32, C: i32, out: usize): void {
  const stride = <usize>C << 2;
  const groups = <usize>rows >> 2;
  for (let g: usize = 0; g < groups; g += TILE) {
    tile(z + (g << 2) * stride, stride, target + (g << 4), min(TILE, groups - g), C, out + (g << 5));
  }
  for (let i = groups << 2; i < <usize>rows; i++) {
    // One row stands in all four places; only the first is kept.
    v128.store(TARGETS, i32x4.replace_lane(i32x4.splat(-1), 0, load<i32>(target + (i << 2))));
    tile(z + i * stride, 0, TARGETS, 1, C, RESULT);
    store<f64>(out + (i << 3), load<f64>(RESULT));
  }
}

/** Rows in a tile: each step runs over the whole tile, so that the steps of many rows overlap in the processor. */
const MANY: i32 = 16;
const TILE_MAX = memory.data(128, 16);
const TILE_REST = memory.data(128, 16);

/** Up to 16 rows of any number of logits. */
// @ts-ignore: decorator
@inline
function tileOfMany<T>(row: usize, target: usize, rows: usize, C: i32, out: usize): void {
  const stride = <usize>C * sizeof<T>();
  for (let i: usize = 0; i < rows; i++) {
    const m: f64 = sizeof<T>() == 4 ? <f64>max_f32(row + i * stride, C) : max_f64<f64>(row + i * stride, C);
    store<f64>(TILE_MAX + (i << 3), m);
  }
  for (let i: usize = 0; i < rows; i++) {
    const m = load<f64>(TILE_MAX + (i << 3));
    const at = row + i * stride;
    store<f64>(TILE_REST + (i << 3), sizeof<T>() == 4 ? rest_f32(at, C, <f32>m) : rest_f64<f64>(at, C, m));
  }
  for (let i: usize = 0; i < rows; i += 2) {
    const log = log1p_f64x2(v128.load(TILE_REST + (i << 3)));
    finishRow<T>(f64x2.extract_lane(log, 0), i, row + i * stride, target, C, out);
    if (i + 1 < rows) finishRow<T>(f64x2.extract_lane(log, 1), i + 1, row + (i + 1) * stride, target, C, out);
  }
}

/** The loss of row i of a tile from log(sum of e^z) - m. */
// @ts-ignore: decorator
@inline
function finishRow<T>(log: f64, i: usize, row: usize, target: usize, C: i32, out: usize): void {
  const y = load<i32>(target + (i << 2));
  const least: f64 = sizeof<T>() == 4 ? <f64>LEAST_REST : 0.0;
  const z = <f64>load<T>(row + <usize>max(y, 0) * sizeof<T>());
  let loss = log + (load<f64>(TILE_MAX + (i << 3)) - z);
  if (y < 0) loss = 0;
  else if (!(load<f64>(TILE_REST + (i << 3)) >= least)) loss = slowLoss<T>(row, y, C);
  store<f64>(out + (i << 3), loss);
}

// @ts-ignore: decorator
@inline
function manyClasses<T>(z: usize, target: usize, rows: i32, C: i32, out: usize): void {
  const step = max(1, min(MANY, 8192 / C));
  for (let i: i32 = 0; i < rows; i += step) {
    const at = <usize>i;
    const row = z + at * <usize>C * sizeof<T>();
    tileOfMany<T>(row, target + (at << 2), <usize>min(step, rows - i), C, out + (at << 3));
  }
}

/** Cross-entropy of class targets; float64 row losses. */
export function cross_entropy_logits_f32(z: usize, target: usize, rows: i32, C: i32, out: usize): void {
  if (C > 1 && C <= 16) fewClasses(z, target, rows, C, out);
  else manyClasses<f32>(z, target, rows, C, out);
}

/** Cross-entropy of class targets. */
export function cross_entropy_logits_f64(z: usize, target: usize, rows: i32, C: i32, out: usize): void {
  manyClasses<f64>(z, target, rows, C, out);
}
