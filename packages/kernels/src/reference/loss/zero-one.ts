import type { Numbers } from './scan-f64.js';

/** out[i] = 1 where exactly one of x > threshold and y > 0 holds, else 0. */
export function zero_one_scores_f64(x: Numbers, y: Numbers, n: number, threshold: number, out: Float64Array): void {
  for (let i = 0; i < n; i++) out[i] = x[i] > threshold === y[i] > 0 ? 0 : 1;
}

/** out[i] = 0 where p and y are equal, else 1. */
export function zero_one_labels_f64(p: Numbers, y: Numbers, n: number, out: Float64Array): void {
  for (let i = 0; i < n; i++) out[i] = p[i] === y[i] ? 0 : 1;
}

/** out[i] = 0 where fewer than k classes are ahead of the target's (of equal values the first is ahead), or target[i] is -1; else 1. */
export function zero_one_ranks_f64(
  x: Numbers,
  target: Int32Array,
  rows: number,
  C: number,
  k: number,
  out: Float64Array,
): void {
  for (let i = 0; i < rows; i++) {
    const y = target[i];
    const own = x[i * C + y];
    let rank = 0;
    for (let j = 0; j < C; j++) {
      const value = x[i * C + j];
      if (value > own || (j < y && value === own)) rank++;
    }
    out[i] = y < 0 || rank < k ? 0 : 1;
  }
}

/** g[i] = 0 */
export function zero_gradient_f64(n: number, g: Numbers): void {
  g.fill(0, 0, n);
}

export {
  zero_gradient_f64 as zero_gradient_f32,
  zero_one_labels_f64 as zero_one_labels_f32,
  zero_one_ranks_f64 as zero_one_ranks_f32,
  zero_one_scores_f64 as zero_one_scores_f32,
};
