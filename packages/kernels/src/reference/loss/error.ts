/** out[i] = p[i] - y[i]. */
export function error_f64(p: Float64Array, y: Float64Array, n: number, out: Float64Array): void {
  for (let i = 0; i < n; i++) out[i] = p[i] - y[i];
}

/** out[i] = float32(p[i] - y[i]). */
export function error_f32(p: Float32Array, y: Float32Array, n: number, out: Float64Array): void {
  for (let i = 0; i < n; i++) out[i] = Math.fround(p[i] - y[i]);
}
