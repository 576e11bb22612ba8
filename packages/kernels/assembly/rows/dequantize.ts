/**
 * x[i] = (x[i] - zero[i mod period]) * scale[i mod period] in float32; `zero` and `scale` are float32 tables of `period` values,
 * many of them, so that the vector's body is long.
 */
export function dequantize_f32(x: usize, n: i32, zero: usize, scale: usize, period: i32): void {
  const end = x + (<usize>n << 2);
  const span = <usize>period << 2;
  for (; x < end; x += span) {
    const bytes = min(span, end - x);
    const body = bytes & ~15;
    let at: usize = 0;
    for (; at < body; at += 16) {
      const shifted = f32x4.sub(v128.load(x + at), v128.load(zero + at));
      v128.store(x + at, f32x4.mul(shifted, v128.load(scale + at)));
    }
    for (; at < bytes; at += 4) store<f32>(x + at, (load<f32>(x + at) - load<f32>(zero + at)) * load<f32>(scale + at));
  }
}

/** As dequantize_f32 of float64: the difference is rounded to float32, as is the product; the tables are float64. */
export function dequantize_f64(x: usize, n: i32, zero: usize, scale: usize, period: i32): void {
  const end = x + (<usize>n << 3);
  const span = <usize>period << 3;
  for (; x < end; x += span) {
    const bytes = min(span, end - x);
    for (let at: usize = 0; at < bytes; at += 8) {
      const shifted = <f32>(load<f64>(x + at) - load<f64>(zero + at));
      store<f64>(x + at, <f64>(shifted * <f32>load<f64>(scale + at)));
    }
  }
}
