import { EXP_UNSCALE_F64 } from '../link/constants.js';
import { expScaled_f64 } from '../link/exp.js';
import { log_f64, log1p_f64 } from '../link/log.js';
import { distance } from './cross-entropy.js';
import { complement, storeRow } from './cross-entropy-gradient.js';
import { type Numbers, scan_f64 } from './scan-f64.js';

const massOf = (t: number, logTarget: boolean): number => (logTarget ? expScaled_f64(t) * EXP_UNSCALE_F64 : t);

/** q (log q - lp), lp = -gap. */
function term(t: number, gap: number, logTarget: boolean): number {
  const q = massOf(t, logTarget);
  return q === 0 ? 0 : q * ((logTarget ? t : log_f64(t)) + gap);
}

type Terms = (k: number) => number;

/** The sum of even and of odd classes; the last of an odd number by itself. */
function sumOfPairs(C: number, at: Terms): number {
  const lanes = [0, 0];
  for (let k = 0; k < C - (C & 1); k++) lanes[k & 1] += at(k);
  const pairs = lanes[0] + lanes[1];
  return C & 1 ? pairs + at(C - 1) : pairs;
}

/** Row losses, `gapOf` giving -lp. */
function losses(gapOf: (value: number) => number) {
  return (x: Numbers, q: Numbers, rows: number, C: number, logTarget: number, out: Float64Array): void => {
    for (let i = 0; i < rows; i++) {
      out[i] = sumOfPairs(C, (k) => term(q[i * C + k], gapOf(x[i * C + k]), logTarget !== 0));
    }
  };
}

/** out[i] = sum of q_k (log q_k - lp_k), 0 where q_k = 0. Float32 columns are computed in float64 too, here and below. */
export const kl_div_log_probabilities_f64 = losses((value) => 0 - value);
/** As `kl_div_log_probabilities_f64`, of probabilities. */
export const kl_div_probabilities_f64 = losses((value) => 0 - log_f64(value));

/** As `kl_div_log_probabilities_f64`, of logits. */
export function kl_div_logits_f64(
  z: Numbers,
  q: Numbers,
  rows: number,
  C: number,
  logTarget: number,
  out: Float64Array,
): void {
  for (let i = 0; i < rows; i++) {
    const row = scan_f64(z, i * C, C);
    const log = log1p_f64(row.rest);
    const at = (k: number) => term(q[i * C + k], distance(row, z[i * C + k], log), logTarget !== 0);
    if (row.state === 'finite') out[i] = sumOfPairs(C, at);
    else {
      let loss = 0;
      for (let k = 0; k < C; k++) loss += at(k);
      out[i] = loss;
    }
  }
}

/** g = -q_k */
export function kl_div_log_probabilities_gradient_f64(
  _x: Numbers,
  q: Numbers,
  rows: number,
  C: number,
  logTarget: number,
  g: Numbers,
): void {
  for (let k = 0; k < rows * C; k++) g[k] = 0 - massOf(q[k], logTarget !== 0);
}

/** g = -q_k / p_k, 0 where q_k = 0. */
export function kl_div_probabilities_gradient_f64(
  p: Numbers,
  q: Numbers,
  rows: number,
  C: number,
  logTarget: number,
  g: Numbers,
): void {
  for (let k = 0; k < rows * C; k++) {
    const mass = massOf(q[k], logTarget !== 0);
    g[k] = mass === 0 ? 0 : (0 - mass) / p[k];
  }
}

/** g = p_k (sum of the other q) - q_k (sum of the other p). */
export function kl_div_logits_gradient_f64(
  z: Numbers,
  q: Numbers,
  rows: number,
  C: number,
  logTarget: number,
  g: Numbers,
): void {
  for (let i = 0; i < rows; i++) {
    const mass = (k: number) => massOf(q[i * C + k], logTarget !== 0);
    let most = 0;
    let rest = 0;
    for (let k = 0; k < C; k++) {
      rest += Math.min(mass(k), most);
      most = Math.max(mass(k), most);
    }
    if (most === 0) {
      g.fill(0, i * C, (i + 1) * C);
      continue;
    }
    const row = storeRow(z, i * C, C, g);
    if (row.state === 'undefined') continue;
    let found = false;
    for (let k = 0; k < C; k++) {
      const p = g[i * C + k];
      const first: boolean = !found && mass(k) === most;
      found ||= first;
      g[i * C + k] = p * (first ? rest : most + (rest - mass(k))) - mass(k) * complement(row, z[i * C + k], p);
    }
  }
}

/** The types of the arrays decide the precision. */
export {
  kl_div_log_probabilities_f64 as kl_div_log_probabilities_f32,
  kl_div_log_probabilities_gradient_f64 as kl_div_log_probabilities_gradient_f32,
  kl_div_logits_f64 as kl_div_logits_f32,
  kl_div_logits_gradient_f64 as kl_div_logits_gradient_f32,
  kl_div_probabilities_f64 as kl_div_probabilities_f32,
  kl_div_probabilities_gradient_f64 as kl_div_probabilities_gradient_f32,
};
