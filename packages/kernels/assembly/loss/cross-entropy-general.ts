// value = sum of a_k (log(sum of e^z) - z_k) with a_k of mass.ts; a class without mass adds nothing, whatever its logit.
import { complement, storeRow, zeroRow } from './row-gradient';
import { distance, excess, scanRow } from './row-loss';
import { massOf, massPair, weightOf } from './mass';
import { loadPair } from './pair';
import { FINITE, rowMax, rowState, UNDEFINED } from './row';

/** Sum of a_k (log + (m - z_k)) over a finite row, in pairs; the last of an odd number by itself. */
// @ts-ignore: decorator
@inline
function sumFinite<T>(row: usize, q: usize, weights: usize, C: usize, keep: f64, share: f64, log: f64): f64 {
  const zero = f64x2.splat(0.0);
  const logs = f64x2.splat(log);
  const m = f64x2.splat(rowMax);
  let sum = zero;
  let k: usize = 0;
  for (; k + 2 <= C; k += 2) {
    const a = massPair<T>(q, weights, k, keep, share);
    const d = f64x2.add(logs, f64x2.sub(m, loadPair<T>(row + k * sizeof<T>())));
    sum = f64x2.add(sum, v128.andnot(f64x2.mul(a, d), f64x2.eq(a, zero)));
  }
  let total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  if (k < C) total += part(massOf<T>(q, -1, weights, k, keep, share), <f64>load<T>(row + k * sizeof<T>()), log);
  return total;
}

// @ts-ignore: decorator
@inline
function part(a: f64, z: f64, log: f64): f64 {
  return a == 0.0 ? 0.0 : a * distance(z, log);
}

function lossOfRow<T>(row: usize, q: usize, y: i32, weights: usize, C: i32, keep: f64, share: f64): f64 {
  const size = sizeof<T>();
  const own = q == 0 ? keep * weightOf(weights, <usize>y) : 0.0;
  if (q == 0 && own == 0.0 && share == 0.0) return 0;
  scanRow<T>(row, C);
  const log = excess();
  let loss: f64 = 0;
  if (q == 0) loss = part(own, <f64>load<T>(row + <usize>y * size), log);
  if (q == 0 && share == 0.0) return loss;
  if (rowState == FINITE) return loss + sumFinite<T>(row, q, weights, <usize>C, keep, share, log);
  for (let k: usize = 0; k < <usize>C; k++) {
    loss += part(massOf<T>(q, -1, weights, k, keep, share), <f64>load<T>(row + k * size), log);
  }
  return loss;
}

/** d / dz_k = p_k (sum of the other a) - a_k (sum of the other p). */
function gradientOfRow<T>(row: usize, q: usize, y: i32, weights: usize, C: i32, keep: f64, share: f64, g: usize): void {
  const size = sizeof<T>();
  let most: f64 = 0;
  let rest: f64 = 0;
  for (let k: usize = 0; k < <usize>C; k++) {
    const a = massOf<T>(q, y, weights, k, keep, share);
    rest += min(a, most);
    most = max(a, most);
  }
  if (most == 0.0) {
    zeroRow<T>(g, C);
    return;
  }
  storeRow<T>(row, C, g);
  if (rowState == UNDEFINED) return;
  let found = false;
  for (let k: usize = 0; k < <usize>C; k++) {
    const a = massOf<T>(q, y, weights, k, keep, share);
    const p = <f64>load<T>(g + k * size);
    const first = !found && a == most;
    const others = first ? rest : most + (rest - a);
    found = found || first;
    store<T>(g + k * size, <T>(p * others - a * complement(<f64>load<T>(row + k * size), p)));
  }
}

// @ts-ignore: decorator
@inline
function run<T>(z: usize, q: usize, target: usize, weights: usize, rows: i32, C: i32, smoothing: f64, out: usize): void {
  const stride = <usize>C * sizeof<T>();
  const share = smoothing / <f64>C;
  for (let i: usize = 0; i < <usize>rows; i++) {
    const y = q == 0 ? load<i32>(target + (i << 2)) : 0;
    const masses: usize = q == 0 ? 0 : q + i * stride;
    store<f64>(out + (i << 3), y < 0 ? 0.0 : lossOfRow<T>(z + i * stride, masses, y, weights, C, 1.0 - smoothing, share));
  }
}

// @ts-ignore: decorator
@inline
function runGradient<T>(z: usize, q: usize, target: usize, weights: usize, rows: i32, C: i32, smoothing: f64, g: usize): void {
  const stride = <usize>C * sizeof<T>();
  const share = smoothing / <f64>C;
  for (let i: usize = 0; i < <usize>rows; i++) {
    const y = q == 0 ? load<i32>(target + (i << 2)) : 0;
    const masses: usize = q == 0 ? 0 : q + i * stride;
    if (y < 0) zeroRow<T>(g + i * stride, C);
    else gradientOfRow<T>(z + i * stride, masses, y, weights, C, 1.0 - smoothing, share, g + i * stride);
  }
}

/** Class targets with label smoothing and class weights (0: none). */
export function cross_entropy_smooth_logits_f32(
  z: usize, target: usize, class_weight: usize, rows: i32, C: i32, label_smoothing: f64, out: usize,
): void {
  run<f32>(z, 0, target, class_weight, rows, C, label_smoothing, out);
}

/** Class targets with label smoothing and class weights (0: none). */
export function cross_entropy_smooth_logits_f64(
  z: usize, target: usize, class_weight: usize, rows: i32, C: i32, label_smoothing: f64, out: usize,
): void {
  run<f64>(z, 0, target, class_weight, rows, C, label_smoothing, out);
}

/** Probability targets q. */
export function cross_entropy_soft_logits_f32(
  z: usize, q: usize, class_weight: usize, rows: i32, C: i32, label_smoothing: f64, out: usize,
): void {
  run<f32>(z, q, 0, class_weight, rows, C, label_smoothing, out);
}

/** Probability targets q. */
export function cross_entropy_soft_logits_f64(
  z: usize, q: usize, class_weight: usize, rows: i32, C: i32, label_smoothing: f64, out: usize,
): void {
  run<f64>(z, q, 0, class_weight, rows, C, label_smoothing, out);
}

/** Gradient of cross_entropy_smooth_logits_f32 by the logits. */
export function cross_entropy_smooth_logits_gradient_f32(
  z: usize, target: usize, class_weight: usize, rows: i32, C: i32, label_smoothing: f64, g: usize,
): void {
  runGradient<f32>(z, 0, target, class_weight, rows, C, label_smoothing, g);
}

/** Gradient of cross_entropy_smooth_logits_f64 by the logits. */
export function cross_entropy_smooth_logits_gradient_f64(
  z: usize, target: usize, class_weight: usize, rows: i32, C: i32, label_smoothing: f64, g: usize,
): void {
  runGradient<f64>(z, 0, target, class_weight, rows, C, label_smoothing, g);
}

/** Gradient of cross_entropy_soft_logits_f32 by the logits. */
export function cross_entropy_soft_logits_gradient_f32(
  z: usize, q: usize, class_weight: usize, rows: i32, C: i32, label_smoothing: f64, g: usize,
): void {
  runGradient<f32>(z, q, 0, class_weight, rows, C, label_smoothing, g);
}

/** Gradient of cross_entropy_soft_logits_f64 by the logits. */
export function cross_entropy_soft_logits_gradient_f64(
  z: usize, q: usize, class_weight: usize, rows: i32, C: i32, label_smoothing: f64, g: usize,
): void {
  runGradient<f64>(z, q, 0, class_weight, rows, C, label_smoothing, g);
}
