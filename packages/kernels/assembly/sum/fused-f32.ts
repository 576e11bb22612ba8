import { BLOCK, VALUES_WINDOW, addBlock } from '@lossmill/exact-sum/assembly';
import { error_f32 } from '../loss/error';
import { huber_f32 } from '../loss/huber';
import { mae_f32 } from '../loss/mae';
import { mse_f32 } from '../loss/mse';
import { failed, isDue, retune, succeeded } from './attempt';
import { absoluteBlock, absoluteBlockStored, errorBlock, errorBlockStored } from './linear';
import { huberRuns } from './huber-runs';
import { DONE, RETRY, TOO_WIDE, squareBlock, squareBlockStored } from './windowed';

const ERROR: i32 = 0;
const ABSOLUTE: i32 = 1;
const SQUARE: i32 = 2;
const HUBER: i32 = 3;

/** Row losses of one block, where the caller does not want them but the general adder does. */
const ROWS = memory.data(8192, 16);

/** Adds the exact sum of n row losses p[i] - y[i] to acc; stores them at `out` unless it is 0. */
export function error_sum_f32(p: usize, y: usize, n: i32, out: usize, acc: usize): void {
  fused(ERROR, p, y, n, 0, out, acc);
}

/** As error_sum_f32 of |p[i] - y[i]|. */
export function mae_sum_f32(p: usize, y: usize, n: i32, out: usize, acc: usize): void {
  fused(ABSOLUTE, p, y, n, 0, out, acc);
}

/** As error_sum_f32 of (p[i] - y[i])^2. */
export function mse_sum_f32(p: usize, y: usize, n: i32, out: usize, acc: usize): void {
  fused(SQUARE, p, y, n, 0, out, acc);
}

/** As error_sum_f32 of the Huber loss. */
export function huber_sum_f32(p: usize, y: usize, n: i32, delta: f64, out: usize, acc: usize): void {
  fused(HUBER, p, y, n, delta, out, acc);
}

// @ts-ignore: decorator
@inline
function fused(kind: i32, p: usize, y: usize, n: i32, delta: f64, out: usize, acc: usize): void {
  for (let i: i32 = 0; i < n; i += BLOCK) {
    const from = <usize>i << 2;
    const count = min(BLOCK, n - i);
    const even = count & ~7;
    const stored = out != 0;
    const rows = stored ? out + (from << 1) : ROWS;
    if (even != 0 && !tried(kind, stored, p + from, y + from, even, delta, rows, acc)) {
      losses(kind, p + from, y + from, even, delta, rows);
      retune(acc, addBlock(acc, rows, even, acc + VALUES_WINDOW, spareBits(kind)));
    }
    if (even == count) continue;
    const at = from + (<usize>even << 2);
    const rest = rows + (<usize>even << 3);
    losses(kind, p + at, y + at, count - even, delta, rest);
    addBlock(acc, rest, count - even, acc + VALUES_WINDOW, 0);
  }
}

// @ts-ignore: decorator
@inline
function tried(kind: i32, stored: bool, p: usize, y: usize, n: i32, delta: f64, rows: usize, acc: usize): bool {
  if (!isDue(acc)) return false;
  if (kind == HUBER) {
    huberRuns(stored, p, y, n, delta, rows, acc);
    return true;
  }
  let state = attempt(kind, stored, p, y, n, rows, acc);
  if (state == RETRY) state = attempt(kind, stored, p, y, n, rows, acc);
  if (state == DONE) succeeded(acc);
  else if (state == TOO_WIDE) failed(acc);
  return state == DONE;
}

// @ts-ignore: decorator
@inline
function attempt(kind: i32, stored: bool, p: usize, y: usize, n: i32, rows: usize, acc: usize): i32 {
  if (kind == SQUARE) return stored ? squareBlockStored(p, y, n, rows, acc) : squareBlock(p, y, n, acc);
  let done = false;
  if (kind == ERROR) done = stored ? errorBlockStored(p, y, n, rows, acc) : errorBlock(p, y, n, acc);
  else done = stored ? absoluteBlockStored(p, y, n, rows, acc) : absoluteBlock(p, y, n, acc);
  return done ? DONE : TOO_WIDE;
}

// @ts-ignore: decorator
@inline
function losses(kind: i32, p: usize, y: usize, n: i32, delta: f64, rows: usize): void {
  if (kind == ERROR) error_f32(p, y, n, rows);
  else if (kind == ABSOLUTE) mae_f32(p, y, n, rows);
  else if (kind == SQUARE) mse_f32(p, y, n, rows);
  else huber_f32(p, y, n, delta, rows);
}

/** Low bits that are 0 in every row loss: an error has 24 of 53 bits, its square 48. */
// @ts-ignore: decorator
@inline
function spareBits(kind: i32): i32 {
  if (kind == HUBER) return 0;
  return kind == SQUARE ? 5 : 29;
}
