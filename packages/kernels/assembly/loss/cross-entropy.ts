// value = log1p(sum of e^(z - m) over all logits but the first maximum m) + (m - z_y)
import { log1p_f64x2 } from '../link/log';
import { fewClasses } from './few-classes';
import { slowLoss } from './row-loss';
import { LEAST_REST, max_f32, rest_f32 } from './scan-f32';
import { max_f64, rest_f64 } from './scan-f64';

/** Up to this many classes, float32 rows are turned four at a time. */
export const FEW: i32 = 128;

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
    // A row to skip is not looked at: padded sequences have many.
    if (load<i32>(target + (i << 2)) < 0) continue;
    const m: f64 = sizeof<T>() == 4 ? <f64>max_f32(row + i * stride, C) : max_f64<f64>(row + i * stride, C);
    store<f64>(TILE_MAX + (i << 3), m);
  }
  for (let i: usize = 0; i < rows; i++) {
    if (load<i32>(target + (i << 2)) < 0) continue;
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
  if (C > 1 && C <= FEW) fewClasses(z, target, rows, C, out);
  else manyClasses<f32>(z, target, rows, C, out);
}

/** Cross-entropy of class targets. */
export function cross_entropy_logits_f64(z: usize, target: usize, rows: i32, C: i32, out: usize): void {
  manyClasses<f64>(z, target, rows, C, out);
}
