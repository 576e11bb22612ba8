// value = (p - y)^2; of a logit q^2, q = 1 / (1 + e^u) the probability of the wrong answer, u the logit turned by the target's sign.
// Always computed in float64.
import { expScaled_f64x2 } from '../link/exp';
import { c64, EXP_UNSCALE, ONE, SIGN_F64 } from '../link/table';
import { loadPair } from './pair';
import { isPositive, rowsAt, signed, storeRows, storeSlopes } from './pairs';

/** q, or 1 - q. */
// @ts-ignore: decorator
@inline
function share(u: v128, ofWrong: bool): v128 {
  const one = c64(ONE);
  const e = f64x2.mul(expScaled_f64x2(v128.or(u, c64(SIGN_F64))), c64(EXP_UNSCALE));
  const below = f64x2.lt(u, f64x2.splat(0.0));
  const top = ofWrong ? v128.bitselect(one, e, below) : v128.bitselect(e, one, below);
  return f64x2.div(top, f64x2.add(one, e));
}

// @ts-ignore: decorator
@inline
function loss(logits: bool, x: v128, y: v128): v128 {
  const error = logits ? share(signed(x, isPositive(y)), true) : f64x2.sub(x, y);
  return f64x2.mul(error, error);
}

/** 2 (p - y); of a logit -2 s q^2 (1 - q). */
// @ts-ignore: decorator
@inline
function slope(logits: bool, x: v128, y: v128): v128 {
  if (!logits) {
    const error = f64x2.sub(x, y);
    return f64x2.add(error, error);
  }
  const positive = isPositive(y);
  const u = signed(x, positive);
  const q = share(u, true);
  const size = f64x2.mul(f64x2.mul(q, q), share(u, false));
  return f64x2.sub(f64x2.splat(0.0), signed(f64x2.add(size, size), positive));
}

// @ts-ignore: decorator
@inline
function run<T>(logits: bool, x: usize, y: usize, n: i32, out: usize): void {
  let i: usize = 0;
  for (const end = <usize>n & ~3; i < end; i += 4) {
    const at = i * sizeof<T>();
    const low = loss(logits, loadPair<T>(x + at), loadPair<T>(y + at));
    const high = loss(logits, loadPair<T>(x + at + 2 * sizeof<T>()), loadPair<T>(y + at + 2 * sizeof<T>()));
    v128.store(out + (i << 3), low);
    v128.store(out + (i << 3), high, 16);
  }
  for (; i < <usize>n; i += 2) {
    storeRows(out, i, <usize>n, loss(logits, rowsAt<T>(x, i, <usize>n), rowsAt<T>(y, i, <usize>n)));
  }
}

// @ts-ignore: decorator
@inline
function runGradient<T>(logits: bool, x: usize, y: usize, n: i32, g: usize): void {
  for (let i: usize = 0; i < <usize>n; i += 2) {
    storeSlopes<T>(g, i, <usize>n, slope(logits, rowsAt<T>(x, i, <usize>n), rowsAt<T>(y, i, <usize>n)));
  }
}

/** Brier score of n probabilities. */
export function brier_probabilities_f32(p: usize, y: usize, n: i32, out: usize): void {
  run<f32>(false, p, y, n, out);
}

/** Brier score of n probabilities. */
export function brier_probabilities_f64(p: usize, y: usize, n: i32, out: usize): void {
  run<f64>(false, p, y, n, out);
}

/** Gradient by the probability. */
export function brier_probabilities_gradient_f32(p: usize, y: usize, n: i32, g: usize): void {
  runGradient<f32>(false, p, y, n, g);
}

/** Gradient by the probability. */
export function brier_probabilities_gradient_f64(p: usize, y: usize, n: i32, g: usize): void {
  runGradient<f64>(false, p, y, n, g);
}

/** Brier score of n logits. */
export function brier_logits_f32(z: usize, y: usize, n: i32, out: usize): void {
  run<f32>(true, z, y, n, out);
}

/** Brier score of n logits. */
export function brier_logits_f64(z: usize, y: usize, n: i32, out: usize): void {
  run<f64>(true, z, y, n, out);
}

/** Gradient by the logit. */
export function brier_logits_gradient_f32(z: usize, y: usize, n: i32, g: usize): void {
  runGradient<f32>(true, z, y, n, g);
}

/** Gradient by the logit. */
export function brier_logits_gradient_f64(z: usize, y: usize, n: i32, g: usize): void {
  runGradient<f64>(true, z, y, n, g);
}
