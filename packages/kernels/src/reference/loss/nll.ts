import type { Numbers } from './scan-f64.js';

/** out[i] = -w_y lp_y; 0 where target[i] is -1 or w_y is 0. */
export function nll_f64(
  lp: Numbers,
  target: Int32Array,
  classWeight: Float64Array | null,
  rows: number,
  C: number,
  out: Float64Array,
): void {
  for (let i = 0; i < rows; i++) {
    const y = target[i];
    const w = y < 0 ? 0 : (classWeight?.[y] ?? 1);
    out[i] = w === 0 ? 0 : 0 - w * lp[i * C + y];
  }
}

/** g = -w_y for k = y, else 0. */
export function nll_gradient_f64(
  _lp: Numbers,
  target: Int32Array,
  classWeight: Float64Array | null,
  rows: number,
  C: number,
  g: Numbers,
): void {
  g.fill(0, 0, rows * C);
  for (let i = 0; i < rows; i++) if (target[i] >= 0) g[i * C + target[i]] = 0 - (classWeight?.[target[i]] ?? 1);
}

export { nll_f64 as nll_f32, nll_gradient_f64 as nll_gradient_f32 };
