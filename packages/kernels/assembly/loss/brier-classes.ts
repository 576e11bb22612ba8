// value = sum of (p_k - t_k)^2, t a class (1 on y) or probabilities. Logits: p = softmax, and for a class S + R^2 with S the sum of p_k^2 and
// R the sum of p_k over k != y, where nothing cancels. Always computed in float64.
import { expScaled_f64x2 } from '../link/exp';
import { both, classPair, numbers, others, storeClasses } from './class-pairs';
import { FINITE, ONE_INFINITE, rowMax, rowScale, rowState } from './row';
import { scan_f64 } from './scan-f64';

/** t_k and t_k+1. */
// @ts-ignore: decorator
@inline
function wanted<T>(q: usize, y: f64, k: usize, C: usize): v128 {
  if (q != 0) return classPair<T>(q, k, C);
  return v128.and(f64x2.splat(1.0), f64x2.eq(numbers(k), f64x2.splat(y)));
}

/** p_k - t_k, 0 behind the last. */
// @ts-ignore: decorator
@inline
function error<T>(p: usize, q: usize, y: f64, k: usize, C: usize): v128 {
  return f64x2.sub(classPair<T>(p, k, C), wanted<T>(q, y, k, C));
}

function squares<T>(p: usize, q: usize, y: f64, C: usize): f64 {
  let sum = f64x2.splat(0.0);
  for (let k: usize = 0; k < C; k += 2) {
    const e = error<T>(p, q, y, k, C);
    sum = f64x2.add(sum, f64x2.mul(e, e));
  }
  return both(sum);
}

function twice<T>(p: usize, q: usize, y: f64, C: usize, g: usize): void {
  for (let k: usize = 0; k < C; k += 2) {
    const e = error<T>(p, q, y, k, C);
    storeClasses<T>(g, k, C, f64x2.add(e, e));
  }
}

/** Softmax of classes k and k + 1 of the finite row just scanned, 0 where `mask` is. */
// @ts-ignore: decorator
@inline
function share<T>(row: usize, k: usize, C: usize, mask: v128): v128 {
  const e = expScaled_f64x2(f64x2.sub(classPair<T>(row, k, C), f64x2.splat(rowMax)));
  return v128.and(f64x2.mul(e, f64x2.splat(rowScale)), mask);
}

/** Sum of p_k and of p_k^2 over k != y (index), or of (p_k - q_k)^2 and (p_k - q_k) p_k (probability target). */
let first: f64 = 0;
let second: f64 = 0;

function gather<T>(row: usize, q: usize, y: f64, C: usize): void {
  let a = f64x2.splat(0.0);
  let b = f64x2.splat(0.0);
  for (let k: usize = 0; k < C; k += 2) {
    const p = share<T>(row, k, C, others(k, C, y));
    if (q == 0) {
      a = f64x2.add(a, p);
      b = f64x2.add(b, f64x2.mul(p, p));
    } else {
      const e = f64x2.sub(p, classPair<T>(q, k, C));
      a = f64x2.add(a, f64x2.mul(e, e));
      b = f64x2.add(b, f64x2.mul(e, p));
    }
  }
  first = both(a);
  second = both(b);
}

/** A row whose probability lies on one class, its logit being +Infinity. */
function lossOfInfinite<T>(row: usize, q: usize, y: f64, C: usize): f64 {
  let loss: f64 = 0;
  for (let k: usize = 0; k < C; k++) {
    const at = k * sizeof<T>();
    const t = q == 0 ? (<f64>k == y ? 1.0 : 0.0) : <f64>load<T>(q + at);
    const e = (<f64>load<T>(row + at) == Infinity ? 1.0 : 0.0) - t;
    loss += e * e;
  }
  return loss;
}

function lossOfLogits<T>(row: usize, q: usize, y: f64, C: usize): f64 {
  scan_f64<T>(row, <i32>C);
  if (rowState == ONE_INFINITE) return lossOfInfinite<T>(row, q, y, C);
  if (rowState != FINITE) return NaN;
  gather<T>(row, q, y, C);
  return q == 0 ? second + first * first : first;
}

/**
 * With D = sum of (p_j - t_j) p_j: 2 p_k ((p_k - t_k) - D). For a class, D = S - R p_y: 2 p_k (p_k + (R p_y - S)) and, for k = y,
 * -2 p_y (R^2 + S).
 */
function slopesOfLogits<T>(row: usize, q: usize, y: f64, C: usize, g: usize): void {
  scan_f64<T>(row, <i32>C);
  if (rowState != FINITE) {
    for (let k: usize = 0; k < C; k++) store<T>(g + k * sizeof<T>(), <T>(rowState == ONE_INFINITE ? 0.0 : NaN));
    return;
  }
  gather<T>(row, q, y, C);
  const all = f64x2.eq(f64x2.splat(0.0), f64x2.splat(0.0));
  let own: f64 = 0;
  let shift = f64x2.splat(0.0 - second);
  if (q == 0) {
    const e = expScaled_f64x2(f64x2.splat(<f64>load<T>(row + <usize>y * sizeof<T>()) - rowMax));
    own = f64x2.extract_lane(e, 0) * rowScale;
    shift = f64x2.splat(first * own - second);
  }
  for (let k: usize = 0; k < C; k += 2) {
    const p = share<T>(row, k, C, all);
    const e = q == 0 ? p : f64x2.sub(p, classPair<T>(q, k, C));
    storeClasses<T>(g, k, C, f64x2.mul(f64x2.add(p, p), f64x2.add(e, shift)));
  }
  if (q == 0) store<T>(g + <usize>y * sizeof<T>(), <T>(-2.0 * own * (first * first + second)));
}

