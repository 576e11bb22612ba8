// value = a q^gamma ce with p_t the probability of the right answer, q = 1 - p_t, ce = -log(p_t), a a weight for each label. q is never
// subtracted from 1, and neither factor is made from the other's rounding. Always computed in float64.
import { expScaled_f64x2 } from '../link/exp';
import { log1p_f64x2, log1pUnit_f64x2, log_f64x2 } from '../link/log';
import { c64, EXP_UNSCALE, ONE, SIGN_F64 } from '../link/table';
import { isPositive, rowsAt, signed, storeRows, storeSlopes } from './pairs';

/** Whole exponents up to this are products; others go through exp(gamma log q). */
const MOST_PRODUCTS: f64 = 4.0;

/** Of the two rows at hand: probability of the right answer, q, ce, -log(q) (at least 0). */
let right: v128 = f64x2.splat(0);
let wrong: v128 = f64x2.splat(0);
let surprise: v128 = f64x2.splat(0);
let relief: v128 = f64x2.splat(0);

/** e^v for v <= 0. */
// @ts-ignore: decorator
@inline
function decay(v: v128): v128 {
  return f64x2.mul(expScaled_f64x2(v), c64(EXP_UNSCALE));
}

// @ts-ignore: decorator
@inline
function ofLogit(z: v128, positive: v128): void {
  const zero = f64x2.splat(0.0);
  const sign = c64(SIGN_F64);
  const u = signed(z, positive);
  const e = decay(v128.or(u, sign));
  const l = log1pUnit_f64x2(e);
  const total = f64x2.add(c64(ONE), e);
  const near = f64x2.div(c64(ONE), total);
  const far = f64x2.div(e, total);
  const below = f64x2.lt(u, zero);
  right = v128.bitselect(far, near, below);
  wrong = v128.bitselect(near, far, below);
  surprise = f64x2.add(f64x2.pmax(v128.xor(u, sign), zero), l);
  relief = f64x2.add(f64x2.pmax(u, zero), l);
}

// @ts-ignore: decorator
@inline
function ofProbability(p: v128, positive: v128): void {
  const zero = f64x2.splat(0.0);
  const rest = f64x2.sub(c64(ONE), p);
  const up = f64x2.sub(zero, log_f64x2(p));
  const down = f64x2.sub(zero, log1p_f64x2(f64x2.sub(zero, p)));
  right = v128.bitselect(p, rest, positive);
  wrong = v128.bitselect(rest, p, positive);
  surprise = v128.bitselect(up, down, positive);
  relief = v128.bitselect(down, up, positive);
}

/** q^gamma */
// @ts-ignore: decorator
@inline
function power(gamma: f64): v128 {
  if (gamma == 2.0) return f64x2.mul(wrong, wrong);
  if (gamma <= MOST_PRODUCTS && Math.floor(gamma) == gamma) {
    let product = c64(ONE);
    for (let k: f64 = 0; k < gamma; k++) product = f64x2.mul(product, wrong);
    return product;
  }
  return decay(f64x2.mul(relief, f64x2.splat(0.0 - gamma)));
}

// @ts-ignore: decorator
@inline
function settle(logits: bool, x: v128, positive: v128): void {
  if (logits) ofLogit(x, positive);
  else ofProbability(x, positive);
}

/** A weight of 0 makes the result 0, a NaN prediction NaN. */
// @ts-ignore: decorator
@inline
function weighted(value: v128, x: v128, weight: v128): v128 {
  const product = v128.andnot(f64x2.mul(weight, value), f64x2.eq(weight, f64x2.splat(0.0)));
  return v128.bitselect(product, x, f64x2.eq(x, x));
}

// @ts-ignore: decorator
@inline
function loss(logits: bool, x: v128, y: v128, gamma: f64, up: v128, down: v128): v128 {
  const positive = isPositive(y);
  settle(logits, x, positive);
  return weighted(f64x2.mul(power(gamma), surprise), x, v128.bitselect(up, down, positive));
}

