// With a = |e| and q = min(a, delta): q * (a - q / 2), which is a^2 / 2 up to delta and delta * (a - delta / 2) above.

function huberValue(a: number, delta: number): number {
  const q = Math.min(a, delta);
  return q * (a - 0.5 * q);
}

/** Huber loss of p[i] - y[i] with 0 < delta <= Infinity. */
export function huber_f64(p: Float64Array, y: Float64Array, n: number, delta: number, out: Float64Array): void {
  for (let i = 0; i < n; i++) out[i] = huberValue(Math.abs(p[i] - y[i]), delta);
}

/** Huber loss, in float64, of float32(p[i] - y[i]). */
export function huber_f32(p: Float32Array, y: Float32Array, n: number, delta: number, out: Float64Array): void {
  for (let i = 0; i < n; i++) out[i] = huberValue(Math.abs(Math.fround(p[i] - y[i])), delta);
}
