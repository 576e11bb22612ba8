import { MAGNITUDE_F64 } from '../inline/constants';

// Derivatives of the row losses by the prediction, unweighted, float64.

const ERROR: i32 = 0;
const SQUARE: i32 = 1;
const ABSOLUTE: i32 = 2;
const HUBER: i32 = 3;

/** g[i] = 1, NaN where the error is NaN. */
export function error_gradient_f64(p: usize, y: usize, n: i32, g: usize): void {
  gradients(ERROR, p, y, n, 0, g);
}

/** g[i] = 2 * (p[i] - y[i]). */
export function mse_gradient_f64(p: usize, y: usize, n: i32, g: usize): void {
  gradients(SQUARE, p, y, n, 0, g);
}

/** g[i] = the sign of p[i] - y[i], 0 where that is 0. */
export function mae_gradient_f64(p: usize, y: usize, n: i32, g: usize): void {
  gradients(ABSOLUTE, p, y, n, 0, g);
}

/** g[i] = p[i] - y[i], held within +-delta. */
export function huber_gradient_f64(p: usize, y: usize, n: i32, delta: f64, g: usize): void {
  gradients(HUBER, p, y, n, delta, g);
}

// @ts-ignore: decorator
@inline
function gradients(kind: i32, p: usize, y: usize, n: i32, delta: f64, g: usize): void {
  const magnitude = v128.load(MAGNITUDE_F64);
  const limit = f64x2.splat(kind == HUBER ? delta : 1);
  const bytes = <usize>n << 3;
  const body = bytes & ~15;
  let at: usize = 0;
  for (; at < body; at += 16) {
    const e = f64x2.sub(v128.load(p + at), v128.load(y + at));
    v128.store(g + at, gradient(kind, e, limit, magnitude));
  }
  if (at == bytes) return;
  const e = f64x2.sub(v128.load64_zero(p + at), v128.load64_zero(y + at));
  v128.store64_lane(g + at, gradient(kind, e, limit, magnitude), 0);
}

// @ts-ignore: decorator
@inline
function gradient(kind: i32, e: v128, limit: v128, magnitude: v128): v128 {
  if (kind == SQUARE) return f64x2.add(e, e);
  // pmin keeps a NaN that stands first.
  if (kind == HUBER) return v128.bitselect(f64x2.pmin(v128.and(e, magnitude), limit), e, magnitude);
  const bad = v128.and(f64x2.ne(e, e), e);
  if (kind == ERROR) return v128.or(limit, bad);
  const zero = f64x2.splat(0);
  const up = v128.and(f64x2.gt(e, zero), limit);
  return v128.or(f64x2.sub(up, v128.and(f64x2.lt(e, zero), limit)), bad);
}