// @ts-ignore: decorator
@inline
function run<T>(logits: bool, x: usize, q: usize, target: usize, rows: i32, C: i32, out: usize): void {
  const stride = <usize>C * sizeof<T>();
  for (let i: usize = 0; i < <usize>rows; i++) {
    const y = q == 0 ? load<i32>(target + (i << 2)) : -1;
    const soft: usize = q == 0 ? 0 : q + i * stride;
    let loss: f64 = 0;
    if (q != 0 || y >= 0) {
      if (logits) loss = lossOfLogits<T>(x + i * stride, soft, <f64>y, <usize>C);
      else loss = squares<T>(x + i * stride, soft, <f64>y, <usize>C);
    }
    store<f64>(out + (i << 3), loss);
  }
}

// @ts-ignore: decorator
@inline
function runGradient<T>(logits: bool, x: usize, q: usize, target: usize, rows: i32, C: i32, g: usize): void {
  const stride = <usize>C * sizeof<T>();
  for (let i: usize = 0; i < <usize>rows; i++) {
    const y = q == 0 ? load<i32>(target + (i << 2)) : -1;
    const soft: usize = q == 0 ? 0 : q + i * stride;
    const to = g + i * stride;
    if (q == 0 && y < 0) memory.fill(to, 0, stride);
    else if (logits) slopesOfLogits<T>(x + i * stride, soft, <f64>y, <usize>C, to);
    else twice<T>(x + i * stride, soft, <f64>y, <usize>C, to);
  }
}

/** Class targets, probabilities. */
export function brier_classes_probabilities_f32(p: usize, target: usize, rows: i32, C: i32, out: usize): void {
  run<f32>(false, p, 0, target, rows, C, out);
}

/** Class targets, probabilities. */
export function brier_classes_probabilities_f64(p: usize, target: usize, rows: i32, C: i32, out: usize): void {
  run<f64>(false, p, 0, target, rows, C, out);
}

/** Class targets, logits. */
export function brier_classes_logits_f32(z: usize, target: usize, rows: i32, C: i32, out: usize): void {
  run<f32>(true, z, 0, target, rows, C, out);
}

/** Class targets, logits. */
export function brier_classes_logits_f64(z: usize, target: usize, rows: i32, C: i32, out: usize): void {
  run<f64>(true, z, 0, target, rows, C, out);
}

/** Probability targets, probabilities. */
export function brier_soft_probabilities_f32(p: usize, q: usize, rows: i32, C: i32, out: usize): void {
  run<f32>(false, p, q, 0, rows, C, out);
}

/** Probability targets, probabilities. */
export function brier_soft_probabilities_f64(p: usize, q: usize, rows: i32, C: i32, out: usize): void {
  run<f64>(false, p, q, 0, rows, C, out);
}

/** Probability targets, logits. */
export function brier_soft_logits_f32(z: usize, q: usize, rows: i32, C: i32, out: usize): void {
  run<f32>(true, z, q, 0, rows, C, out);
}

/** Probability targets, logits. */
export function brier_soft_logits_f64(z: usize, q: usize, rows: i32, C: i32, out: usize): void {
  run<f64>(true, z, q, 0, rows, C, out);
}

/** Gradient by the probabilities. */
export function brier_classes_probabilities_gradient_f32(p: usize, target: usize, rows: i32, C: i32, g: usize): void {
  runGradient<f32>(false, p, 0, target, rows, C, g);
}

/** Gradient by the probabilities. */
export function brier_classes_probabilities_gradient_f64(p: usize, target: usize, rows: i32, C: i32, g: usize): void {
  runGradient<f64>(false, p, 0, target, rows, C, g);
}

/** Gradient by the logits. */
export function brier_classes_logits_gradient_f32(z: usize, target: usize, rows: i32, C: i32, g: usize): void {
  runGradient<f32>(true, z, 0, target, rows, C, g);
}

/** Gradient by the logits. */
export function brier_classes_logits_gradient_f64(z: usize, target: usize, rows: i32, C: i32, g: usize): void {
  runGradient<f64>(true, z, 0, target, rows, C, g);
}

/** Gradient by the probabilities. */
export function brier_soft_probabilities_gradient_f32(p: usize, q: usize, rows: i32, C: i32, g: usize): void {
  runGradient<f32>(false, p, q, 0, rows, C, g);
}

/** Gradient by the probabilities. */
export function brier_soft_probabilities_gradient_f64(p: usize, q: usize, rows: i32, C: i32, g: usize): void {
  runGradient<f64>(false, p, q, 0, rows, C, g);
}

/** Gradient by the logits. */
export function brier_soft_logits_gradient_f32(z: usize, q: usize, rows: i32, C: i32, g: usize): void {
  runGradient<f32>(true, z, q, 0, rows, C, g);
}

/** Gradient by the logits. */
export function brier_soft_logits_gradient_f64(z: usize, q: usize, rows: i32, C: i32, g: usize): void {
  runGradient<f64>(true, z, q, 0, rows, C, g);
}
