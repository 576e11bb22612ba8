import { expScaled_f64x2 } from '../link/exp';
import { loadOne, loadPair, storePair } from './pair';
import { FINITE, ONE_INFINITE, setRow, UNDEFINED } from './row';

const EXP_UNSCALE: f64 = 5.421010862427522e-20;
/** Pairs added up before the running sum is touched: keeps rounding far below 2^-43 at any C. */
const CHUNK: usize = 64;

/** The row's maximum. A NaN need not survive: the sum finds it. */
export function max_f64<T>(row: usize, C: i32): f64 {
  const size = sizeof<T>();
  const first = <f64>load<T>(row);
  let m = f64x2.splat(first);
  const end = row + <usize>(C & ~1) * size;
  let at = row;
  for (; at < end; at += 2 * size) m = f64x2.pmax(loadPair<T>(at), m);
  if (C & 1) m = f64x2.pmax(loadOne<T>(at, m), m);
  return f64x2.extract_lane(f64x2.pmax(m, i64x2.shuffle(m, m, 1, 0)), 0);
}

/** 2^64 e^(z - m). */
// @ts-ignore: decorator
@inline
function power(z: v128, m: v128): v128 {
  return expScaled_f64x2(f64x2.sub(z, m));
}

/** What the row at hand has added up to so far, and how many logits equalled the maximum. */
let total: v128 = f64x2.splat(0);
let ties: v128 = i64x2.splat(0);
let equal: i64 = 0;

/** One chunk of pairs, added up in order. With `keep`, 2^64 e^(z - m) of every logit is stored at g. */
// @ts-ignore: decorator
@inline
function addChunk<T>(from: usize, stop: usize, m: v128, keep: bool, g: usize): void {
  const pair = 2 * sizeof<T>();
  let chunk = f64x2.splat(0.0);
  let count = ties;
  let at = from;
  for (; at + 2 * pair <= stop; at += 2 * pair) {
    const z0 = loadPair<T>(at);
    const z1 = loadPair<T>(at + pair);
    const e0 = power(z0, m);
    const e1 = power(z1, m);
    if (keep) {
      storePair<T>(g + (at - from), e0);
      storePair<T>(g + (at - from) + pair, e1);
    }
    const t0 = f64x2.eq(z0, m);
    const t1 = f64x2.eq(z1, m);
    count = i64x2.sub(count, i64x2.add(t0, t1));
    chunk = f64x2.add(f64x2.add(chunk, v128.andnot(e0, t0)), v128.andnot(e1, t1));
  }
  if (at < stop) {
    const z = loadPair<T>(at);
    const e = power(z, m);
    if (keep) storePair<T>(g + (at - from), e);
    const tie = f64x2.eq(z, m);
    count = i64x2.sub(count, tie);
    chunk = f64x2.add(chunk, v128.andnot(e, tie));
  }
  ties = count;
  total = f64x2.add(total, chunk);
}

/** Sum of e^(z - m) over the logits below the maximum m, which are counted in `equal`: chunks of 64 pairs, then an odd last logit. */
// @ts-ignore: decorator
@inline
function sum_f64<T>(row: usize, C: i32, m: v128, keep: bool, g: usize): f64 {
  const pair = 2 * sizeof<T>();
  total = f64x2.splat(0.0);
  ties = i64x2.splat(0);
  const end = row + <usize>(C >> 1) * pair;
  for (let at = row; at < end; at += CHUNK * pair) {
    addChunk<T>(at, min(at + CHUNK * pair, end), m, keep, g + (at - row));
  }
  let sum = f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1);
  equal = i64x2.extract_lane(ties, 0) + i64x2.extract_lane(ties, 1);
  if (C & 1) {
    const e = f64x2.extract_lane(power(loadOne<T>(end, m), m), 0);
    if (keep) store<T>(g + (end - row), <T>e);
    if (<f64>load<T>(end) == f64x2.extract_lane(m, 0)) equal += 1;
    else sum += e;
  }
  return sum * EXP_UNSCALE;
}

/** Sum of e^(z - m) over all logits but the first maximum m of a finite row; NaN for any other row. */
export function rest_f64<T>(row: usize, C: i32, m: f64): f64 {
  const sum = sum_f64<T>(row, C, f64x2.splat(m), false, 0);
  return abs(m) < Infinity ? sum + <f64>(equal - 1) : NaN;
}

/** As `rest_f64`; stores 2^64 e^(z - m) at g. */
export function restStore_f64(row: usize, C: i32, m: f64, g: usize): f64 {
  const sum = sum_f64<f64>(row, C, f64x2.splat(m), true, g);
  return abs(m) < Infinity ? sum + <f64>(equal - 1) : NaN;
}

/** Scans a row in float64. */
// @ts-ignore: decorator
@inline
function scan<T>(row: usize, C: i32, keep: bool, g: usize): void {
  const m = max_f64<T>(row, C);
  const sum = sum_f64<T>(row, C, f64x2.splat(m), keep, g);
  const rest = sum + <f64>(equal - 1);
  if (sum != sum || m == -Infinity || (m == Infinity && equal > 1)) setRow(m, NaN, UNDEFINED, NaN);
  else if (m == Infinity) setRow(m, 0, ONE_INFINITE, 0);
  else setRow(m, rest, FINITE, EXP_UNSCALE / (1.0 + rest));
}

export function scan_f64<T>(row: usize, C: i32): void {
  scan<T>(row, C, false, 0);
}

/** Also stores 2^64 e^(z - m) at g. */
export function scanStore_f64(row: usize, C: i32, g: usize): void {
  scan<f64>(row, C, true, g);
}

/** The probabilities of a finite row whose scan is done, in float64, each rounded to T once. */
export function storeProbabilities<T>(row: usize, C: i32, m: f64, scale: f64, g: usize): void {
  const size = sizeof<T>();
  for (let k: usize = 0; k < <usize>C; k++) {
    const e = expScaled_f64x2(f64x2.splat(<f64>load<T>(row + k * size) - m));
    store<T>(g + k * size, <T>(f64x2.extract_lane(e, 0) * scale));
  }
}
