import { log1p_f64 } from '../link/log.js';
import { distance, scanRow } from './cross-entropy.js';
import { complement, storeRow } from './cross-entropy-gradient.js';
import { Mass, type Target } from './mass.js';
import type { Numbers, Row } from './scan-f64.js';

function part(a: number, row: Row, z: number, log: number): number {
  return a === 0 ? 0 : a * distance(row, z, log);
}

function lossOfRow(z: Numbers, mass: Mass, i: number, C: number): number {
  const y = mass.index(i);
  const own = y === undefined ? 0 : mass.keep * mass.weight(y);
  if (y !== undefined && own === 0 && mass.share === 0) return 0;
  const row = scanRow(z, i * C, C);
  const log = log1p_f64(row.rest);
  const loss = y === undefined ? 0 : part(own, row, z[i * C + y], log);
  if (y !== undefined && mass.share === 0) return loss;
  const at = (k: number) => part(mass.spread(i, k), row, z[i * C + k], log);
  if (row.state !== 'finite') {
    let sum = loss;
    for (let k = 0; k < C; k++) sum += at(k);
    return sum;
  }
  const lanes = [0, 0];
  for (let k = 0; k < C - (C & 1); k++) lanes[k & 1] += at(k);
  const pairs = lanes[0] + lanes[1];
  return loss + (C & 1 ? pairs + at(C - 1) : pairs);
}

function gradientOfRow(z: Numbers, mass: Mass, i: number, C: number, g: Numbers): void {
  let most = 0;
  let rest = 0;
  for (let k = 0; k < C; k++) {
    const a = mass.of(i, k);
    rest += Math.min(a, most);
    most = Math.max(a, most);
  }
  if (most === 0) {
    g.fill(0, i * C, (i + 1) * C);
    return;
  }
  const row = storeRow(z, i * C, C, g);
  if (row.state === 'undefined') return;
  let found = false;
  for (let k = 0; k < C; k++) {
    const a = mass.of(i, k);
    const p = g[i * C + k];
    const first: boolean = !found && a === most;
    found ||= first;
    g[i * C + k] = p * (first ? rest : most + (rest - a)) - a * complement(row, z[i * C + k], p);
  }
}

/** out[i] = sum of a_k (log(sum of e^z) - z_k), a_k as in `Mass`; a class without mass adds nothing. */
export function cross_entropy_smooth_logits_f64(
  z: Numbers,
  target: Target,
  classWeight: Float64Array | null,
  rows: number,
  C: number,
  labelSmoothing: number,
  out: Float64Array,
): void {
  const mass = new Mass(target, classWeight, C, labelSmoothing);
  for (let i = 0; i < rows; i++) out[i] = (mass.index(i) ?? 0) < 0 ? 0 : lossOfRow(z, mass, i, C);
}

/** g = p_k (sum of the other a) - a_k (sum of the other p). */
export function cross_entropy_smooth_logits_gradient_f64(
  z: Numbers,
  target: Target,
  classWeight: Float64Array | null,
  rows: number,
  C: number,
  labelSmoothing: number,
  g: Numbers,
): void {
  const mass = new Mass(target, classWeight, C, labelSmoothing);
  for (let i = 0; i < rows; i++) {
    if ((mass.index(i) ?? 0) < 0) g.fill(0, i * C, (i + 1) * C);
    else gradientOfRow(z, mass, i, C, g);
  }
}

/** The types of the arrays decide the precision and the kind of target. */
export {
  cross_entropy_smooth_logits_f64 as cross_entropy_smooth_logits_f32,
  cross_entropy_smooth_logits_f64 as cross_entropy_soft_logits_f32,
  cross_entropy_smooth_logits_f64 as cross_entropy_soft_logits_f64,
  cross_entropy_smooth_logits_gradient_f64 as cross_entropy_smooth_logits_gradient_f32,
  cross_entropy_smooth_logits_gradient_f64 as cross_entropy_soft_logits_gradient_f32,
  cross_entropy_smooth_logits_gradient_f64 as cross_entropy_soft_logits_gradient_f64,
};
