import { EXP_UNSCALE_F64 } from '../link/constants.js';
import { expScaled_f64, pmax } from '../link/exp.js';

export type Numbers = Float32Array | Float64Array;

/** What a row of logits comes down to. */
export interface Row {
  /** Every logit finite or -Infinity and one finite; exactly one +Infinity; or no limit. */
  readonly state: 'finite' | 'infinite' | 'undefined';
  /** The largest logit m. */
  readonly max: number;
  /** Sum of e^(z - m) over all logits but the first maximum. */
  readonly rest: number;
}

const PAIRS_PER_CHUNK = 64;

function maximum(z: Numbers, at: number, C: number): number {
  const lanes = [z[at], z[at]];
  for (let k = 0; k < C; k++) lanes[k & 1] = pmax(z[at + k], lanes[k & 1]);
  return pmax(lanes[0], lanes[1]);
}

/** Scans a row in float64: even and odd classes in two sums, in chunks of 64 pairs. */
export function scan_f64(z: Numbers, at: number, C: number): Row {
  const max = maximum(z, at, C);
  let equal = 0;
  const term = (k: number) => {
    if (z[at + k] !== max) return expScaled_f64(z[at + k] - max);
    equal++;
    return 0;
  };
  const total = [0, 0];
  for (let start = 0; start < C >> 1; start += PAIRS_PER_CHUNK) {
    const chunk = [0, 0];
    const end = Math.min(start + PAIRS_PER_CHUNK, C >> 1) * 2;
    for (let k = start * 2; k < end; k++) chunk[k & 1] += term(k);
    total[0] += chunk[0];
    total[1] += chunk[1];
  }
  let sum = total[0] + total[1];
  if (C & 1) sum += term(C - 1);
  if (Number.isNaN(sum) || max === -Infinity || (max === Infinity && equal > 1)) {
    return { state: 'undefined', max, rest: Number.NaN };
  }
  if (max === Infinity) return { state: 'infinite', max, rest: 0 };
  return { state: 'finite', max, rest: sum * EXP_UNSCALE_F64 + (equal - 1) };
}
