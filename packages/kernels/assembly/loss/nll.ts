// value = -w_y lp_y, lp log-probabilities; a weight of 0 makes it 0.
import { weightOf } from './mass';

// @ts-ignore: decorator
@inline
function run<T>(lp: usize, target: usize, weights: usize, rows: i32, C: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>rows; i++) {
    const y = load<i32>(target + (i << 2));
    let loss: f64 = 0;
    if (y >= 0) {
      const w = weightOf(weights, <usize>y);
      if (w != 0.0) loss = 0.0 - w * <f64>load<T>(lp + (i * <usize>C + <usize>y) * sizeof<T>());
    }
    store<f64>(out + (i << 3), loss);
  }
}

// @ts-ignore: decorator
@inline
function runGradient<T>(target: usize, weights: usize, rows: i32, C: i32, g: usize): void {
  memory.fill(g, 0, <usize>rows * <usize>C * sizeof<T>());
  for (let i: usize = 0; i < <usize>rows; i++) {
    const y = load<i32>(target + (i << 2));
    if (y >= 0) store<T>(g + (i * <usize>C + <usize>y) * sizeof<T>(), <T>(0.0 - weightOf(weights, <usize>y)));
  }
}

/** Negative log-likelihood of class targets. */
export function nll_f32(lp: usize, target: usize, class_weight: usize, rows: i32, C: i32, out: usize): void {
  run<f32>(lp, target, class_weight, rows, C, out);
}

/** Negative log-likelihood of class targets. */
export function nll_f64(lp: usize, target: usize, class_weight: usize, rows: i32, C: i32, out: usize): void {
  run<f64>(lp, target, class_weight, rows, C, out);
}

/** Gradient of nll_f32 by the log-probabilities. */
export function nll_gradient_f32(_lp: usize, target: usize, class_weight: usize, rows: i32, C: i32, g: usize): void {
  runGradient<f32>(target, class_weight, rows, C, g);
}

/** Gradient of nll_f64 by the log-probabilities. */
export function nll_gradient_f64(_lp: usize, target: usize, class_weight: usize, rows: i32, C: i32, g: usize): void {
  runGradient<f64>(target, class_weight, rows, C, g);
}
