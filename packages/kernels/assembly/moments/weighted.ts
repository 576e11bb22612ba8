import { BLOCK_ROWS, halves, storeExtremes, storeMoments } from './block';

// Row j of a block adds to lane j mod 4, lanes are added as (0 + 2) + (1 + 3): the same order for short blocks. Fewer lanes than without
// weights, because seven sums share the registers.

/** Weighted moments of each block of 256 of n float64, the last one maybe shorter: 10 float64 a block at `out`. */
export function moments_weighted_f64(x: usize, w: usize, n: i32, out: usize): void {
  for (let i: i32 = 0; i < n; i += BLOCK_ROWS) {
    const at = <usize>i << 3;
    block(x + at, w + at, min(BLOCK_ROWS, n - i), out);
    out += 80;
  }
}

/** Four lanes of each sum, between the passes. */
const W: usize = memory.data(32, 16);
const WX: usize = memory.data(32, 16);
const WW: usize = memory.data(32, 16);
const WD: usize = memory.data(32, 16);
const WDD: usize = memory.data(32, 16);
const WWD: usize = memory.data(32, 16);
const WWDD: usize = memory.data(32, 16);

const LOW: usize = memory.data(16, 16);
const HIGH: usize = memory.data(16, 16);

/** A block without weight has mean, deviations and shares 0. */
function block(x: usize, w: usize, n: i32, out: usize): void {
  sums(x, w, n);
  const weight = halves(W);
  const v = halves(WW);
  const mean = weight == 0 ? 0 : halves(WX) / weight;
  deviations(x, w, n, mean);
  const r = halves(WD);
  const crossed = halves(WWD);
  const lo = weight == 0 ? 0 : r / weight;
  const m = weight == 0 ? 0 : halves(WDD) - (r * r) / weight;
  const q = halves(WWDD) - 2 * lo * crossed + lo * lo * v;
  storeExtremes(out, x, n, mean, v128.load(LOW), v128.load(HIGH));
  storeMoments(out, <f64>n, weight, mean, lo, m, v, crossed - lo * v, q);
}

/** Leaves the lanes of the sums of w, w x and w^2, and of the extremes of x. */
function sums(x: usize, w: usize, n: i32): void {
  let low = v128.load64_splat(x);
  let high = low;
  let a0 = f64x2.splat(0);
  let a1 = f64x2.splat(0);
  let b0 = f64x2.splat(0);
  let b1 = f64x2.splat(0);
  let c0 = f64x2.splat(0);
  let c1 = f64x2.splat(0);
  const end = x + (<usize>n << 3);
  const body = x + (<usize>(n & ~3) << 3);
  for (; x < body; x += 32, w += 32) {
    const w0 = v128.load(w);
    const x0 = v128.load(x);
    a0 = f64x2.add(a0, w0);
    b0 = f64x2.add(b0, f64x2.mul(w0, x0));
    c0 = f64x2.add(c0, f64x2.mul(w0, w0));
    const w1 = v128.load(w, 16);
    const x1 = v128.load(x, 16);
    a1 = f64x2.add(a1, w1);
    b1 = f64x2.add(b1, f64x2.mul(w1, x1));
    c1 = f64x2.add(c1, f64x2.mul(w1, w1));
    low = f64x2.pmin(low, f64x2.pmin(x0, x1));
    high = f64x2.pmax(high, f64x2.pmax(x0, x1));
  }
  keep(W, a0, a1);
  keep(WX, b0, b1);
  keep(WW, c0, c1);
  for (let lane: usize = 0; x < end; x += 8, w += 8, lane += 8) {
    const weight = load<f64>(w);
    const row = v128.load64_splat(x);
    low = f64x2.pmin(low, row);
    high = f64x2.pmax(high, row);
    addTo(W + lane, weight);
    addTo(WX + lane, weight * load<f64>(x));
    addTo(WW + lane, weight * weight);
  }
  v128.store(LOW, low);
  v128.store(HIGH, high);
}

/** Leaves the lanes of the sums of w d, w d^2, w^2 d and w^2 d^2, d = x - mean. */
function deviations(x: usize, w: usize, n: i32, mean: f64): void {
  const center = f64x2.splat(mean);
  let a0 = f64x2.splat(0);
  let a1 = f64x2.splat(0);
  let b0 = f64x2.splat(0);
  let b1 = f64x2.splat(0);
  let c0 = f64x2.splat(0);
  let c1 = f64x2.splat(0);
  let e0 = f64x2.splat(0);
  let e1 = f64x2.splat(0);
  const end = x + (<usize>n << 3);
  const body = x + (<usize>(n & ~3) << 3);
  for (; x < body; x += 32, w += 32) {
    const w0 = v128.load(w);
    const d0 = f64x2.sub(v128.load(x), center);
    const wd0 = f64x2.mul(w0, d0);
    const wwd0 = f64x2.mul(w0, wd0);
    a0 = f64x2.add(a0, wd0);
    b0 = f64x2.add(b0, f64x2.mul(wd0, d0));
    c0 = f64x2.add(c0, wwd0);
    e0 = f64x2.add(e0, f64x2.mul(wwd0, d0));
    const w1 = v128.load(w, 16);
    const d1 = f64x2.sub(v128.load(x, 16), center);
    const wd1 = f64x2.mul(w1, d1);
    const wwd1 = f64x2.mul(w1, wd1);
    a1 = f64x2.add(a1, wd1);
    b1 = f64x2.add(b1, f64x2.mul(wd1, d1));
    c1 = f64x2.add(c1, wwd1);
    e1 = f64x2.add(e1, f64x2.mul(wwd1, d1));
  }
  keep(WD, a0, a1);
  keep(WDD, b0, b1);
  keep(WWD, c0, c1);
  keep(WWDD, e0, e1);
  for (let lane: usize = 0; x < end; x += 8, w += 8, lane += 8) deviationTail(load<f64>(w), load<f64>(x) - mean, lane);
}

function deviationTail(w: f64, d: f64, lane: usize): void {
  const wd = w * d;
  const wwd = w * wd;
  addTo(WD + lane, wd);
  addTo(WDD + lane, wd * d);
  addTo(WWD + lane, wwd);
  addTo(WWDD + lane, wwd * d);
}

// @ts-ignore: decorator
@inline
function keep(lanes: usize, a: v128, b: v128): void {
  v128.store(lanes, a);
  v128.store(lanes, b, 16);
}

// @ts-ignore: decorator
@inline
function addTo(lane: usize, value: f64): void {
  store<f64>(lane, load<f64>(lane) + value);
}