/** logits: -s a q^gamma (gamma p_t ce + q);  probabilities: -s a q^gamma (gamma ce / q + 1 / p_t). Both sums are of one sign. */
// @ts-ignore: decorator
@inline
function slope(logits: bool, x: v128, y: v128, gamma: f64, up: v128, down: v128): v128 {
  const zero = f64x2.splat(0.0);
  const positive = isPositive(y);
  settle(logits, x, positive);
  let sum: v128;
  if (logits) {
    const hard = v128.andnot(f64x2.mul(right, surprise), f64x2.eq(right, zero));
    sum = f64x2.add(f64x2.mul(f64x2.splat(gamma), hard), wrong);
  } else {
    sum = f64x2.div(c64(ONE), right);
    if (gamma != 0.0) {
      const ratio = v128.bitselect(c64(ONE), f64x2.div(surprise, wrong), f64x2.eq(wrong, zero));
      sum = f64x2.add(f64x2.mul(f64x2.splat(gamma), ratio), sum);
    }
  }
  const size = weighted(f64x2.mul(power(gamma), sum), x, v128.bitselect(up, down, positive));
  return f64x2.sub(zero, signed(size, positive));
}

// @ts-ignore: decorator
@inline
function run<T>(logits: bool, x: usize, y: usize, n: i32, gamma: f64, up: f64, down: f64, out: usize): void {
  const a = f64x2.splat(up);
  const b = f64x2.splat(down);
  for (let i: usize = 0; i < <usize>n; i += 2) {
    storeRows(out, i, <usize>n, loss(logits, rowsAt<T>(x, i, <usize>n), rowsAt<T>(y, i, <usize>n), gamma, a, b));
  }
}

// @ts-ignore: decorator
@inline
function runGradient<T>(logits: bool, x: usize, y: usize, n: i32, gamma: f64, up: f64, down: f64, g: usize): void {
  const a = f64x2.splat(up);
  const b = f64x2.splat(down);
  for (let i: usize = 0; i < <usize>n; i += 2) {
    storeSlopes<T>(g, i, <usize>n, slope(logits, rowsAt<T>(x, i, <usize>n), rowsAt<T>(y, i, <usize>n), gamma, a, b));
  }
}

/** Focal loss of n logits; `up` and `down` weight positive and negative targets. */
export function focal_logits_f32(z: usize, y: usize, n: i32, gamma: f64, up: f64, down: f64, out: usize): void {
  run<f32>(true, z, y, n, gamma, up, down, out);
}

/** Focal loss of n logits. */
export function focal_logits_f64(z: usize, y: usize, n: i32, gamma: f64, up: f64, down: f64, out: usize): void {
  run<f64>(true, z, y, n, gamma, up, down, out);
}

/** Gradient of focal_logits_f32 by the logit. */
export function focal_logits_gradient_f32(z: usize, y: usize, n: i32, gamma: f64, up: f64, down: f64, g: usize): void {
  runGradient<f32>(true, z, y, n, gamma, up, down, g);
}

/** Gradient of focal_logits_f64 by the logit. */
export function focal_logits_gradient_f64(z: usize, y: usize, n: i32, gamma: f64, up: f64, down: f64, g: usize): void {
  runGradient<f64>(true, z, y, n, gamma, up, down, g);
}

/** Focal loss of n probabilities. */
export function focal_probabilities_f32(p: usize, y: usize, n: i32, gamma: f64, up: f64, down: f64, out: usize): void {
  run<f32>(false, p, y, n, gamma, up, down, out);
}

/** Focal loss of n probabilities. */
export function focal_probabilities_f64(p: usize, y: usize, n: i32, gamma: f64, up: f64, down: f64, out: usize): void {
  run<f64>(false, p, y, n, gamma, up, down, out);
}

/** Gradient of focal_probabilities_f32 by the probability. */
export function focal_probabilities_gradient_f32(p: usize, y: usize, n: i32, gamma: f64, up: f64, down: f64, g: usize): void {
  runGradient<f32>(false, p, y, n, gamma, up, down, g);
}

/** Gradient of focal_probabilities_f64 by the probability. */
export function focal_probabilities_gradient_f64(p: usize, y: usize, n: i32, gamma: f64, up: f64, down: f64, g: usize): void {
  runGradient<f64>(false, p, y, n, gamma, up, down, g);
}
