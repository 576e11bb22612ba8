type RowLossSum = (p: number, y: number, n: number, out: number, acc: number) => void;
type HuberLossSum = (p: number, y: number, n: number, delta: number, out: number, acc: number) => void;

/**
 * Exact sums. `acc` points at an accumulator of ACCUMULATOR_BYTES bytes, 8-byte aligned: `exact_reset` it before the first use, read it
 * with `readExactSum`. `*_sum_*` compute row losses as the kernel of that name, add their exact sum to `acc`, and store them at
 * `out` unless that is 0.
 */
export interface ExactExports {
  exact_reset(acc: number): void;
  exact_normalize(acc: number): void;
  exact_add_f64(acc: number, x: number, n: number): void;
  /** Adds the exact real products w[i] * x[i]. */
  exact_add_products_f64(acc: number, w: number, x: number, n: number): void;
  error_sum_f32: RowLossSum;
  error_sum_f64: RowLossSum;
  mse_sum_f32: RowLossSum;
  mse_sum_f64: RowLossSum;
  mae_sum_f32: RowLossSum;
  mae_sum_f64: RowLossSum;
  huber_sum_f32: HuberLossSum;
  huber_sum_f64: HuberLossSum;
}
