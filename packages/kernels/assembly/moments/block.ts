export const BLOCK_ROWS: i32 = 256;

/** Eight lanes as ((0 + 2) + (4 + 6)) + ((1 + 3) + (5 + 7)). */
// @ts-ignore: decorator
@inline
export function quarters(lanes: usize): f64 {
  const front = f64x2.add(v128.load(lanes), v128.load(lanes, 16));
  const back = f64x2.add(v128.load(lanes, 32), v128.load(lanes, 48));
  const total = f64x2.add(front, back);
  return f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1);
}

/** Four lanes as (0 + 2) + (1 + 3). */
// @ts-ignore: decorator
@inline
export function halves(lanes: usize): f64 {
  const total = f64x2.add(v128.load(lanes), v128.load(lanes, 16));
  return f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1);
}

// @ts-ignore: decorator
@inline
export function storeMoments(
  out: usize, rows: f64, w: f64, mean: f64, lo: f64, m: f64, v: f64, r: f64, q: f64,
): void {
  store<f64>(out, rows);
  store<f64>(out, w, 8);
  store<f64>(out, mean, 16);
  store<f64>(out, lo, 24);
  store<f64>(out, m, 32);
  store<f64>(out, v, 40);
  store<f64>(out, r, 48);
  store<f64>(out, q, 56);
}

/**
 * Stores min and max of a block behind its sums, from their lanes: both NaN if any row is, never -0. A mean that is a number rules a
 * NaN out.
 */
export function storeExtremes(out: usize, x: usize, n: i32, mean: f64, low: v128, high: v128): void {
  if (mean != mean && holdsNaN(x, n)) {
    store<f64>(out, NaN, 64);
    store<f64>(out, NaN, 72);
    return;
  }
  // Adding +0 turns -0 into +0.
  store<f64>(out, min(f64x2.extract_lane(low, 0), f64x2.extract_lane(low, 1)) + 0.0, 64);
  store<f64>(out, max(f64x2.extract_lane(high, 0), f64x2.extract_lane(high, 1)) + 0.0, 72);
}

function holdsNaN(x: usize, n: i32): bool {
  const end = x + (<usize>n << 3);
  for (; x < end; x += 8) {
    const value = load<f64>(x);
    if (value != value) return true;
  }
  return false;
}
