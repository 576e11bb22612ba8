import { exp } from '../../elementary.js';

// The Hessian's diagonal of one row with C predictions, in float64, to `out`.

type Row = ArrayLike<number>;

interface Softmax {
  /** softmax_k. */
  p: Float64Array;
  /** 1 - softmax_k, as the sum of the others. */
  others: Float64Array;
}

/** null where the row has no softmax: nothing but -Infinity, several +Infinity, or NaN. */
function softmax(z: Row): Softmax | null {
  let first = 0;
  for (let k = 1; k < z.length; k++) if (z[k] > z[first]) first = k;
  const e = Float64Array.from(z, (x, k) => (k === first ? 1 : exp(x - z[first])));
  let rest = 0;
  for (let k = 0; k < e.length; k++) if (k !== first) rest += e[k];
  if (Number.isNaN(rest) || z[first] === -Infinity) return null;
  const total = 1 + rest;
  // Of the others of a lesser class the greatest is one: nothing cancels.
  return { p: e.map((x) => x / total), others: e.map((x, k) => (k === first ? rest : total - x) / total) };
}

/** Of a mass times the cross-entropy of logits (cross_entropy, kl_div): mass * softmax_k (1 - softmax_k). */
export function crossEntropyLogits(z: Row, mass: number, out: Float64Array): void {
  const soft = softmax(z);
  for (let k = 0; k < z.length; k++) out[k] = soft ? mass * soft.p[k] * soft.others[k] : Number.NaN;
}

/** a_k / p_k^2 for what the target puts on each class; 0 outside [clip, 1 - clip]. */
export function crossEntropyProbabilities(p: Row, masses: Row, clip: number, out: Float64Array): void {
  for (let k = 0; k < p.length; k++)
    out[k] = masses[k] === 0 || p[k] < clip || p[k] > 1 - clip ? 0 : masses[k] / p[k] ** 2;
}

/** Of multi_margin (1 / C of all) or crammer_singer (the first greatest) with p = 2: 2 w for each shortfall of a class, their sum for y. */
export function squaredMargins(
  s: Row,
  y: number,
  margin: number,
  weight: number,
  all: boolean,
  out: Float64Array,
): void {
  out.fill(0);
  let greatest = -1;
  for (let k = 0; k < s.length; k++) {
    if (k === y || !(margin + (s[k] - s[y]) > 0)) continue;
    if (all) {
      out[k] = (2 * weight) / s.length;
      out[y] += out[k];
    } else if (greatest < 0 || s[k] > s[greatest]) greatest = k;
  }
  if (greatest >= 0) out[greatest] = out[y] = 2 * weight;
}

/** Of brier by C logits against C probabilities t: the derivative of 2 p_k ((p_k - t_k) - S), S = sum of (p_j - t_j) p_j. */
export function brierLogits(z: Row, t: Row, out: Float64Array): void {
  const soft = softmax(z);
  if (!soft) {
    out.fill(Number.NaN);
    return;
  }
  const { p, others } = soft;
  let mean = 0;
  let squares = 0;
  for (let j = 0; j < z.length; j++) {
    mean += (p[j] - t[j]) * p[j];
    squares += p[j] * p[j];
  }
  for (let k = 0; k < z.length; k++) {
    const d = p[k] - t[k];
    const bend = p[k] * (p[k] + d - squares - mean);
    out[k] = 2 * p[k] * (others[k] * (d - mean) + p[k] * others[k] - bend);
  }
}

/** Of cosine: (2 u_k (v_k - c u_k) + c (1 - u_k^2)) / |a|^2, u and v the unit vectors, c = <u, v>; 0 where |a| < epsilon. */
export function cosine(a: Row, b: Row, epsilon: number, out: Float64Array): void {
  const length = (x: Row) => Math.sqrt(Array.from(x).reduce((sum, entry) => sum + entry * entry, 0));
  const [size, other] = [length(a), Math.max(length(b), epsilon)];
  let c = 0;
  for (let k = 0; k < a.length; k++) c += (a[k] / size) * (b[k] / other);
  for (let k = 0; k < a.length; k++) {
    const [u, v] = [a[k] / size, b[k] / other];
    out[k] = size < epsilon ? 0 : (2 * u * (v - c * u) + c * (1 - u * u)) / size / size;
  }
}
