import { expScaled_f64x2 } from '../link/exp';
import { loadOne, loadPair, storePair } from './pair';
import { FINITE, ONE_INFINITE, setRow, UNDEFINED } from './row';

const EXP_UNSCALE: f64 = 5.421010862427522e-20;
/** Pairs added up before the running sum is touched: keeps rounding far below 2^-43 at any C. */
const CHUNK: i32 = 64;

let ties: v128 = i64x2.splat(0);

function max_f64<T>(row: usize, C: i32): f64 {
  const size = sizeof<T>();
  const first = <f64>load<T>(row);
  let m = f64x2.splat(first);
  const end = row + <usize>(C & ~1) * size;
  let at = row;
  for (; at < end; at += 2 * size) m = f64x2.pmax(loadPair<T>(at), m);
  if (C & 1) m = f64x2.pmax(loadOne<T>(at, m), m);
  const a = f64x2.extract_lane(m, 0);
  const b = f64x2.extract_lane(m, 1);
  return a != a || a > b ? a : b;
}

/** 2^64 e^(z - m), 0 in the lanes that are the maximum, which are counted in `ties`; stored at g if asked, there not zeroed. */
// @ts-ignore: decorator
@inline
function term<T>(z: v128, m: v128, keep: bool, g: usize): v128 {
  const e = expScaled_f64x2(f64x2.sub(z, m));
  if (keep) storePair<T>(g, e);
  const tie = f64x2.eq(z, m);
  ties = i64x2.sub(ties, tie);
  return v128.andnot(e, tie);
}

/** Sum of 2^64 e^(z - m) over the logits below the maximum: pairs in order, in chunks of 64 pairs. */
// @ts-ignore: decorator
@inline
function sum_f64<T>(row: usize, C: i32, m: v128, keep: bool, g: usize): f64 {
  const size = sizeof<T>();
  let total = f64x2.splat(0.0);
  let at = row;
  let to = g;
  for (let left = C >> 1; left > 0; ) {
    let chunk = f64x2.splat(0.0);
    for (const stop = at + <usize>min(left, CHUNK) * 2 * size; at < stop; at += 2 * size) {
      chunk = f64x2.add(chunk, term<T>(loadPair<T>(at), m, keep, to));
      to += 2 * size;
    }
    total = f64x2.add(total, chunk);
    left -= CHUNK;
  }
  let sum = f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1);
  if (C & 1) {
    const last = term<T>(loadOne<T>(at, m), m, false, 0);
    if (keep) store<T>(to, <T>f64x2.extract_lane(expScaled_f64x2(f64x2.sub(loadOne<T>(at, m), m)), 0));
    ties = i64x2.sub(ties, i64x2.replace_lane(i64x2.splat(0), 1, 1));
    sum += f64x2.extract_lane(last, 0);
  }
  return sum;
}

/** Scans a row in float64. With `keep`, 2^64 e^(z - m) of every logit is stored at g. */
// @ts-ignore: decorator
@inline
function scan<T>(row: usize, C: i32, keep: bool, g: usize): void {
  const m = max_f64<T>(row, C);
  ties = i64x2.splat(0);
  const sum = sum_f64<T>(row, C, f64x2.splat(m), keep, g);
  const equal = i64x2.extract_lane(ties, 0) + i64x2.extract_lane(ties, 1);
  const rest = sum * EXP_UNSCALE + <f64>(equal - 1);
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
