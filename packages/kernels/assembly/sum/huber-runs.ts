import { VALUES_WINDOW, addBlock } from '@lossmill/exact-sum/assembly';
import { huber_f32, isSingleDelta } from '../loss/huber';
import { failed, retune, succeeded } from './attempt';
import { huberRun, huberRunStored } from './linear';
import { DONE, RETRY, huberBlock, huberBlockStored } from './windowed';

// Huber losses reach further down than errors do: half of an error's square. In runs of 128 rows the smallest is seldom so small that
// plain float64 adds are not exact; the runs in which it is go through the window, and those too wide for that to the general adder.

const RUN: i32 = 128;

/** Adds the Huber losses of n float32 pairs (n a multiple of 8); stores them at `rows` if `stored`. Uses `rows` as scratch if not. */
export function huberRuns(stored: bool, p: usize, y: usize, n: i32, delta: f64, rows: usize, acc: usize): void {
  const single = isSingleDelta(delta);
  let wide: i32 = 0;
  for (let i: i32 = 0; i < n; i += RUN) {
    const from = <usize>i << 2;
    const to = rows + (from << 1);
    const count = min(RUN, n - i);
    if (single && run(stored, p + from, y + from, count, delta, to, acc)) continue;
    wide += 2 * RUN;
    huber_f32(p + from, y + from, count, delta, to);
    retune(acc, addBlock(acc, to, count, acc + VALUES_WINDOW, 0));
  }
  if (wide > n) failed(acc);
  else succeeded(acc);
}

// @ts-ignore: decorator
@inline
function run(stored: bool, p: usize, y: usize, n: i32, delta: f64, to: usize, acc: usize): bool {
  if (stored ? huberRunStored(p, y, n, delta, to, acc) : huberRun(p, y, n, delta, acc)) return true;
  let state = windowed(stored, p, y, n, delta, to, acc);
  if (state == RETRY) state = windowed(stored, p, y, n, delta, to, acc);
  return state == DONE;
}

// @ts-ignore: decorator
@inline
function windowed(stored: bool, p: usize, y: usize, n: i32, delta: f64, to: usize, acc: usize): i32 {
  return stored ? huberBlockStored(p, y, n, delta, to, acc) : huberBlock(p, y, n, delta, acc);
}
