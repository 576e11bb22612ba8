import { storeMoments } from './block';

const RECORD: usize = 80;
const NODE: usize = 64;

/**
 * Folds the nodes of `blocks` block records, a power of two, pairwise from neighbours up into the first one's; the others are used up.
 * The merge is mergeMoments of @lossmill/statistics, to the bit; extremes are not touched.
 */
export function moments_fold_f64(records: usize, blocks: i32): void {
  const end = records + <usize>blocks * RECORD;
  for (let step = RECORD; records + step < end; step <<= 1) {
    for (let left = records; left < end; left += step << 1) merge(left, left + step);
  }
}

/** Least and greatest value of `blocks` block records, at `out`: both NaN if any is; Infinity, -Infinity without a row. */
export function moments_range_f64(records: usize, blocks: i32, out: usize): void {
  let low: f64 = Infinity;
  let high: f64 = -Infinity;
  for (const end = records + <usize>blocks * RECORD; records < end; records += RECORD) {
    if (load<f64>(records) == 0) continue;
    low = min(low, load<f64>(records, NODE));
    high = max(high, load<f64>(records, NODE + 8));
  }
  store<f64>(out, low);
  store<f64>(out, high, 8);
}

function merge(left: usize, right: usize): void {
  const rows = load<f64>(left);
  const others = load<f64>(right);
  if (others == 0) return;
  if (rows == 0) {
    memory.copy(left, right, NODE);
    return;
  }
  const wa = load<f64>(left, 8);
  const wb = load<f64>(right, 8);
  if (wa == 0 || wb == 0) {
    // Rows without weight only count.
    if (wa == 0) memory.copy(left, right, NODE);
    store<f64>(left, rows + others);
    return;
  }
  mergeWeighted(left, right, rows + others, wa, wb);
}

function mergeWeighted(left: usize, right: usize, rows: f64, wa: f64, wb: f64): void {
  const w = wa + wb;
  const mean = load<f64>(left, 16);
  const lo = load<f64>(left, 24);
  const delta = load<f64>(right, 16) - mean + (load<f64>(right, 24) - lo);
  const shiftA = delta * (wb / w);
  const shiftB = delta * (wa / w);
  const va = load<f64>(left, 40);
  const vb = load<f64>(right, 40);
  const ra = load<f64>(left, 48);
  const rb = load<f64>(right, 48);
  const newMean = mean + (lo + shiftA);
  const newLo = mean - newMean + (lo + shiftA);
  const m = load<f64>(left, 32) + (load<f64>(right, 32) + shiftA * delta * wa);
  const r = ra - shiftA * va + (rb + shiftB * vb);
  const q = load<f64>(left, 56) + (shiftA * (shiftA * va - 2 * ra) + (load<f64>(right, 56) + shiftB * (shiftB * vb + 2 * rb)));
  storeMoments(left, rows, w, newMean, newLo, m, va + vb, r, q);
}
