/** out[i] = (p[i] - y[i])^2. */
export function mse_f64(p: Float64Array, y: Float64Array, n: number, out: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const e = p[i] - y[i];
    out[i] = e * e;
  }
}
