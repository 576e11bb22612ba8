// d loss / dz_k = p_k, and for k = y: minus the sum of all other p (p_y - 1 would cancel where the model is sure).
import { EXP_UNSCALE_F64 } from '../../src/reference/link/constants';
import { log1p_f64x2 } from '../link/log';
import { cross_entropy_logits_f32, FEW } from './cross-entropy';
import { fewClassesBoth, fewClassesGradient } from './few-classes-gradient';
import { FINITE, setRow } from './row';
import { scaleRow, storeRow, turnOwn, zeroRow } from './row-gradient';
import { slowLoss } from './row-loss';
import { LEAST_REST, max_f32, restStore_f32, top_f32 } from './scan-f32';
import { max_f64, restStore_f64 } from './scan-f64';

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
  turnOwn<T>(row, y, g);
}

/** The losses of a tile: the very steps of tileOfMany in cross-entropy.ts. */
// @ts-ignore: decorator
@inline
function lossesOfTile<T>(row: usize, target: usize, rows: usize, C: i32, out: usize): void {
  const stride = <usize>C * sizeof<T>();
  for (let i: usize = 0; i < rows; i++) {
    const y = load<i32>(target + (i << 2));
    const at = row + i * stride;
    const rest = load<f64>(RESTS + (i << 3));
    const log = f64x2.extract_lane(log1p_f64x2(f64x2.splat(rest)), 0);
    let loss = log + (load<f64>(MAXIMA + (i << 3)) - <f64>load<T>(at + <usize>max(y, 0) * sizeof<T>()));
    if (y < 0) loss = 0;
    else if (!(rest >= 0.0)) loss = slowLoss<T>(at, y, C);
    store<f64>(out + (i << 3), loss);
  }
}

/** The gradient; with `out` not 0 the losses too. */
// @ts-ignore: decorator
@inline
function run<T>(z: usize, target: usize, rows: i32, C: i32, out: usize, g: usize): void {
  const stride = <usize>C * sizeof<T>();
  const step = max(1, min(TILE, 4096 / C));
  for (let first: i32 = 0; first < rows; first += step) {
    const row = z + <usize>first * stride;
    const to = g + <usize>first * stride;
    const count = <usize>min(step, rows - first);
    const wanted = target + (<usize>first << 2);
    // Rows to skip are not looked at.
    for (let i: usize = 0; i < count; i++) {
      if (load<i32>(wanted + (i << 2)) >= 0) store<f64>(MAXIMA + (i << 3), maxOf<T>(row + i * stride, C));
    }
    for (let i: usize = 0; i < count; i++) {
      if (load<i32>(wanted + (i << 2)) >= 0) sumRow<T>(row + i * stride, C, i, to + i * stride);
    }
    if (out != 0) lossesOfTile<T>(row, wanted, count, C, out + (<usize>first << 3));
    for (let i: usize = 0; i < count; i++) {
      finishRow<T>(row + i * stride, load<i32>(wanted + (i << 2)), C, i, to + i * stride);
    }
  }
}

/** Gradient of cross_entropy_logits_f32 by the logits. */
export function cross_entropy_logits_gradient_f32(z: usize, target: usize, rows: i32, C: i32, g: usize): void {
  if (C > 1 && C <= 16) fewClassesGradient(z, target, rows, C, g);
  else run<f32>(z, target, rows, C, 0, g);
}

/** Gradient of cross_entropy_logits_f64 by the logits. */
export function cross_entropy_logits_gradient_f64(z: usize, target: usize, rows: i32, C: i32, g: usize): void {
  run<f64>(z, target, rows, C, 0, g);
}

/** cross_entropy_logits_f32 to `out` and cross_entropy_logits_gradient_f32 to `g`: one scan where both use the same. */
export function cross_entropy_logits_both_f32(z: usize, target: usize, rows: i32, C: i32, out: usize, g: usize): void {
  if (C > 2 && C <= 16) fewClassesBoth(z, target, rows, C, out, g);
  else if (C == 2 || (C > 16 && C <= FEW)) {
    cross_entropy_logits_f32(z, target, rows, C, out);
    cross_entropy_logits_gradient_f32(z, target, rows, C, g);
  } else run<f32>(z, target, rows, C, out, g);
}

/** As `cross_entropy_logits_both_f32`. */
export function cross_entropy_logits_both_f64(z: usize, target: usize, rows: i32, C: i32, out: usize, g: usize): void {
  run<f64>(z, target, rows, C, out, g);
}
