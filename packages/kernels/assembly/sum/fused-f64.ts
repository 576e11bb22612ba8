import { BLOCK, VALUES_WINDOW, addBlock } from '@lossmill/exact-sum/assembly';
import { error_f64 } from '../loss/error';
import { huber_f64 } from '../loss/huber';
import { mae_f64 } from '../loss/mae';
import { mse_f64 } from '../loss/mse';
import { failed, isDue, succeeded } from './attempt';
import { ABSOLUTE, ERROR, HUBER, SQUARE, windowed } from './windowed-f64';

/** Row losses of one block, where the caller does not want them but the general adder does. */
const ROWS = memory.data(8192, 16);

/** Adds the exact sum of n row losses p[i] - y[i] to acc; stores them at `out` unless it is 0. */
export function error_sum_f64(p: usize, y: usize, n: i32, out: usize, acc: usize): void {
  blockwise(ERROR, p, y, n, 0, out, acc);
}

/** As error_sum_f64 of |p[i] - y[i]|. */
export function mae_sum_f64(p: usize, y: usize, n: i32, out: usize, acc: usize): void {
  blockwise(ABSOLUTE, p, y, n, 0, out, acc);
}

/** As error_sum_f64 of (p[i] - y[i])^2, rounded to float64 row by row. */
export function mse_sum_f64(p: usize, y: usize, n: i32, out: usize, acc: usize): void {
  blockwise(SQUARE, p, y, n, 0, out, acc);
}

/** As error_sum_f64 of the Huber loss. */
export function huber_sum_f64(p: usize, y: usize, n: i32, delta: f64, out: usize, acc: usize): void {
  blockwise(HUBER, p, y, n, delta, out, acc);
}

// @ts-ignore: decorator
@inline
function blockwise(kind: i32, p: usize, y: usize, n: i32, delta: f64, out: usize, acc: usize): void {
  for (let i: i32 = 0; i < n; i += BLOCK) {
    const from = <usize>i << 3;
    const count = min(BLOCK, n - i);
    const body = count & ~3;
    const rows = out != 0 ? out + from : ROWS;
    let done: i32 = 0;
    if (body != 0 && isDue(acc)) {
      const fitted = attempt(kind, out != 0, p + from, y + from, body, delta, rows, acc);
      if (fitted) succeeded(acc);
      else failed(acc);
      done = fitted ? body : 0;
    }
    if (done == count) continue;
    const skip = <usize>done << 3;
    losses(kind, p + from + skip, y + from + skip, count - done, delta, rows + skip);
    addBlock(acc, rows + skip, count - done, acc + VALUES_WINDOW, 0);
  }
}

// @ts-ignore: decorator
@inline
function attempt(kind: i32, stored: bool, p: usize, y: usize, n: i32, delta: f64, rows: usize, acc: usize): bool {
  if (stored) return windowed(kind, true, p, y, n, delta, rows, acc);
  return windowed(kind, false, p, y, n, delta, rows, acc);
}

// @ts-ignore: decorator
@inline
function losses(kind: i32, p: usize, y: usize, n: i32, delta: f64, rows: usize): void {
  if (kind == ERROR) error_f64(p, y, n, rows);
  else if (kind == ABSOLUTE) mae_f64(p, y, n, rows);
  else if (kind == SQUARE) mse_f64(p, y, n, rows);
  else huber_f64(p, y, n, delta, rows);
}
