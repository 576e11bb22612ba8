export {
  brier_classes_logits_f32, brier_classes_logits_f64, brier_classes_logits_gradient_f32, brier_classes_logits_gradient_f64,
  brier_classes_probabilities_f32, brier_classes_probabilities_f64,
  brier_classes_probabilities_gradient_f32, brier_classes_probabilities_gradient_f64,
  brier_soft_logits_f32, brier_soft_logits_f64, brier_soft_logits_gradient_f32, brier_soft_logits_gradient_f64,
  brier_soft_probabilities_f32, brier_soft_probabilities_f64,
  brier_soft_probabilities_gradient_f32, brier_soft_probabilities_gradient_f64,
} from './loss/brier-classes';
export {
  brier_logits_f32, brier_logits_f64, brier_logits_gradient_f32, brier_logits_gradient_f64,
  brier_probabilities_f32, brier_probabilities_f64, brier_probabilities_gradient_f32, brier_probabilities_gradient_f64,
} from './loss/brier-binary';
export { cosine_f32, cosine_f64, cosine_gradient_f32, cosine_gradient_f64 } from './loss/cosine';
export { exponential_f32, exponential_gradient_f32 } from './loss/exponential-f32';
export {
  focal_logits_f32, focal_logits_f64, focal_logits_gradient_f32, focal_logits_gradient_f64,
  focal_probabilities_f32, focal_probabilities_f64, focal_probabilities_gradient_f32, focal_probabilities_gradient_f64,
} from './loss/focal';
export {
  kl_div_log_probabilities_f32, kl_div_log_probabilities_f64,
  kl_div_log_probabilities_gradient_f32, kl_div_log_probabilities_gradient_f64,
  kl_div_logits_f32, kl_div_logits_f64, kl_div_logits_gradient_f32, kl_div_logits_gradient_f64,
  kl_div_probabilities_f32, kl_div_probabilities_f64, kl_div_probabilities_gradient_f32, kl_div_probabilities_gradient_f64,
} from './loss/kl-div';
export {
  exponential_f64, exponential_gradient_f64,
  hinge_f32, hinge_f64, hinge_gradient_f32, hinge_gradient_f64,
  soft_margin_f32, soft_margin_f64, soft_margin_gradient_f32, soft_margin_gradient_f64,
  squared_hinge_f32, squared_hinge_f64, squared_hinge_gradient_f32, squared_hinge_gradient_f64,
} from './loss/margin';
export {
  crammer_singer_f32, crammer_singer_f64, crammer_singer_gradient_f32, crammer_singer_gradient_f64,
  multi_margin_f32, multi_margin_f64, multi_margin_gradient_f32, multi_margin_gradient_f64,
} from './loss/multi-margin';
export {
  zero_gradient_f32, zero_gradient_f64, zero_one_labels_f32, zero_one_labels_f64,
  zero_one_ranks_f32, zero_one_ranks_f64, zero_one_scores_f32, zero_one_scores_f64,
} from './loss/zero-one';
export { count_not_whole_f32, count_not_whole_f64 } from './rows/count-not-whole';
