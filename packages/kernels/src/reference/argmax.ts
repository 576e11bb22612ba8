/** out[i] = place of the first maximum of row i; NaN is never one, and a row of nothing but NaN or -Infinity gives 0. */
export function argmax_f64(x: Float32Array | Float64Array, rows: number, C: number, out: Int32Array): void {
  for (let i = 0; i < rows; i++) {
    let best = -Infinity;
    out[i] = 0;
    for (let k = 0; k < C; k++) {
      if (!(x[i * C + k] > best)) continue;
      best = x[i * C + k];
      out[i] = k;
    }
  }
}

export { argmax_f64 as argmax_f32 };
