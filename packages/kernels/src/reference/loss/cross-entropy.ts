import { exp_f32, pmax, pmin } from '../link/exp.js';
import { log1p_f32, log1p_f64, log1pUnit_f32 } from '../link/log.js';
import { LEAST_REST, powers, scan_f32 } from './scan-f32.js';
import { type Numbers, type Row, scan_f64 } from './scan-f64.js';

const f = Math.fround;

/** log(sum of e^z) - z for one logit, `log` being log(sum of e^z) - m. */
export function distance(row: Row, z: number, log: number): number {
  if (row.state === 'finite') return log + (row.max - z);
  if (row.state === 'undefined') return Number.NaN;
  return z === Number.POSITIVE_INFINITY ? 0 : Number.POSITIVE_INFINITY;
}

/** Scans a row at its own precision. */
export function scanRow(z: Numbers, at: number, C: number): Row & { top?: number } {
  return z instanceof Float32Array ? scan_f32(z, at, C) : scan_f64(z, at, C);
}

function lossOf(row: Row, z: number): number {
  return distance(row, z, log1p_f64(row.rest));
}

/** Two float32 logits: log(1 + e^d), d = q - p kept as an unrounded sum of two float32. */
function lossOfTwo(z: Float32Array, at: number, y: number): number {
  const p = z[at + y];
  const q = z[at + 1 - y];
  const d = f(q - p);
  if (!(Math.abs(d) < 64)) return lossOf(scan_f64(z, at, 2), p);
  const back = f(d - q);
  const error = f(f(q - f(d - back)) - f(p + back));
  const e = exp_f32(-Math.abs(d));
  const l = log1pUnit_f32(f(e - f(e * (d < 0 ? -error : error))));
  return f(pmax(d, 0) + l);
}

/** Rows of 3 to 128 float32 logits: the maximum is sifted out, the others are added in fours and sixteens. */
function lossOfFew(z: Float32Array, at: number, C: number, y: number): number {
  let m = z[at];
  const others = new Float32Array(C - 1);
  for (let k = 1; k < C; k++) {
    others[k - 1] = pmin(m, z[at + k]);
    m = pmax(z[at + k], m);
  }
  const e = others.map(powers(m));
  let sum = 0;
  let k = 0;
  while (k + 4 < C) {
    let part = 0;
    for (const stop = k + 16; k < stop && k + 4 < C; k += 4) {
      part = f(part + f(f(e[k] + e[k + 1]) + f(e[k + 2] + e[k + 3])));
    }
    sum = f(sum + part);
  }
  let last = 0;
  for (; k + 1 < C; k++) last = f(last + e[k]);
  const rest = f(f(sum + last) / powers(m)(m));
  if (!(rest >= LEAST_REST)) return lossOf(scan_f64(z, at, C), z[at + y]);
  return m - z[at + y] + log1p_f32(rest);
}

function loss_f32(z: Float32Array, at: number, C: number, y: number): number {
  if (C === 2) return lossOfTwo(z, at, y);
  return C > 2 && C <= 128 ? lossOfFew(z, at, C, y) : lossOf(scan_f32(z, at, C), z[at + y]);
}

/** out[i] = log1p(sum of e^(z_k - m) over all k but the first maximum m) + (m - z_y), 0 where target[i] is -1. */
export function cross_entropy_logits_f64(
  z: Float64Array,
  target: Int32Array,
  rows: number,
  C: number,
  out: Float64Array,
): void {
  for (let i = 0; i < rows; i++) out[i] = target[i] < 0 ? 0 : lossOf(scan_f64(z, i * C, C), z[i * C + target[i]]);
}

/** As `cross_entropy_logits_f64` for float32 logits; float32 steps where they suffice. */
export function cross_entropy_logits_f32(
  z: Float32Array,
  target: Int32Array,
  rows: number,
  C: number,
  out: Float64Array,
): void {
  for (let i = 0; i < rows; i++) out[i] = target[i] < 0 ? 0 : loss_f32(z, i * C, C, target[i]);
}
