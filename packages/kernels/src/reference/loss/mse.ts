/** out[i] = (p[i] - y[i])^2. */
export function mse_f64(p: Float64Array, y: Float64Array, n: number, out: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const e = p[i] - y[i];
    out[i] = e * e;
  }
}

/** out[i] = e^2, exact in float64, of e = float32(p[i] - y[i]). */
export function mse_f32(p: Float32Array, y: Float32Array, n: number, out: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const e = Math.fround(p[i] - y[i]);
    out[i] = e * e;
  }
}
