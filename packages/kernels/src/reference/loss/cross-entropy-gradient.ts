import { EXP_UNSCALE_F64 } from '../link/constants.js';
import { expScaled_f64, pmax } from '../link/exp.js';
import { scanRow } from './cross-entropy.js';
import { LEAST_REST, powers } from './scan-f32.js';
import type { Numbers, Row } from './scan-f64.js';

const f = Math.fround;

/** Writes the probabilities of a row to g, rounded to its type. */
export function storeRow(z: Numbers, at: number, C: number, g: Numbers): Row {
  const row = scanRow(z, at, C);
  const scale = EXP_UNSCALE_F64 / (1 + row.rest);
  const power = row.top === undefined ? undefined : powers(row.max);
  const scale32 = row.top === undefined ? 0 : f(1 / (row.top * (1 + row.rest)));
  for (let k = at; k < at + C; k++) {
    if (row.state === 'undefined') g[k] = Number.NaN;
    else if (row.state === 'infinite') g[k] = z[k] === Number.POSITIVE_INFINITY ? 1 : 0;
    else g[k] = power ? power(z[k]) * scale32 : expScaled_f64(z[k] - row.max) * scale;
  }
  return row;
}

/** 1 - p of one logit z, its own probability left out instead of subtracted. */
export function complement(row: Row, z: number, p: number): number {
  const share = row.rest / (1 + row.rest);
  return z === row.max ? share : 1 / (1 + row.rest) + (share - p);
}

/** Rows of 2 to 16 float32 logits in float32 steps; false where those do not suffice. */
function storeFew(z: Float32Array, at: number, C: number, y: number, g: Float32Array): boolean {
  const row = z.subarray(at, at + C);
  const m = row.reduce((max, value) => pmax(value, max), Number.NEGATIVE_INFINITY);
  const power = powers(m);
  const e = row.map(power);
  const others = e.map((value, k) => (row[k] === m ? 0 : value));
  let sum = 0;
  for (let k = 0; k < C; k += 2) sum = f(sum + f(others[k] + (k + 1 < C ? others[k + 1] : 0)));
  const top = power(m);
  const rest = f(f(sum / top) + (row.filter((value) => value === m).length - 1));
  if (!(rest >= LEAST_REST)) return false;
  const total = f(1 + rest);
  const scale = f(1 / f(top * total));
  for (let k = 0; k < C; k++) g[at + k] = e[k] * scale;
  const share = f(rest / total);
  g[at + y] = 0 - (row[y] === m ? share : f(f(1 / total) + f(share - g[at + y])));
  return true;
}

/** g = p_k, and for k = y minus the sum of all other p. 0 where target[i] is -1. */
export function cross_entropy_logits_gradient_f64(
  z: Numbers,
  target: Int32Array,
  rows: number,
  C: number,
  g: Numbers,
): void {
  for (let i = 0; i < rows; i++) {
    if (target[i] < 0) {
      g.fill(0, i * C, (i + 1) * C);
      continue;
    }
    const few = C > 1 && C <= 16 && z instanceof Float32Array && g instanceof Float32Array;
    if (few && storeFew(z, i * C, C, target[i], g)) continue;
    const row = storeRow(z, i * C, C, g);
    const at = i * C + target[i];
    g[at] = 0 - complement(row, z[at], g[at]);
  }
}

/** The type of the arrays decides the precision. */
export { cross_entropy_logits_gradient_f64 as cross_entropy_logits_gradient_f32 };
