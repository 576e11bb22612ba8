// value = sum of -a_k log(p_k) with a_k of mass.ts; a class without mass adds nothing. Probabilities are taken as they are, but for `clip`.
import { log_f64 } from '../link/log';
import { massOf, weightOf } from './mass';

/** p held to [clip, 1 - clip]; NaN stays NaN. */
// @ts-ignore: decorator
@inline
function held(p: f64, clip: f64): f64 {
  if (p < clip) return clip;
  return p > 1.0 - clip ? 1.0 - clip : p;
}

// @ts-ignore: decorator
@inline
function part(a: f64, p: f64, clip: f64): f64 {
  return a == 0.0 ? 0.0 : 0.0 - a * log_f64(held(p, clip));
}

// @ts-ignore: decorator
@inline
function slope(a: f64, p: f64, clip: f64): f64 {
  if (a == 0.0 || p < clip || p > 1.0 - clip) return 0;
  return -a / p;
}

// @ts-ignore: decorator
@inline
function run<T>(p: usize, target: usize, weights: usize, rows: i32, C: i32, clip: f64, out: usize): void {
  for (let i: usize = 0; i < <usize>rows; i++) {
    const y = load<i32>(target + (i << 2));
    let loss: f64 = 0;
    if (y >= 0) loss = part(weightOf(weights, <usize>y), <f64>load<T>(p + (i * <usize>C + <usize>y) * sizeof<T>()), clip);
    store<f64>(out + (i << 3), loss);
  }
}

// @ts-ignore: decorator
@inline
function runGradient<T>(p: usize, target: usize, weights: usize, rows: i32, C: i32, clip: f64, g: usize): void {
  memory.fill(g, 0, <usize>rows * <usize>C * sizeof<T>());
  for (let i: usize = 0; i < <usize>rows; i++) {
    const y = load<i32>(target + (i << 2));
    if (y < 0) continue;
    const at = (i * <usize>C + <usize>y) * sizeof<T>();
    store<T>(g + at, <T>slope(weightOf(weights, <usize>y), <f64>load<T>(p + at), clip));
  }
}

// @ts-ignore: decorator
@inline
function runSmooth<T>(p: usize, target: usize, weights: usize, rows: i32, C: i32, smoothing: f64, clip: f64, out: usize): void {
  const stride = <usize>C * sizeof<T>();
  const share = smoothing / <f64>C;
  for (let i: usize = 0; i < <usize>rows; i++) {
    const y = load<i32>(target + (i << 2));
    let loss: f64 = 0;
    for (let k: usize = 0; y >= 0 && k < <usize>C; k++) {
      const a = massOf<T>(0, y, weights, k, 1.0 - smoothing, share);
      loss += part(a, <f64>load<T>(p + i * stride + k * sizeof<T>()), clip);
    }
    store<f64>(out + (i << 3), loss);
  }
}

// @ts-ignore: decorator
@inline
function runSmoothGradient<T>(p: usize, target: usize, weights: usize, rows: i32, C: i32, smoothing: f64, clip: f64, g: usize): void {
  const stride = <usize>C * sizeof<T>();
  const share = smoothing / <f64>C;
  for (let i: usize = 0; i < <usize>rows; i++) {
    const y = load<i32>(target + (i << 2));
    for (let k: usize = 0; k < <usize>C; k++) {
      const at = i * stride + k * sizeof<T>();
      const a = y < 0 ? 0.0 : massOf<T>(0, y, weights, k, 1.0 - smoothing, share);
      store<T>(g + at, <T>slope(a, <f64>load<T>(p + at), clip));
    }
  }
}

// @ts-ignore: decorator
@inline
function runSoft<T>(p: usize, q: usize, weights: usize, rows: i32, C: i32, smoothing: f64, clip: f64, out: usize): void {
  const stride = <usize>C * sizeof<T>();
  const share = smoothing / <f64>C;
  for (let i: usize = 0; i < <usize>rows; i++) {
    let loss: f64 = 0;
    for (let k: usize = 0; k < <usize>C; k++) {
      const a = massOf<T>(q + i * stride, -1, weights, k, 1.0 - smoothing, share);
      loss += part(a, <f64>load<T>(p + i * stride + k * sizeof<T>()), clip);
    }
    store<f64>(out + (i << 3), loss);
  }
}

