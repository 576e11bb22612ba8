import { LOG2E, ROUND_F32 } from '../link/constants.js';
import { expShifted_f32, pmax } from '../link/exp.js';
import { type Row, scan_f64 } from './scan-f64.js';

const f = Math.fround;

/** Sums of the other exponentials below this are left to float64. */
export const LEAST_REST = 2 ** -96;

/** 2^24 e^(z - m) times a factor common to the row, for any z <= m, float32 steps. */
export function powers(m: number): (z: number) => number {
  const base = Math.abs(m) <= 512 ? 0 : m;
  const local = f(m - base);
  const least = f(local - 104);
  const t = f(f(local * f(LOG2E)) + ROUND_F32);
  const round = f(ROUND_F32 - f(t - ROUND_F32));
  return (z) => expShifted_f32(pmax(f(z - base), least), round);
}

/** The row's maximum, 16 bytes at a time in the kernels; the order matters only where there is a NaN, which the sum finds. */
function maximum(z: Float32Array, at: number, C: number): number {
  let m = z[at];
  for (let k = 1; k < C; k++) m = pmax(z[at + k], m);
  return m;
}

/** Scans a row of float32 logits. `top` is what `powers` gives for the maximum itself; undefined where float64 was needed. */
export function scan_f32(z: Float32Array, at: number, C: number): Row & { top?: number } {
  const max = maximum(z, at, C);
  const power = powers(max);
  let equal = 0;
  const term = (k: number) => {
    if (k >= C) return 0;
    if (z[at + k] !== max) return power(z[at + k]);
    equal++;
    return 0;
  };
  let even = 0;
  let odd = 0;
  const add = (lane: (j: number) => number) => {
    even += lane(0) + lane(2);
    odd += lane(1) + lane(3);
  };
  let k = 0;
  for (; k + 16 <= C; k += 16) {
    add((j) => f(f(term(k + j) + term(k + j + 4)) + f(term(k + j + 8) + term(k + j + 12))));
  }
  for (; k < C; k += 4) add((j) => term(k + j));
  const top = power(max);
  const rest = (even + odd) / top + (equal - 1);
  return rest >= LEAST_REST ? { state: 'finite', max, rest, top } : scan_f64(z, at, C);
}
