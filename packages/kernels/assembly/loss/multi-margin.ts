// By how much each wrong class comes within `margin` of the right one: m_k = max(0, margin + (s_k - s_y)), k != y.
// multi_margin: w_y (sum of m_k^power) / C (Weston and Watkins). crammer_singer: w_y max(m_k)^power. Always computed in float64.
import { both, classPair, others, storeClasses } from './class-pairs';
import { weightOf } from './mass';

/** m_k and m_k+1, 0 for y. */
// @ts-ignore: decorator
@inline
function short<T>(row: usize, k: usize, C: usize, y: f64, own: v128, margin: v128): v128 {
  const value = f64x2.add(margin, f64x2.sub(classPair<T>(row, k, C), own));
  return v128.and(f64x2.pmax(value, f64x2.splat(0.0)), others(k, C, y));
}

// @ts-ignore: decorator
@inline
function own<T>(row: usize, y: i32): f64 {
  return <f64>load<T>(row + <usize>y * sizeof<T>());
}

function sumOfRow<T>(row: usize, y: i32, C: usize, margin: f64, squared: bool): f64 {
  const right = f64x2.splat(own<T>(row, y));
  const wide = f64x2.splat(margin);
  let sum = f64x2.splat(0.0);
  for (let k: usize = 0; k < C; k += 2) {
    const m = short<T>(row, k, C, <f64>y, right, wide);
    sum = f64x2.add(sum, squared ? f64x2.mul(m, m) : m);
  }
  return both(sum) / <f64>C;
}

/** w / C for each active class, times 2 m when squared; minus their sum for y. */
function slopesOfRow<T>(row: usize, y: i32, C: usize, margin: f64, squared: bool, weight: f64, g: usize): void {
  const right = f64x2.splat(own<T>(row, y));
  const wide = f64x2.splat(margin);
  const zero = f64x2.splat(0.0);
  const share = f64x2.splat(weight / <f64>C);
  let sum = zero;
  for (let k: usize = 0; k < C; k += 2) {
    const m = short<T>(row, k, C, <f64>y, right, wide);
    // A NaN stays NaN.
    const slope = squared ? f64x2.mul(share, f64x2.add(m, m)) : v128.bitselect(v128.andnot(share, f64x2.eq(m, zero)), m, f64x2.eq(m, m));
    sum = f64x2.add(sum, slope);
    storeClasses<T>(g, k, C, slope);
  }
  store<T>(g + <usize>y * sizeof<T>(), <T>(0.0 - both(sum)));
}

/** The greatest value but y's. A NaN need not survive. */
function greatest<T>(row: usize, y: i32, C: usize): f64 {
  const none = f64x2.splat(-Infinity);
  let most = none;
  for (let k: usize = 0; k < C; k += 2) {
    most = f64x2.pmax(v128.bitselect(classPair<T>(row, k, C), none, others(k, C, <f64>y)), most);
  }
  const a = f64x2.extract_lane(most, 0);
  const b = f64x2.extract_lane(most, 1);
  return a < b ? b : a;
}

// @ts-ignore: decorator
@inline
function shortest<T>(row: usize, y: i32, C: usize, margin: f64): f64 {
  const m = margin + (greatest<T>(row, y, C) - own<T>(row, y));
  return m < 0.0 ? 0.0 : m;
}

function topSlopes<T>(row: usize, y: i32, C: usize, margin: f64, squared: bool, weight: f64, g: usize): void {
  memory.fill(g, 0, C * sizeof<T>());
  const m = shortest<T>(row, y, C, margin);
  if (m == 0.0) return;
  const slope = m == m ? (squared ? weight * (m + m) : weight) : NaN;
  const most = greatest<T>(row, y, C);
  let k: usize = 0;
  while (k < C && (k == <usize>y || <f64>load<T>(row + k * sizeof<T>()) != most)) k++;
  if (k < C) store<T>(g + k * sizeof<T>(), <T>slope);
  store<T>(g + <usize>y * sizeof<T>(), <T>(0.0 - slope));
}

