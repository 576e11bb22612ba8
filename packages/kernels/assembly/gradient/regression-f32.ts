import { MAGNITUDE_F32 } from '../inline/constants';

// Derivatives of the row losses by the prediction, unweighted, float32; e = float32(p - y) as in the losses.

const ERROR: i32 = 0;
const SQUARE: i32 = 1;
const ABSOLUTE: i32 = 2;
const HUBER: i32 = 3;

/** g[i] = 1, NaN where the error is NaN. */
export function error_gradient_f32(p: usize, y: usize, n: i32, g: usize): void {
  gradients(ERROR, p, y, n, 0, g);
}

/** g[i] = 2 * (p[i] - y[i]). */
export function mse_gradient_f32(p: usize, y: usize, n: i32, g: usize): void {
  gradients(SQUARE, p, y, n, 0, g);
}

/** g[i] = the sign of p[i] - y[i], 0 where that is 0. */
export function mae_gradient_f32(p: usize, y: usize, n: i32, g: usize): void {
  gradients(ABSOLUTE, p, y, n, 0, g);
}

/** g[i] = p[i] - y[i], held within +-float32(delta). */
export function huber_gradient_f32(p: usize, y: usize, n: i32, delta: f64, g: usize): void {
  gradients(HUBER, p, y, n, delta, g);
}

// @ts-ignore: decorator
@inline
function gradients(kind: i32, p: usize, y: usize, n: i32, delta: f64, g: usize): void {
  const magnitude = v128.load(MAGNITUDE_F32);
  const limit = f32x4.splat(kind == HUBER ? <f32>delta : 1);
  const bytes = <usize>n << 2;
  const body = bytes & ~15;
  let at: usize = 0;
  for (; at < body; at += 16) {
    const e = f32x4.sub(v128.load(p + at), v128.load(y + at));
    v128.store(g + at, gradient(kind, e, limit, magnitude));
  }
  for (; at < bytes; at += 4) {
    const e = f32x4.sub(v128.load32_zero(p + at), v128.load32_zero(y + at));
    v128.store32_lane(g + at, gradient(kind, e, limit, magnitude), 0);
  }
}

// @ts-ignore: decorator
@inline
function gradient(kind: i32, e: v128, limit: v128, magnitude: v128): v128 {
  if (kind == SQUARE) return f32x4.add(e, e);
  // pmin keeps a NaN that stands first.
  if (kind == HUBER) return v128.bitselect(f32x4.pmin(v128.and(e, magnitude), limit), e, magnitude);
  const bad = v128.and(f32x4.ne(e, e), e);
  if (kind == ERROR) return v128.or(limit, bad);
  const zero = f32x4.splat(0);
  const up = v128.and(f32x4.gt(e, zero), limit);
  return v128.or(f32x4.sub(up, v128.and(f32x4.lt(e, zero), limit)), bad);
}
