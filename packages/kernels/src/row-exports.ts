type Gradient = (p: number, y: number, n: number, g: number) => void;
type HuberGradient = (p: number, y: number, n: number, delta: number, g: number) => void;
type CountOutside = (x: number, n: number, low: number, high: number) => number;
type UndefinedPairs = (p: number, y: number, n: number) => number;
type Dequantize = (x: number, n: number, zero: number, scale: number, period: number) => void;
type Widen = (bits: number, n: number, out: number) => void;
type Columns = (x: number, rows: number, width: number, out: number) => void;
type ScaleRows = (g: number, w: number, rows: number, width: number) => void;

/**
 * Gradients of real losses by the prediction (unweighted, in the type of the name's end), block moments, and passes over rows.
 * `moments_*` write 10 float64 for each block of 256 rows: [rows, W, mean, lo, M, V, R, Q, min, max], see the reference twin.
 */
export interface RowExports {
  error_gradient_f32: Gradient;
  error_gradient_f64: Gradient;
  mse_gradient_f32: Gradient;
  mse_gradient_f64: Gradient;
  mae_gradient_f32: Gradient;
  mae_gradient_f64: Gradient;
  huber_gradient_f32: HuberGradient;
  huber_gradient_f64: HuberGradient;
  moments_f64(x: number, n: number, out: number): void;
  moments_weighted_f64(x: number, w: number, n: number, out: number): void;
  /** Folds the first 8 numbers of 2^k block records pairwise into the first one's, as mergeMoments of @lossmill/statistics does. */
  moments_fold_f64(records: number, blocks: number): void;
  /** Least and greatest value of block records, at `out`: both NaN if any is; Infinity, -Infinity where no record has rows. */
  moments_range_f64(records: number, blocks: number, out: number): void;
  /** How many of n values are not within [low, high]; NaN is not. */
  count_outside_f32: CountOutside;
  count_outside_f64: CountOutside;
  /** 1 if any p[i] - y[i] is NaN (of a NaN, or of two equal infinities), else 0. */
  undefined_pairs_f32: UndefinedPairs;
  undefined_pairs_f64: UndefinedPairs;
  /** x[i] = (x[i] - zero[i mod period]) * scale[i mod period], difference and product rounded to float32; tables in x's type. */
  dequantize_f32: Dequantize;
  dequantize_f64: Dequantize;
  /** n float16 (bfloat16) as float32, exact; the bits may be the upper half of `out` itself. */
  widen_f16_f32: Widen;
  widen_bf16_f32: Widen;
  /** g[i * width + k] *= w[i], w float64; a weight of 0 makes it +0 whatever it was. */
  scale_rows_f32: ScaleRows;
  scale_rows_f64: ScaleRows;
  /** out[k * rows + i] = x[i * width + k], float64: rows to columns. */
  columns_f32: Columns;
  columns_f64: Columns;
  /**
   * Means of rows given as columns: the sum of each correctly rounded, divided by `width`. Lists at `unsure` (i32) the rows of which that
   * cannot be told here (not finite, or a tie too close to call) and returns how many: `reference.row_mean_f64` tells.
   */
  row_means_f64(columns: number, rows: number, width: number, out: number, unsure: number): number;
}
