// The probabilities of a row and what they leave to the other classes, whatever the row holds.
import { FINITE, ONE_INFINITE, rowMax, rowRest, rowScale, rowState } from './row';
import { scanStore_f32 } from './scan-f32';
import { scanStore_f64 } from './scan-f64';

// @ts-ignore: decorator
@inline
function scanStore<T>(row: usize, C: i32, g: usize): void {
  if (sizeof<T>() == 4) scanStore_f32(row, C, g);
  else scanStore_f64(row, C, g);
}

/** Multiplies the row stored by a scan with rowScale. */
// @ts-ignore: decorator
@inline
export function scaleRow<T>(g: usize, C: i32): void {
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

/** Turns the target's element of a row of probabilities into its gradient: minus the sum of all others. */
// @ts-ignore: decorator
@inline
export function turnOwn<T>(row: usize, y: i32, g: usize): void {
  const at = <usize>y * sizeof<T>();
  store<T>(g + at, <T>(0.0 - complement(<f64>load<T>(row + at), <f64>load<T>(g + at))));
}
