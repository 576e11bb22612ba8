import { type Extremes, extremesOf } from './extremes.js';

const BLOCK_ROWS = 256;
const FIELDS = 10;

/**
 * Moments of each block of 256 of n rows, the last one maybe shorter, 10 float64 a block:
 * [rows, W, mean c, lo, M, V, R, Q, min, max] with c + lo the block's mean and, about it, M = sum d^2; without weights W = V = rows,
 * R = 0, Q = M. Row j adds to lane j mod 8; lanes are added as ((0 + 2) + (4 + 6)) + ((1 + 3) + (5 + 7)).
 */
export function moments_f64(x: Float64Array, n: number, out: Float64Array): void {
  for (let i = 0; i < n; i += BLOCK_ROWS) {
    const block = x.subarray(i, Math.min(n, i + BLOCK_ROWS));
    const rows = block.length;
    const c = quarters(rows, (j) => block[j]) / rows;
    const r = quarters(rows, (j) => block[j] - c);
    const m = quarters(rows, (j) => (block[j] - c) * (block[j] - c)) - (r * r) / rows;
    store(out, i, [rows, rows, c, r / rows, m, rows, 0, m], extremesOf(block));
  }
}

/**
 * As moments_f64 with weights: W = sum w, V = sum w^2, and about the weighted mean c + lo, M = sum w d^2, R = sum w^2 d,
 * Q = sum w^2 d^2. Row j adds to lane j mod 4; lanes are added as (0 + 2) + (1 + 3). A block without weight has c, lo and M 0.
 */
export function moments_weighted_f64(x: Float64Array, w: Float64Array, n: number, out: Float64Array): void {
  for (let i = 0; i < n; i += BLOCK_ROWS) {
    const block = x.subarray(i, Math.min(n, i + BLOCK_ROWS));
    store(out, i, weightedSums(block, w.subarray(i, i + block.length)), extremesOf(block));
  }
}

function weightedSums(x: Float64Array, w: Float64Array): number[] {
  const rows = x.length;
  const weight = halves(rows, (j) => w[j]);
  const v = halves(rows, (j) => w[j] * w[j]);
  const c = weight === 0 ? 0 : halves(rows, (j) => w[j] * x[j]) / weight;
  const r = halves(rows, (j) => w[j] * (x[j] - c));
  const crossed = halves(rows, (j) => w[j] * (w[j] * (x[j] - c)));
  const lo = weight === 0 ? 0 : r / weight;
  const squares = halves(rows, (j) => w[j] * (x[j] - c) * (x[j] - c));
  const m = weight === 0 ? 0 : squares - (r * r) / weight;
  const q = halves(rows, (j) => w[j] * (w[j] * (x[j] - c)) * (x[j] - c)) - 2 * lo * crossed + lo * lo * v;
  return [rows, weight, c, lo, m, v, crossed - lo * v, q];
}

function quarters(rows: number, term: (row: number) => number): number {
  const lane = lanes(8, rows, term);
  return lane[0] + lane[2] + (lane[4] + lane[6]) + (lane[1] + lane[3] + (lane[5] + lane[7]));
}

function halves(rows: number, term: (row: number) => number): number {
  const lane = lanes(4, rows, term);
  return lane[0] + lane[2] + (lane[1] + lane[3]);
}

function lanes(count: number, rows: number, term: (row: number) => number): Float64Array {
  const lane = new Float64Array(count);
  for (let j = 0; j < rows; j++) lane[j % count] += term(j);
  return lane;
}

function store(out: Float64Array, row: number, sums: number[], { min, max }: Extremes): void {
  out.set([...sums, min, max], (row / BLOCK_ROWS) * FIELDS);
}
