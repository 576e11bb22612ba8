import { ExactSum } from '@lossmill/exact-sum';

/** 2^32: larger than any row is wide, so that a sum divided by it cannot overflow. */
const ROOM = 2 ** 32;

/**
 * The mean of `width` values, the first at x[at], each `stride` behind the one before: their exact sum, rounded once, divided by `width`.
 * NaN of a NaN or of infinities of both signs. Where the sum is beyond float64 the mean still is what it should be.
 */
export function row_mean_f64(x: Float64Array, at: number, stride: number, width: number): number {
  const sum = new ExactSum();
  for (let k = 0; k < width; k++) {
    const value = x[at + k * stride];
    if (Number.isNaN(value)) return Number.NaN;
    sum.add(value);
  }
  const rounded = sum.round();
  if (Number.isFinite(rounded) || !sum.isFinite()) return rounded / width;
  const scaled = new ExactSum();
  for (let k = 0; k < width; k++) scaled.addProduct(x[at + k * stride], 1 / ROOM);
  return (scaled.round() / width) * ROOM;
}

/** out[i] = row_mean_f64 of row i of `rows`, given as columns: of every row it can be told, so none is listed as unsure. */
export function row_means_f64(columns: Float64Array, rows: number, width: number, out: Float64Array): number {
  for (let i = 0; i < rows; i++) out[i] = row_mean_f64(columns, i, rows, width);
  return 0;
}
