type RowLoss = (p: number, y: number, n: number, out: number) => void;
type HuberLoss = (p: number, y: number, n: number, delta: number, out: number) => void;

/**
 * Kernels for real targets. `p` and `y` point at n predictions and targets (float32 or float64 by the name's end), `out` at n float64
 * row losses. A row's loss depends on that row alone. float32: e = float32(p - y), as torch rounds it; then in float64.
 */
export interface RegressionExports {
  error_f32: RowLoss;
  error_f64: RowLoss;
  mse_f32: RowLoss;
  mse_f64: RowLoss;
  mae_f32: RowLoss;
  mae_f64: RowLoss;
  huber_f32: HuberLoss;
  huber_f64: HuberLoss;
}
