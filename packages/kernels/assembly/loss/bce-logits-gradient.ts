// d loss / dz = ((1 - y') P - c y' Q) / (1 + e), e = e^-|z|, P = 1 and Q = e for z >= 0, P = e and Q = 1 below: finite for every z.
import { expScaled_f32x4, expScaled_f64x2 } from '../link/exp';
import { c32, c64, EXP_UNSCALE, ONE, SIGN_F32, SIGN_F64 } from '../link/table';
import { FIRST, RESULT, SECOND, stage } from '../scratch';

/** Four float32 rows. */
// @ts-ignore: decorator
@inline
export function gradient_f32x4(z: v128, y: v128, keep: v128, half: v128, c: v128): v128 {
  const e = f32x4.mul(expScaled_f32x4(v128.or(z, c32(SIGN_F32))), c32(EXP_UNSCALE));
  return gradientFrom_f32x4(e, z, y, keep, half, c);
}

/** Four float32 rows from e = e^-|z|. */
// @ts-ignore: decorator
@inline
export function gradientFrom_f32x4(e: v128, z: v128, y: v128, keep: v128, half: v128, c: v128): v128 {
  const one = c32(ONE);
  const below = i32x4.shr_s(z, 31);
  const flip = v128.and(v128.xor(e, one), below);
  const negative = f32x4.add(f32x4.mul(f32x4.sub(one, y), keep), half);
  const positive = f32x4.mul(f32x4.add(f32x4.mul(y, keep), half), c);
  const up = f32x4.mul(negative, v128.xor(one, flip));
  return f32x4.div(f32x4.sub(up, f32x4.mul(positive, v128.xor(e, flip))), f32x4.add(one, e));
}

/** Two float64 rows. */
// @ts-ignore: decorator
@inline
function gradient_f64x2(z: v128, y: v128, keep: v128, half: v128, c: v128): v128 {
  const e = f64x2.mul(expScaled_f64x2(v128.or(z, c64(SIGN_F64))), c64(EXP_UNSCALE));
  return gradientFrom_f64x2(e, z, y, keep, half, c);
}

/** Two float64 rows from e = e^-|z|. */
// @ts-ignore: decorator
@inline
export function gradientFrom_f64x2(e: v128, z: v128, y: v128, keep: v128, half: v128, c: v128): v128 {
  const one = c64(ONE);
  const below = f64x2.lt(z, f64x2.splat(0.0));
  const flip = v128.and(v128.xor(e, one), below);
  const negative = f64x2.add(f64x2.mul(f64x2.sub(one, y), keep), half);
  const positive = f64x2.mul(f64x2.add(f64x2.mul(y, keep), half), c);
  const up = f64x2.mul(negative, v128.xor(one, flip));
  return f64x2.div(f64x2.sub(up, f64x2.mul(positive, v128.xor(e, flip))), f64x2.add(one, e));
}

/** Eight float32 rows or four float64 rows. */
// @ts-ignore: decorator
@inline
function block<T>(z: usize, y: usize, keep: v128, half: v128, c: v128, g: usize): void {
  if (sizeof<T>() == 4) {
    v128.store(g, gradient_f32x4(v128.load(z), v128.load(y), keep, half, c));
    v128.store(g, gradient_f32x4(v128.load(z, 16), v128.load(y, 16), keep, half, c), 16);
  } else {
    v128.store(g, gradient_f64x2(v128.load(z), v128.load(y), keep, half, c));
    v128.store(g, gradient_f64x2(v128.load(z, 16), v128.load(y, 16), keep, half, c), 16);
  }
}

// @ts-ignore: decorator
@inline
function run<T>(z: usize, y: usize, n: i32, c: T, smoothing: f64, g: usize): void {
  const keep = v128.splat<T>(<T>(1.0 - smoothing));
  const half = v128.splat<T>(<T>(smoothing * 0.5));
  const weight = v128.splat<T>(c);
  const bytes = <usize>n * sizeof<T>();
  let at: usize = 0;
  for (const end = bytes & ~31; at < end; at += 32) block<T>(z + at, y + at, keep, half, weight, g + at);
  if (at < bytes) {
    stage(z + at, y + at, bytes - at);
    block<T>(FIRST, SECOND, keep, half, weight, RESULT);
    memory.copy(g + at, RESULT, bytes - at);
  }
}

/** Gradient of bce_logits_f32 by the logit. */
export function bce_logits_gradient_f32(z: usize, y: usize, n: i32, pos_weight: f64, label_smoothing: f64, g: usize): void {
  run<f32>(z, y, n, <f32>pos_weight, label_smoothing, g);
}

/** Gradient of bce_logits_f64 by the logit. */
export function bce_logits_gradient_f64(z: usize, y: usize, n: i32, pos_weight: f64, label_smoothing: f64, g: usize): void {
  run<f64>(z, y, n, pos_weight, label_smoothing, g);
}
