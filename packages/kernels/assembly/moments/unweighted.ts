import { BLOCK_ROWS, quarters, storeExtremes, storeMoments } from './block';

// Row j of a block adds to lane j mod 8, lanes are added in the order of `quarters`: the same for short blocks, so that a block's bits
// follow from its rows alone.
//
// Two passes: the mean c, then d = x - c, r = sum d, M = sum d^2. What c missed is lo = r / n, and M becomes M - r^2 / n: moments about
// c + lo.

/** Blocks whose first pass is made before their second: the end of one's pass then overlaps the next one's beginning. */
const GROUP: i32 = 4 * BLOCK_ROWS;

/** Moments of each block of 256 of n float64, the last one maybe shorter: 10 float64 a block at `out`. */
export function moments_f64(x: usize, n: i32, out: usize): void {
  for (let i: i32 = 0; i < n; i += GROUP) {
    const end = min(n, i + GROUP);
    let record = out;
    for (let j = i; j < end; j += BLOCK_ROWS) {
      first(x + (<usize>j << 3), min(BLOCK_ROWS, end - j), record);
      record += 80;
    }
    for (let j = i; j < end; j += BLOCK_ROWS) {
      second(x + (<usize>j << 3), min(BLOCK_ROWS, end - j), out);
      out += 80;
    }
  }
}

const LANES: usize = memory.data(64, 16);
const MORE_LANES: usize = memory.data(64, 16);
const LOW: usize = memory.data(16, 16);
const HIGH: usize = memory.data(16, 16);

/** Leaves mean and extremes in the record. */
function first(x: usize, n: i32, out: usize): void {
  const mean = sum(x, n) / <f64>n;
  storeExtremes(out, x, n, mean, v128.load(LOW), v128.load(HIGH));
  store<f64>(out, mean, 16);
}

function second(x: usize, n: i32, out: usize): void {
  const rows = <f64>n;
  const mean = load<f64>(out, 16);
  deviations(x, n, mean);
  const r = quarters(LANES);
  const m = quarters(MORE_LANES);
  const squares = m - (r * r) / rows;
  storeMoments(out, rows, rows, mean, r / rows, squares, rows, 0, squares);
}

/** The sum of x; leaves the extremes. */
function sum(x: usize, n: i32): f64 {
  let low = v128.load64_splat(x);
  let high = low;
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let s3 = f64x2.splat(0);
  const end = x + (<usize>n << 3);
  const body = x + (<usize>(n & ~7) << 3);
  for (; x < body; x += 64) {
    const x0 = v128.load(x);
    const x1 = v128.load(x, 16);
    s0 = f64x2.add(s0, x0);
    s1 = f64x2.add(s1, x1);
    low = f64x2.pmin(low, f64x2.pmin(x0, x1));
    high = f64x2.pmax(high, f64x2.pmax(x0, x1));
    const x2 = v128.load(x, 32);
    const x3 = v128.load(x, 48);
    s2 = f64x2.add(s2, x2);
    s3 = f64x2.add(s3, x3);
    low = f64x2.pmin(low, f64x2.pmin(x2, x3));
    high = f64x2.pmax(high, f64x2.pmax(x2, x3));
  }
  storeLanes(LANES, s0, s1, s2, s3);
  for (let lane = LANES; x < end; x += 8, lane += 8) {
    const row = v128.load64_splat(x);
    low = f64x2.pmin(low, row);
    high = f64x2.pmax(high, row);
    store<f64>(lane, load<f64>(lane) + load<f64>(x));
  }
  v128.store(LOW, low);
  v128.store(HIGH, high);
  return quarters(LANES);
}

/** Leaves the lanes of the sums of d = x - mean and of d^2 */
function deviations(x: usize, n: i32, mean: f64): void {
  const center = f64x2.splat(mean);
  let r0 = f64x2.splat(0);
  let r1 = f64x2.splat(0);
  let r2 = f64x2.splat(0);
  let r3 = f64x2.splat(0);
  let m0 = f64x2.splat(0);
  let m1 = f64x2.splat(0);
  let m2 = f64x2.splat(0);
  let m3 = f64x2.splat(0);
  const end = x + (<usize>n << 3);
  const body = x + (<usize>(n & ~7) << 3);
  for (; x < body; x += 64) {
    const d0 = f64x2.sub(v128.load(x), center);
    r0 = f64x2.add(r0, d0);
    m0 = f64x2.add(m0, f64x2.mul(d0, d0));
    const d1 = f64x2.sub(v128.load(x, 16), center);
    r1 = f64x2.add(r1, d1);
    m1 = f64x2.add(m1, f64x2.mul(d1, d1));
    const d2 = f64x2.sub(v128.load(x, 32), center);
    r2 = f64x2.add(r2, d2);
    m2 = f64x2.add(m2, f64x2.mul(d2, d2));
    const d3 = f64x2.sub(v128.load(x, 48), center);
    r3 = f64x2.add(r3, d3);
    m3 = f64x2.add(m3, f64x2.mul(d3, d3));
  }
  storeLanes(LANES, r0, r1, r2, r3);
  storeLanes(MORE_LANES, m0, m1, m2, m3);
  for (let lane: usize = 0; x < end; x += 8, lane += 8) {
    const d = load<f64>(x) - mean;
    store<f64>(LANES + lane, load<f64>(LANES + lane) + d);
    store<f64>(MORE_LANES + lane, load<f64>(MORE_LANES + lane) + d * d);
  }
}

// @ts-ignore: decorator
@inline
function storeLanes(to: usize, a: v128, b: v128, c: v128, d: v128): void {
  v128.store(to, a);
  v128.store(to, b, 16);
  v128.store(to, c, 32);
  v128.store(to, d, 48);
}