// @ts-ignore: decorator
@inline
function run<T>(top: bool, s: usize, target: usize, weights: usize, rows: i32, C: i32, margin: f64, power: i32, out: usize): void {
  const stride = <usize>C * sizeof<T>();
  for (let i: usize = 0; i < <usize>rows; i++) {
    const y = load<i32>(target + (i << 2));
    const weight = y < 0 ? 0.0 : weightOf(weights, <usize>y);
    let loss: f64 = 0;
    if (weight != 0.0) {
      const row = s + i * stride;
      if (top) {
        const m = shortest<T>(row, y, <usize>C, margin);
        loss = power == 2 ? m * m : m;
      } else loss = sumOfRow<T>(row, y, <usize>C, margin, power == 2);
      loss *= weight;
    }
    store<f64>(out + (i << 3), loss);
  }
}

// @ts-ignore: decorator
@inline
function runGradient<T>(top: bool, s: usize, target: usize, weights: usize, rows: i32, C: i32, margin: f64, power: i32, g: usize): void {
  const stride = <usize>C * sizeof<T>();
  for (let i: usize = 0; i < <usize>rows; i++) {
    const y = load<i32>(target + (i << 2));
    const weight = y < 0 ? 0.0 : weightOf(weights, <usize>y);
    const to = g + i * stride;
    if (weight == 0.0) memory.fill(to, 0, stride);
    else if (top) topSlopes<T>(s + i * stride, y, <usize>C, margin, power == 2, weight, to);
    else slopesOfRow<T>(s + i * stride, y, <usize>C, margin, power == 2, weight, to);
  }
}

/** Weston and Watkins. */
export function multi_margin_f32(s: usize, target: usize, class_weight: usize, rows: i32, C: i32, margin: f64, power: i32, out: usize): void {
  run<f32>(false, s, target, class_weight, rows, C, margin, power, out);
}

/** Weston and Watkins. */
export function multi_margin_f64(s: usize, target: usize, class_weight: usize, rows: i32, C: i32, margin: f64, power: i32, out: usize): void {
  run<f64>(false, s, target, class_weight, rows, C, margin, power, out);
}

/** Gradient of multi_margin_f32 by the scores. */
export function multi_margin_gradient_f32(
  s: usize, target: usize, class_weight: usize, rows: i32, C: i32, margin: f64, power: i32, g: usize,
): void {
  runGradient<f32>(false, s, target, class_weight, rows, C, margin, power, g);
}

/** Gradient of multi_margin_f64 by the scores. */
export function multi_margin_gradient_f64(
  s: usize, target: usize, class_weight: usize, rows: i32, C: i32, margin: f64, power: i32, g: usize,
): void {
  runGradient<f64>(false, s, target, class_weight, rows, C, margin, power, g);
}

/** Crammer and Singer. */
export function crammer_singer_f32(s: usize, target: usize, class_weight: usize, rows: i32, C: i32, margin: f64, power: i32, out: usize): void {
  run<f32>(true, s, target, class_weight, rows, C, margin, power, out);
}

/** Crammer and Singer. */
export function crammer_singer_f64(s: usize, target: usize, class_weight: usize, rows: i32, C: i32, margin: f64, power: i32, out: usize): void {
  run<f64>(true, s, target, class_weight, rows, C, margin, power, out);
}

/** Gradient of crammer_singer_f32 by the scores: of equal greatest wrong classes the first has it. */
export function crammer_singer_gradient_f32(
  s: usize, target: usize, class_weight: usize, rows: i32, C: i32, margin: f64, power: i32, g: usize,
): void {
  runGradient<f32>(true, s, target, class_weight, rows, C, margin, power, g);
}

/** Gradient of crammer_singer_f64 by the scores: of equal greatest wrong classes the first has it. */
export function crammer_singer_gradient_f64(
  s: usize, target: usize, class_weight: usize, rows: i32, C: i32, margin: f64, power: i32, g: usize,
): void {
  runGradient<f64>(true, s, target, class_weight, rows, C, margin, power, g);
}
