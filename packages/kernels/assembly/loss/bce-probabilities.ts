// value = -c y' log(p) - (1 - y') log1p(-p), y' = y (1 - s) + s / 2; a factor of 0 makes its term 0. Always computed in float64.
import { log1p_f64x2, log_f64x2 } from '../link/log';
import { c64, ONE } from '../link/table';
import { FIRST, RESULT, SECOND, stage } from '../scratch';
import { loadPair, storePair } from './pair';

/** p held to [clip, 1 - clip]; NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function clipped(p: v128, clip: f64): v128 {
  return f64x2.pmin(f64x2.pmax(p, f64x2.splat(clip)), f64x2.splat(1.0 - clip));
}

// @ts-ignore: decorator
@inline
function loss(p: v128, y: v128, c: f64, smoothing: f64, clip: f64): v128 {
  const zero = f64x2.splat(0.0);
  const keep = f64x2.splat(1.0 - smoothing);
  const half = f64x2.splat(smoothing * 0.5);
  const negative = f64x2.add(f64x2.mul(f64x2.sub(c64(ONE), y), keep), half);
  const positive = f64x2.mul(f64x2.add(f64x2.mul(y, keep), half), f64x2.splat(c));
  const q = clipped(p, clip);
  const down = f64x2.mul(positive, log_f64x2(q));
  const up = f64x2.mul(negative, log1p_f64x2(f64x2.sub(zero, q)));
  const sum = f64x2.sub(
    f64x2.sub(zero, v128.andnot(down, f64x2.eq(positive, zero))),
    v128.andnot(up, f64x2.eq(negative, zero)),
  );
  return v128.bitselect(sum, p, f64x2.eq(p, p));
}

// @ts-ignore: decorator
@inline
function gradient(p: v128, y: v128, c: f64, smoothing: f64, clip: f64): v128 {
  const zero = f64x2.splat(0.0);
  const one = c64(ONE);
  const keep = f64x2.splat(1.0 - smoothing);
  const half = f64x2.splat(smoothing * 0.5);
  const negative = f64x2.add(f64x2.mul(f64x2.sub(one, y), keep), half);
  const positive = f64x2.mul(f64x2.add(f64x2.mul(y, keep), half), f64x2.splat(c));
  const rest = f64x2.sub(one, p);
  const onlyUp = f64x2.div(negative, rest);
  const onlyDown = f64x2.div(f64x2.sub(zero, positive), p);
  // (1 - y') p - c y' (1 - p), which is p - y in the plain case.
  const both = f64x2.sub(f64x2.mul(p, f64x2.add(negative, positive)), positive);
  let g = f64x2.div(both, f64x2.mul(p, rest));
  g = v128.bitselect(onlyUp, g, f64x2.eq(positive, zero));
  g = v128.bitselect(onlyDown, g, f64x2.eq(negative, zero));
  g = v128.andnot(g, v128.and(f64x2.eq(positive, zero), f64x2.eq(negative, zero)));
  const outside = v128.or(f64x2.lt(p, f64x2.splat(clip)), f64x2.gt(p, f64x2.splat(1.0 - clip)));
  return v128.bitselect(v128.andnot(g, outside), p, f64x2.eq(p, p));
}

// @ts-ignore: decorator
@inline
function run<T>(p: usize, y: usize, n: i32, c: f64, smoothing: f64, clip: f64, out: usize): void {
  const size = sizeof<T>();
  let i: usize = 0;
  for (const end = <usize>n & ~3; i < end; i += 4) {
    const at = i * size;
    const low = loss(loadPair<T>(p + at), loadPair<T>(y + at), c, smoothing, clip);
    const high = loss(loadPair<T>(p + at + 2 * size), loadPair<T>(y + at + 2 * size), c, smoothing, clip);
    v128.store(out + (i << 3), low);
    v128.store(out + (i << 3), high, 16);
  }
  for (; i < <usize>n; i += 2) {
    const left = min(<usize>n - i, 2);
    stage(p + i * size, y + i * size, left * size);
    v128.store(RESULT, loss(loadPair<T>(FIRST), loadPair<T>(SECOND), c, smoothing, clip));
    memory.copy(out + (i << 3), RESULT, left << 3);
  }
}

// @ts-ignore: decorator
@inline
function runGradient<T>(p: usize, y: usize, n: i32, c: f64, smoothing: f64, clip: f64, g: usize): void {
  const size = sizeof<T>();
  let i: usize = 0;
  for (const end = <usize>n & ~1; i < end; i += 2) {
    storePair<T>(g + i * size, gradient(loadPair<T>(p + i * size), loadPair<T>(y + i * size), c, smoothing, clip));
  }
  if (i < <usize>n) {
    stage(p + i * size, y + i * size, size);
    storePair<T>(RESULT, gradient(loadPair<T>(FIRST), loadPair<T>(SECOND), c, smoothing, clip));
    store<T>(g + i * size, load<T>(RESULT));
  }
}

/** Binary cross-entropy of n probabilities. */
export function bce_probabilities_f32(p: usize, y: usize, n: i32, pos_weight: f64, label_smoothing: f64, clip: f64, out: usize): void {
  run<f32>(p, y, n, pos_weight, label_smoothing, clip, out);
}

/** Binary cross-entropy of n probabilities. */
export function bce_probabilities_f64(p: usize, y: usize, n: i32, pos_weight: f64, label_smoothing: f64, clip: f64, out: usize): void {
  run<f64>(p, y, n, pos_weight, label_smoothing, clip, out);
}

/** Gradient by the probability; 0 where `clip` holds the loss constant. */
export function bce_probabilities_gradient_f32(
  p: usize, y: usize, n: i32, pos_weight: f64, label_smoothing: f64, clip: f64, g: usize,
): void {
  runGradient<f32>(p, y, n, pos_weight, label_smoothing, clip, g);
}

/** Gradient by the probability; 0 where `clip` holds the loss constant. */
export function bce_probabilities_gradient_f64(
  p: usize, y: usize, n: i32, pos_weight: f64, label_smoothing: f64, clip: f64, g: usize,
): void {
  runGradient<f64>(p, y, n, pos_weight, label_smoothing, clip, g);
}
