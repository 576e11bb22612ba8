// Cross-entropy of 2 to 128 float32 logits a row, four rows at a time.
import { exp_f32x4 } from '../link/exp';
import { log1p_f32x4, log1pUnit_f32x4 } from '../link/log';
import { c32, SIGN_F32 } from '../link/table';
import { RESULT } from '../scratch';
import { gather, MAXIMA, OTHERS, sumGroup, TILE, turnGroup } from './four-rows';
import { slowLoss } from './row-loss';
import { LEAST_REST } from './scan-f32';

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
  storeLosses(v128.load(OTHERS + (g << 4)), v128.load(MAXIMA + (g << 4)), row, stride, target, C, out);
}

/** The losses of four rows with the maxima m and the sums `others` of e^(z - m) over the other logits. */
// @ts-ignore: decorator
@inline
export function storeLosses(others: v128, m: v128, row: usize, stride: usize, target: usize, C: i32, out: usize): void {
  const r1 = row + stride;
  const r2 = r1 + stride;
  const r3 = r2 + stride;
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

/** Rows of 2 to 128 logits. */
export function fewClasses(z: usize, target: usize, rows: i32, C: i32, out: usize): void {
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
