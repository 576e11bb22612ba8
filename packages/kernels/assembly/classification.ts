// What the module exports for class and probability targets.
export { argmax_f32, argmax_f64 } from './argmax';
export { bce_logits_both_f32, bce_logits_both_f64 } from './loss/bce-logits-both';
export { bce_logits_f32, bce_logits_f64 } from './loss/bce-logits';
export { bce_logits_gradient_f32, bce_logits_gradient_f64 } from './loss/bce-logits-gradient';
export {
  bce_probabilities_f32, bce_probabilities_f64, bce_probabilities_gradient_f32, bce_probabilities_gradient_f64,
} from './loss/bce-probabilities';
export { cross_entropy_logits_f32, cross_entropy_logits_f64 } from './loss/cross-entropy';
export {
  cross_entropy_smooth_logits_f32, cross_entropy_smooth_logits_f64,
  cross_entropy_smooth_logits_gradient_f32, cross_entropy_smooth_logits_gradient_f64,
  cross_entropy_soft_logits_f32, cross_entropy_soft_logits_f64,
  cross_entropy_soft_logits_gradient_f32, cross_entropy_soft_logits_gradient_f64,
} from './loss/cross-entropy-general';
export {
  cross_entropy_logits_both_f32, cross_entropy_logits_both_f64,
  cross_entropy_logits_gradient_f32, cross_entropy_logits_gradient_f64,
} from './loss/cross-entropy-gradient';
export {
  cross_entropy_probabilities_f32, cross_entropy_probabilities_f64,
  cross_entropy_probabilities_gradient_f32, cross_entropy_probabilities_gradient_f64,
  cross_entropy_smooth_probabilities_f32, cross_entropy_smooth_probabilities_f64,
  cross_entropy_smooth_probabilities_gradient_f32, cross_entropy_smooth_probabilities_gradient_f64,
  cross_entropy_soft_probabilities_f32, cross_entropy_soft_probabilities_f64,
  cross_entropy_soft_probabilities_gradient_f32, cross_entropy_soft_probabilities_gradient_f64,
} from './loss/cross-entropy-probabilities';
export { nll_f32, nll_f64, nll_gradient_f32, nll_gradient_f64 } from './loss/nll';
