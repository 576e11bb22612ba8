import type { ExactSum } from '@lossmill/exact-sum';
import { error_f32, error_f64 } from '../loss/error.js';
import { huber_f32, huber_f64 } from '../loss/huber.js';
import { mae_f32, mae_f64 } from '../loss/mae.js';
import { mse_f32, mse_f64 } from '../loss/mse.js';

// Row losses and their exact sum; rows go to `out` unless it is null.

type Rows = Float64Array | null;

export function error_sum_f32(p: Float32Array, y: Float32Array, n: number, out: Rows, acc: ExactSum): void {
  const rows = out ?? new Float64Array(n);
  error_f32(p, y, n, rows);
  acc.addArray(rows, n);
}

export function mse_sum_f32(p: Float32Array, y: Float32Array, n: number, out: Rows, acc: ExactSum): void {
  const rows = out ?? new Float64Array(n);
  mse_f32(p, y, n, rows);
  acc.addArray(rows, n);
}

export function mae_sum_f32(p: Float32Array, y: Float32Array, n: number, out: Rows, acc: ExactSum): void {
  const rows = out ?? new Float64Array(n);
  mae_f32(p, y, n, rows);
  acc.addArray(rows, n);
}

export function huber_sum_f32(
  p: Float32Array,
  y: Float32Array,
  n: number,
  delta: number,
  out: Rows,
  acc: ExactSum,
): void {
  const rows = out ?? new Float64Array(n);
  huber_f32(p, y, n, delta, rows);
  acc.addArray(rows, n);
}

export function error_sum_f64(p: Float64Array, y: Float64Array, n: number, out: Rows, acc: ExactSum): void {
  const rows = out ?? new Float64Array(n);
  error_f64(p, y, n, rows);
  acc.addArray(rows, n);
}

export function mse_sum_f64(p: Float64Array, y: Float64Array, n: number, out: Rows, acc: ExactSum): void {
  const rows = out ?? new Float64Array(n);
  mse_f64(p, y, n, rows);
  acc.addArray(rows, n);
}

export function mae_sum_f64(p: Float64Array, y: Float64Array, n: number, out: Rows, acc: ExactSum): void {
  const rows = out ?? new Float64Array(n);
  mae_f64(p, y, n, rows);
  acc.addArray(rows, n);
}

export function huber_sum_f64(
  p: Float64Array,
  y: Float64Array,
  n: number,
  delta: number,
  out: Rows,
  acc: ExactSum,
): void {
  const rows = out ?? new Float64Array(n);
  huber_f64(p, y, n, delta, rows);
  acc.addArray(rows, n);
}
