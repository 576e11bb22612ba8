export { argmax_f32, argmax_f64 } from './argmax.js';
export {
  bce_logits_f32,
  bce_logits_f64,
  bce_logits_gradient_f32,
  bce_logits_gradient_f64,
} from './loss/bce-logits.js';
export {
  bce_probabilities_f32,
  bce_probabilities_f64,
  bce_probabilities_gradient_f32,
  bce_probabilities_gradient_f64,
} from './loss/bce-probabilities.js';
export * from './loss/both.js';
export { cross_entropy_logits_f32, cross_entropy_logits_f64 } from './loss/cross-entropy.js';
export * from './loss/cross-entropy-general.js';
export { cross_entropy_logits_gradient_f32, cross_entropy_logits_gradient_f64 } from './loss/cross-entropy-gradient.js';
export * from './loss/cross-entropy-probabilities.js';
export { nll_f32, nll_f64, nll_gradient_f32, nll_gradient_f64 } from './loss/nll.js';
