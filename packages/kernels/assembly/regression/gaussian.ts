// Gaussian negative log-likelihood of a mean p and a variance, in float64 whatever the columns are: (log v + (p - y)^2 / v) / 2 + constant,
// v = max(variance, epsilon).
import { HALF_LOG_TWO_PI } from '../../src/reference/link/constants';
import { logAny_f64x2 } from '../link/log';
import { loadPair, storePair } from '../loss/pair';
import { FIRST, RESULT, SECOND, stageTail, unstageTail, whole } from './column';

/** Room for the tail of the third column. */
const THIRD = memory.data(64, 16);

// @ts-ignore: decorator
@inline
function loss(p: v128, y: v128, variance: v128, epsilon: v128, constant: v128): v128 {
  const infinity = f64x2.splat(Infinity);
  const v = f64x2.pmax(variance, epsilon);
  const e = f64x2.sub(p, y);
  const q = v128.andnot(f64x2.mul(e, f64x2.div(e, v)), f64x2.eq(e, f64x2.splat(0.0)));
  const value = f64x2.add(f64x2.mul(f64x2.add(logAny_f64x2(v), q), f64x2.splat(0.5)), constant);
  return v128.bitselect(infinity, value, f64x2.eq(q, infinity));
}

// @ts-ignore: decorator
@inline
function slope(p: v128, y: v128, variance: v128, epsilon: v128): v128 {
  const e = f64x2.sub(p, y);
  return v128.andnot(f64x2.div(e, f64x2.pmax(variance, epsilon)), f64x2.eq(e, f64x2.splat(0.0)));
}

// @ts-ignore: decorator
@inline
function values<T>(p: usize, y: usize, variance: usize, n: i32, full: bool, epsilon: f64, out: usize): void {
  const size = sizeof<T>();
  const least = f64x2.splat(epsilon);
  const constant = f64x2.splat(full ? HALF_LOG_TWO_PI : 0);
  for (let i: usize = 0; i < whole(n); i += 4) {
    const at = i * size;
    const next = at + 2 * size;
    const low = loss(loadPair<T>(p + at), loadPair<T>(y + at), loadPair<T>(variance + at), least, constant);
    const high = loss(loadPair<T>(p + next), loadPair<T>(y + next), loadPair<T>(variance + next), least, constant);
    v128.store(out + (i << 3), low);
    v128.store(out + (i << 3), high, 16);
  }
}

// @ts-ignore: decorator
@inline
function gradients<T>(p: usize, y: usize, variance: usize, n: i32, epsilon: f64, g: usize): void {
  const size = sizeof<T>();
  const least = f64x2.splat(epsilon);
  for (let i: usize = 0; i < whole(n); i += 4) {
    const at = i * size;
    const next = at + 2 * size;
    const low = slope(loadPair<T>(p + at), loadPair<T>(y + at), loadPair<T>(variance + at), least);
    const high = slope(loadPair<T>(p + next), loadPair<T>(y + next), loadPair<T>(variance + next), least);
    storePair<T>(g + at, low);
    storePair<T>(g + next, high);
  }
}

// @ts-ignore: decorator
@inline
function stageVariance<T>(variance: usize, n: i32): void {
  memory.fill(THIRD, 0, 64);
  memory.copy(THIRD, variance + whole(n) * sizeof<T>(), (<usize>n & 3) * sizeof<T>());
}

/** out[i] = (log v + (p - y)^2 / v) / 2, plus log(2 pi) / 2 if full. */
export function gaussian_f32(p: usize, y: usize, variance: usize, n: i32, full: bool, epsilon: f64, out: usize): void {
  values<f32>(p, y, variance, n, full, epsilon, out);
  if ((n & 3) == 0) return;
  stageTail<f32>(p, y, n);
  stageVariance<f32>(variance, n);
  gaussian_f32(FIRST, SECOND, THIRD, 4, full, epsilon, RESULT);
  unstageTail<f64>(out, n);
}

/** g[i] = (p - y) / v, by the mean. */
export function gaussian_gradient_f32(p: usize, y: usize, variance: usize, n: i32, epsilon: f64, g: usize): void {
  gradients<f32>(p, y, variance, n, epsilon, g);
  if ((n & 3) == 0) return;
  stageTail<f32>(p, y, n);
  stageVariance<f32>(variance, n);
  gaussian_gradient_f32(FIRST, SECOND, THIRD, 4, epsilon, RESULT);
  unstageTail<f32>(g, n);
}

/** out[i] = (log v + (p - y)^2 / v) / 2, plus log(2 pi) / 2 if full. */
export function gaussian_f64(p: usize, y: usize, variance: usize, n: i32, full: bool, epsilon: f64, out: usize): void {
  values<f64>(p, y, variance, n, full, epsilon, out);
  if ((n & 3) == 0) return;
  stageTail<f64>(p, y, n);
  stageVariance<f64>(variance, n);
  gaussian_f64(FIRST, SECOND, THIRD, 4, full, epsilon, RESULT);
  unstageTail<f64>(out, n);
}

/** g[i] = (p - y) / v, by the mean. */
export function gaussian_gradient_f64(p: usize, y: usize, variance: usize, n: i32, epsilon: f64, g: usize): void {
  gradients<f64>(p, y, variance, n, epsilon, g);
  if ((n & 3) == 0) return;
  stageTail<f64>(p, y, n);
  stageVariance<f64>(variance, n);
  gaussian_gradient_f64(FIRST, SECOND, THIRD, 4, epsilon, RESULT);
  unstageTail<f64>(g, n);
}
