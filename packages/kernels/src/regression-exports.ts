type RowLoss = (p: number, y: number, n: number, out: number) => void;

/** Kernels for real targets: `p` and `y` hold n predictions and targets, `out` receives n float64 row losses. */
export interface RegressionExports {
  mse_f64: RowLoss;
}