// @ts-ignore: decorator
@inline
function runSoftGradient<T>(p: usize, q: usize, weights: usize, rows: i32, C: i32, smoothing: f64, clip: f64, g: usize): void {
  const stride = <usize>C * sizeof<T>();
  const share = smoothing / <f64>C;
  for (let i: usize = 0; i < <usize>rows; i++) {
    for (let k: usize = 0; k < <usize>C; k++) {
      const at = i * stride + k * sizeof<T>();
      const a = massOf<T>(q + i * stride, -1, weights, k, 1.0 - smoothing, share);
      store<T>(g + at, <T>slope(a, <f64>load<T>(p + at), clip));
    }
  }
}

/** -w_y log(p_y). */
export function cross_entropy_probabilities_f32(
  p: usize, target: usize, class_weight: usize, rows: i32, C: i32, clip: f64, out: usize,
): void {
  run<f32>(p, target, class_weight, rows, C, clip, out);
}

/** -w_y log(p_y). */
export function cross_entropy_probabilities_f64(
  p: usize, target: usize, class_weight: usize, rows: i32, C: i32, clip: f64, out: usize,
): void {
  run<f64>(p, target, class_weight, rows, C, clip, out);
}

/** Gradient by the probabilities; 0 where `clip` holds the loss constant. */
export function cross_entropy_probabilities_gradient_f32(
  p: usize, target: usize, class_weight: usize, rows: i32, C: i32, clip: f64, g: usize,
): void {
  runGradient<f32>(p, target, class_weight, rows, C, clip, g);
}

/** Gradient by the probabilities; 0 where `clip` holds the loss constant. */
export function cross_entropy_probabilities_gradient_f64(
  p: usize, target: usize, class_weight: usize, rows: i32, C: i32, clip: f64, g: usize,
): void {
  runGradient<f64>(p, target, class_weight, rows, C, clip, g);
}

/** Probability targets q. */
export function cross_entropy_soft_probabilities_f32(
  p: usize, q: usize, class_weight: usize, rows: i32, C: i32, label_smoothing: f64, clip: f64, out: usize,
): void {
  runSoft<f32>(p, q, class_weight, rows, C, label_smoothing, clip, out);
}

/** Probability targets q. */
export function cross_entropy_soft_probabilities_f64(
  p: usize, q: usize, class_weight: usize, rows: i32, C: i32, label_smoothing: f64, clip: f64, out: usize,
): void {
  runSoft<f64>(p, q, class_weight, rows, C, label_smoothing, clip, out);
}

/** Gradient by the probabilities; 0 where `clip` holds the loss constant. */
export function cross_entropy_soft_probabilities_gradient_f32(
  p: usize, q: usize, class_weight: usize, rows: i32, C: i32, label_smoothing: f64, clip: f64, g: usize,
): void {
  runSoftGradient<f32>(p, q, class_weight, rows, C, label_smoothing, clip, g);
}

/** Gradient by the probabilities; 0 where `clip` holds the loss constant. */
export function cross_entropy_soft_probabilities_gradient_f64(
  p: usize, q: usize, class_weight: usize, rows: i32, C: i32, label_smoothing: f64, clip: f64, g: usize,
): void {
  runSoftGradient<f64>(p, q, class_weight, rows, C, label_smoothing, clip, g);
}

/** Class index targets with label smoothing. */
export function cross_entropy_smooth_probabilities_f32(
  p: usize, target: usize, class_weight: usize, rows: i32, C: i32, label_smoothing: f64, clip: f64, out: usize,
): void {
  runSmooth<f32>(p, target, class_weight, rows, C, label_smoothing, clip, out);
}

/** Gradient by the probabilities; 0 where `clip` holds the loss constant. */
export function cross_entropy_smooth_probabilities_gradient_f32(
  p: usize, target: usize, class_weight: usize, rows: i32, C: i32, label_smoothing: f64, clip: f64, g: usize,
): void {
  runSmoothGradient<f32>(p, target, class_weight, rows, C, label_smoothing, clip, g);
}

/** Class index targets with label smoothing. */
export function cross_entropy_smooth_probabilities_f64(
  p: usize, target: usize, class_weight: usize, rows: i32, C: i32, label_smoothing: f64, clip: f64, out: usize,
): void {
  runSmooth<f64>(p, target, class_weight, rows, C, label_smoothing, clip, out);
}

/** Gradient by the probabilities; 0 where `clip` holds the loss constant. */
export function cross_entropy_smooth_probabilities_gradient_f64(
  p: usize, target: usize, class_weight: usize, rows: i32, C: i32, label_smoothing: f64, clip: f64, g: usize,
): void {
  runSmoothGradient<f64>(p, target, class_weight, rows, C, label_smoothing, clip, g);
}
