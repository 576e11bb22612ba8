import { EXP_UNSCALE_F32, EXP_UNSCALE_F64 } from '../link/constants.js';
import { exp_f32, expScaled_f32, expScaled_f64, pmax } from '../link/exp.js';
import { log1pUnit_f32, log1pUnit_f64 } from '../link/log.js';

const f = Math.fround;

function loss_f64(z: number, y: number, posWeight: number, labelSmoothing: number): number {
  if (Number.isNaN(z)) return z;
  const keep = 1 - labelSmoothing;
  const half = labelSmoothing * 0.5;
  const l = log1pUnit_f64(expScaled_f64(-Math.abs(z)) * EXP_UNSCALE_F64);
  const negative = (1 - y) * keep + half;
  const positive = (y * keep + half) * posWeight;
  const up = negative === 0 ? 0 : negative * (pmax(z, 0) + l);
  return up + (positive === 0 ? 0 : positive * (pmax(-z, 0) + l));
}

function loss_f32(z: number, y: number, posWeight: number, labelSmoothing: number): number {
  if (!(Math.abs(z) < 64)) return loss_f64(z, y, posWeight, labelSmoothing);
  const l = log1pUnit_f32(exp_f32(-Math.abs(z)));
  if (posWeight === 1 && labelSmoothing === 0) return f(f(f((z < 0 ? 0 : 1) - y) * z) + l);
  const keep = f(1 - labelSmoothing);
  const half = f(labelSmoothing * 0.5);
  const negative = f(f(f(1 - y) * keep) + half);
  const positive = f(f(y * keep) + half);
  const up = f(negative * f(pmax(z, 0) + l));
  return up + f(positive * f(pmax(-z, 0) + l)) * posWeight;
}

/** out[i] = (1 - y') (max(z, 0) + l) + c y' (max(-z, 0) + l), l = log1p(e^-|z|), y' = y (1 - s) + s / 2. */
export function bce_logits_f64(
  z: Float64Array,
  y: Float64Array,
  n: number,
  posWeight: number,
  labelSmoothing: number,
  out: Float64Array,
): void {
  for (let i = 0; i < n; i++) out[i] = loss_f64(z[i], y[i], posWeight, labelSmoothing);
}

/** As `bce_logits_f64` for float32 logits; float32 steps below |z| = 64. */
export function bce_logits_f32(
  z: Float32Array,
  y: Float32Array,
  n: number,
  posWeight: number,
  labelSmoothing: number,
  out: Float64Array,
): void {
  for (let i = 0; i < n; i++) out[i] = loss_f32(z[i], y[i], posWeight, labelSmoothing);
}

/** g[i] = ((1 - y') P - c y' Q) / (1 + e), e = e^-|z|, (P, Q) = (1, e) for z >= 0 and (e, 1) below. */
export function bce_logits_gradient_f64(
  z: Float64Array,
  y: Float64Array,
  n: number,
  posWeight: number,
  labelSmoothing: number,
  g: Float64Array,
): void {
  const keep = 1 - labelSmoothing;
  const half = labelSmoothing * 0.5;
  for (let i = 0; i < n; i++) {
    const e = expScaled_f64(-Math.abs(z[i])) * EXP_UNSCALE_F64;
    const negative = (1 - y[i]) * keep + half;
    const positive = (y[i] * keep + half) * posWeight;
    g[i] = (negative * (z[i] < 0 ? e : 1) - positive * (z[i] < 0 ? 1 : e)) / (1 + e);
  }
}

/** As `bce_logits_gradient_f64`, in float32. */
export function bce_logits_gradient_f32(
  z: Float32Array,
  y: Float32Array,
  n: number,
  posWeight: number,
  labelSmoothing: number,
  g: Float32Array,
): void {
  const keep = f(1 - labelSmoothing);
  const half = f(labelSmoothing * 0.5);
  const c = f(posWeight);
  for (let i = 0; i < n; i++) {
    const e = f(expScaled_f32(-Math.abs(z[i])) * EXP_UNSCALE_F32);
    const negative = f(f(f(1 - y[i]) * keep) + half);
    const positive = f(f(f(y[i] * keep) + half) * c);
    const [p, q] = z[i] < 0 ? [e, 1] : [1, e];
    g[i] = f(f(f(negative * p) - f(positive * q)) / f(1 + e));
  }
}
