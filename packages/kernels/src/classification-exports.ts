/** z or p, y, n, pos_weight (1: none), label_smoothing (0: none), then the result. */
type Binary = (z: number, y: number, n: number, posWeight: number, labelSmoothing: number, out: number) => void;
/** As `Binary`: row losses to `out` and the gradient to `g`, the very bits of the two kernels that give one each. */
type BinaryBoth = (
  z: number,
  y: number,
  n: number,
  posWeight: number,
  labelSmoothing: number,
  out: number,
  g: number,
) => void;
/** As `Binary`; p is first held to [clip, 1 - clip] (0: not). */
type BinaryClipped = (
  p: number,
  y: number,
  n: number,
  posWeight: number,
  labelSmoothing: number,
  clip: number,
  out: number,
) => void;
/** x holds rows x C numbers, target i32[rows]. */
type Classes = (x: number, target: number, rows: number, C: number, out: number) => void;
/** As `Classes`: row losses to `out` and the gradient to `g`, the very bits of the two kernels that give one each. */
type ClassesBoth = (x: number, target: number, rows: number, C: number, out: number, g: number) => void;
/** classWeight holds f64[C], or is 0: none. */
type WeightedClasses = (x: number, target: number, classWeight: number, rows: number, C: number, out: number) => void;
/** As `WeightedClasses` with one more parameter: label_smoothing for logits, clip for probabilities. */
type ParameterClasses = (
  x: number,
  target: number,
  classWeight: number,
  rows: number,
  C: number,
  parameter: number,
  out: number,
) => void;
/** q: probabilities as x, or i32[rows] class indices for `smooth`. */
type SoftClipped = (
  p: number,
  q: number,
  classWeight: number,
  rows: number,
  C: number,
  labelSmoothing: number,
  clip: number,
  out: number,
) => void;
type Argmax = (x: number, rows: number, C: number, out: number) => void;

/**
 * Kernels for class and probability targets. Pointers are byte offsets into the instance's memory; they need no alignment. Row losses
 * are float64; a gradient has the element type and shape of the prediction, and must not overlap it.
 *
 * Class targets are i32, -1 for a row to skip (loss and gradient 0, even where its logits are NaN); other values outside [0, C) are the
 * caller's error and are not checked. Probability targets q have the prediction's type and shape; a class with q = 0 adds nothing.
 */
export interface ClassificationExports {
  bce_logits_f32: Binary;
  bce_logits_f64: Binary;
  bce_logits_gradient_f32: Binary;
  bce_logits_gradient_f64: Binary;
  bce_logits_both_f32: BinaryBoth;
  bce_logits_both_f64: BinaryBoth;
  bce_probabilities_f32: BinaryClipped;
  bce_probabilities_f64: BinaryClipped;
  bce_probabilities_gradient_f32: BinaryClipped;
  bce_probabilities_gradient_f64: BinaryClipped;
  cross_entropy_logits_f32: Classes;
  cross_entropy_logits_f64: Classes;
  cross_entropy_logits_gradient_f32: Classes;
  cross_entropy_logits_gradient_f64: Classes;
  cross_entropy_logits_both_f32: ClassesBoth;
  cross_entropy_logits_both_f64: ClassesBoth;
  cross_entropy_smooth_logits_f32: ParameterClasses;
  cross_entropy_smooth_logits_f64: ParameterClasses;
  cross_entropy_smooth_logits_gradient_f32: ParameterClasses;
  cross_entropy_smooth_logits_gradient_f64: ParameterClasses;
  cross_entropy_soft_logits_f32: ParameterClasses;
  cross_entropy_soft_logits_f64: ParameterClasses;
  cross_entropy_soft_logits_gradient_f32: ParameterClasses;
  cross_entropy_soft_logits_gradient_f64: ParameterClasses;
  cross_entropy_probabilities_f32: ParameterClasses;
  cross_entropy_probabilities_f64: ParameterClasses;
  cross_entropy_probabilities_gradient_f32: ParameterClasses;
  cross_entropy_probabilities_gradient_f64: ParameterClasses;
  cross_entropy_smooth_probabilities_f32: SoftClipped;
  cross_entropy_smooth_probabilities_f64: SoftClipped;
  cross_entropy_smooth_probabilities_gradient_f32: SoftClipped;
  cross_entropy_smooth_probabilities_gradient_f64: SoftClipped;
  cross_entropy_soft_probabilities_f32: SoftClipped;
  cross_entropy_soft_probabilities_f64: SoftClipped;
  cross_entropy_soft_probabilities_gradient_f32: SoftClipped;
  cross_entropy_soft_probabilities_gradient_f64: SoftClipped;
  nll_f32: WeightedClasses;
  nll_f64: WeightedClasses;
  nll_gradient_f32: WeightedClasses;
  nll_gradient_f64: WeightedClasses;
  /** out is i32[rows]. First maximum; NaN is never one, and a row of nothing but NaN or -Infinity gives 0. */
  argmax_f32: Argmax;
  argmax_f64: Argmax;
}
