type RowLoss = (p: number, y: number, n: number, out: number) => void;
type HuberLoss = (p: number, y: number, n: number, delta: number, out: number) => void;
/** As `RowLoss`, with the loss's one parameter. */
type ParameterLoss = (p: number, y: number, n: number, parameter: number, out: number) => void;
type Gaussian = (p: number, y: number, variance: number, n: number, full: number, epsilon: number, out: number) => void;
type GaussianGradient = (p: number, y: number, variance: number, n: number, epsilon: number, g: number) => void;

/** Value (float64) and gradient (in the type of the name's end). */
type Plain<Name extends string> = Record<`${Name}_${'f32' | 'f64'}` | `${Name}_gradient_${'f32' | 'f64'}`, RowLoss>;
type WithParameter<Name extends string> = Record<
  `${Name}_${'f32' | 'f64'}` | `${Name}_gradient_${'f32' | 'f64'}`,
  ParameterLoss
>;
/** The value takes `full` (0 or 1), the gradient does not. */
type WithFull<Name extends string> = Record<`${Name}_${'f32' | 'f64'}`, ParameterLoss> &
  Record<`${Name}_gradient_${'f32' | 'f64'}`, RowLoss>;

/**
 * Kernels for real targets. `p` and `y` point at n predictions and targets (float32 or float64 by the name's end), `out` at n float64
 * row losses. A row's loss depends on that row alone. float32: e = float32(p - y), as torch rounds it; then in float64.
 */
export interface RegressionExports
  extends WithParameter<'smooth_l1' | 'pseudo_huber' | 'quantile' | 'expectile' | 'mape'>,
    WithParameter<'tweedie_logits' | 'tweedie_mean'>,
    WithFull<'poisson_logits' | 'poisson_mean'>,
    Plain<'log_cosh' | 'msle' | 'smape' | 'gamma_logits' | 'gamma_mean'> {
  gaussian_f32: Gaussian;
  gaussian_f64: Gaussian;
  gaussian_gradient_f32: GaussianGradient;
  gaussian_gradient_f64: GaussianGradient;
  error_f32: RowLoss;
  error_f64: RowLoss;
  mse_f32: RowLoss;
  mse_f64: RowLoss;
  mae_f32: RowLoss;
  mae_f64: RowLoss;
  huber_f32: HuberLoss;
  huber_f64: HuberLoss;
}
