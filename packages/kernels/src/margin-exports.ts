type Pair = 'f32' | 'f64';

/** z or p, y, n, then the result. */
type Binary = (x: number, y: number, n: number, out: number) => void;
/** As `Binary` with gamma and the weights of positive and other targets. */
type Focal = (x: number, y: number, n: number, gamma: number, up: number, down: number, out: number) => void;
/** rows x C numbers, target i32[rows] or (soft) probabilities of the same shape. */
type Rows = (x: number, target: number, rows: number, C: number, out: number) => void;
/** As `Rows` with one more number: log_target (0 or 1), epsilon, or k. */
type RowsAnd = (x: number, target: number, rows: number, C: number, parameter: number, out: number) => void;
/** classWeight holds f64[C], or is 0: none. power is 1 or 2. */
type Margins = (
  s: number,
  target: number,
  classWeight: number,
  rows: number,
  C: number,
  margin: number,
  power: number,
  out: number,
) => void;
type Threshold = (x: number, y: number, n: number, threshold: number, out: number) => void;
type CountNotWhole = (x: number, n: number, low: number, high: number) => number;

/** The names of a kernel and of its gradient for both element types. */
type Both<Name extends string> = `${Name}_${Pair}` | `${Name}_gradient_${Pair}`;

type BinaryKernels = Record<
  Both<'hinge' | 'squared_hinge' | 'exponential' | 'soft_margin' | 'brier_logits' | 'brier_probabilities'>,
  Binary
>;
type FocalKernels = Record<Both<'focal_logits' | 'focal_probabilities'>, Focal>;
type BrierKernels = Record<Both<`brier_${'classes' | 'soft'}_${'logits' | 'probabilities'}`>, Rows>;
type ParameterKernels = Record<
  Both<`kl_div_${'logits' | 'probabilities' | 'log_probabilities'}` | 'cosine'> | `zero_one_ranks_${Pair}`,
  RowsAnd
>;
type MarginKernels = Record<Both<'multi_margin' | 'crammer_singer'>, Margins>;

/**
 * Margin losses, focal, Brier, Kullback-Leibler, cosine and 0-1 kernels. Pointers are byte offsets; row losses are float64; a gradient has
 * the prediction's type and shape and must not overlap it. Binary targets above 0 are the positive class, all others the other one.
 * Class targets are i32 with -1 for a row to skip (loss and gradient 0). NaN predictions are the caller's error.
 */
export interface MarginExports extends BinaryKernels, FocalKernels, BrierKernels, ParameterKernels, MarginKernels {
  zero_one_scores_f32: Threshold;
  zero_one_scores_f64: Threshold;
  zero_one_labels_f32: Binary;
  zero_one_labels_f64: Binary;
  /** n zeros at g. */
  zero_gradient_f32(n: number, g: number): void;
  zero_gradient_f64(n: number, g: number): void;
  /** How many of n values are not whole numbers within [low, high]; NaN is not. */
  count_not_whole_f32: CountNotWhole;
  count_not_whole_f64: CountNotWhole;
}
