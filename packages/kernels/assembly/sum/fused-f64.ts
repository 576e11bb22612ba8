import { BLOCK, VALUES_WINDOW, addBlock } from '@lossmill/exact-sum/assembly';
import { error_f64 } from '../loss/error';
import { huber_f64 } from '../loss/huber';
import { mae_f64 } from '../loss/mae';
import { mse_f64 } from '../loss/mse';

const ERROR: i32 = 0;
const ABSOLUTE: i32 = 1;
const SQUARE: i32 = 2;
const HUBER: i32 = 3;

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

/** A block's losses are still in the first cache when they are added. */
// @ts-ignore: decorator
@inline
function blockwise(kind: i32, p: usize, y: usize, n: i32, delta: f64, out: usize, acc: usize): void {
  for (let i: i32 = 0; i < n; i += BLOCK) {
    const from = <usize>i << 3;
    const count = min(BLOCK, n - i);
    const rows = out != 0 ? out + from : ROWS;
    if (kind == ERROR) error_f64(p + from, y + from, count, rows);
    else if (kind == ABSOLUTE) mae_f64(p + from, y + from, count, rows);
    else if (kind == SQUARE) mse_f64(p + from, y + from, count, rows);
    else huber_f64(p + from, y + from, count, delta, rows);
    addBlock(acc, rows, count, acc + VALUES_WINDOW, 0);
  }
}
