import { pmax } from '../link/exp.js';
import type { Numbers } from './scan-f64.js';

/** m_k = max(0, margin + (s_k - s_y)), 0 for y. */
function short(s: Numbers, at: number, k: number, y: number, margin: number): number {
  return k === y ? 0 : pmax(margin + (s[at + k] - s[at + y]), 0);
}

/** The greatest value but y's, even and odd classes apart. */
function greatest(s: Numbers, at: number, C: number, y: number): number {
  const lanes = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let k = 0; k < C + (C & 1); k++) {
    lanes[k & 1] = pmax(k === y || k === C ? Number.NEGATIVE_INFINITY : s[at + k], lanes[k & 1]);
  }
  return pmax(lanes[0], lanes[1]);
}

function shortest(s: Numbers, at: number, C: number, y: number, margin: number): number {
  const m = margin + (greatest(s, at, C, y) - s[at + y]);
  return m < 0 ? 0 : m;
}

function sumOfRow(s: Numbers, at: number, C: number, y: number, margin: number, power: number): number {
  const lanes = [0, 0];
  for (let k = 0; k < C; k++) {
    const m = short(s, at, k, y, margin);
    lanes[k & 1] += power === 2 ? m * m : m;
  }
  return (lanes[0] + lanes[1]) / C;
}

/** Weight of row i's class, 0 where the row is left out. */
function weightAt(target: Int32Array, classWeight: Float64Array | null, i: number): number {
  return target[i] < 0 ? 0 : (classWeight?.[target[i]] ?? 1);
}

/** out[i] = w_y (sum of m_k^power) / C. Float32 scores are computed in float64 too, here and below. */
export function multi_margin_f64(
  s: Numbers,
  target: Int32Array,
  classWeight: Float64Array | null,
  rows: number,
  C: number,
  margin: number,
  power: number,
  out: Float64Array,
): void {
  for (let i = 0; i < rows; i++) {
    const weight = weightAt(target, classWeight, i);
    out[i] = weight === 0 ? 0 : sumOfRow(s, i * C, C, target[i], margin, power) * weight;
  }
}

/** g_k = w / C for m_k > 0 (times 2 m_k for power 2); minus their sum for y. */
export function multi_margin_gradient_f64(
  s: Numbers,
  target: Int32Array,
  classWeight: Float64Array | null,
  rows: number,
  C: number,
  margin: number,
  power: number,
  g: Numbers,
): void {
  g.fill(0, 0, rows * C);
  for (let i = 0; i < rows; i++) {
    const weight = weightAt(target, classWeight, i);
    if (weight === 0) continue;
    const share = weight / C;
    const lanes = [0, 0];
    for (let k = 0; k < C; k++) {
      const m = short(s, i * C, k, target[i], margin);
      const step = Number.isNaN(m) ? m : m === 0 ? 0 : share;
      const slope = power === 2 ? share * (m + m) : step;
      lanes[k & 1] += slope;
      g[i * C + k] = slope;
    }
    g[i * C + target[i]] = 0 - (lanes[0] + lanes[1]);
  }
}

/** out[i] = w_y max(m_k)^power */
export function crammer_singer_f64(
  s: Numbers,
  target: Int32Array,
  classWeight: Float64Array | null,
  rows: number,
  C: number,
  margin: number,
  power: number,
  out: Float64Array,
): void {
  for (let i = 0; i < rows; i++) {
    const weight = weightAt(target, classWeight, i);
    const m = weight === 0 ? 0 : shortest(s, i * C, C, target[i], margin);
    out[i] = weight === 0 ? 0 : (power === 2 ? m * m : m) * weight;
  }
}

/** g = w (2 w m for power 2) for the first greatest wrong class, minus it for y, where m > 0. */
export function crammer_singer_gradient_f64(
  s: Numbers,
  target: Int32Array,
  classWeight: Float64Array | null,
  rows: number,
  C: number,
  margin: number,
  power: number,
  g: Numbers,
): void {
  g.fill(0, 0, rows * C);
  for (let i = 0; i < rows; i++) {
    const y = target[i];
    const weight = weightAt(target, classWeight, i);
    const m = weight === 0 ? 0 : shortest(s, i * C, C, y, margin);
    if (m === 0) continue;
    const slope = Number.isNaN(m) ? m : power === 2 ? weight * (m + m) : weight;
    const most = greatest(s, i * C, C, y);
    const k = s.subarray(i * C, (i + 1) * C).findIndex((value, j) => j !== y && value === most);
    if (k >= 0) g[i * C + k] = slope;
    g[i * C + y] = 0 - slope;
  }
}

export {
  crammer_singer_f64 as crammer_singer_f32,
  crammer_singer_gradient_f64 as crammer_singer_gradient_f32,
  multi_margin_f64 as multi_margin_f32,
  multi_margin_gradient_f64 as multi_margin_gradient_f32,
};
