const f = Math.fround;

/** x[i] = (x[i] - zero[i mod period]) * scale[i mod period]; the difference and the product are rounded to float32. */
export function dequantize_f64(
  x: Float64Array,
  n: number,
  zero: Float64Array,
  scale: Float64Array,
  period: number,
): void {
  for (let i = 0; i < n; i++) x[i] = f(f(x[i] - zero[i % period]) * f(scale[i % period]));
}

/** As dequantize_f64 of float32. */
export function dequantize_f32(
  x: Float32Array,
  n: number,
  zero: Float32Array,
  scale: Float32Array,
  period: number,
): void {
  for (let i = 0; i < n; i++) x[i] = f(f(x[i] - zero[i % period]) * scale[i % period]);
}
