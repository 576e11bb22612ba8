/** g[i * width + k] *= w[i], float64; a weight of 0 makes it +0 whatever it was. */
export function scale_rows_f64(g: usize, w: usize, rows: i32, width: i32): void {
  const bytes = <usize>width << 3;
  const body = bytes & ~15;
  for (let i: i32 = 0; i < rows; i++, w += 8, g += bytes) {
    const weight = load<f64>(w);
    if (weight == 0) {
      memory.fill(g, 0, bytes);
      continue;
    }
    const factor = f64x2.splat(weight);
    let at: usize = 0;
    for (; at < body; at += 16) v128.store(g + at, f64x2.mul(v128.load(g + at), factor));
    if (at < bytes) store<f64>(g + at, load<f64>(g + at) * weight);
  }
}

/** As scale_rows_f64 of float32, multiplied in float64 and rounded once. */
export function scale_rows_f32(g: usize, w: usize, rows: i32, width: i32): void {
  const bytes = <usize>width << 2;
  const body = bytes & ~15;
  for (let i: i32 = 0; i < rows; i++, w += 8, g += bytes) {
    const weight = load<f64>(w);
    if (weight == 0) {
      memory.fill(g, 0, bytes);
      continue;
    }
    const factor = f64x2.splat(weight);
    let at: usize = 0;
    for (; at < body; at += 16) {
      const value = v128.load(g + at);
      const low = f64x2.mul(f64x2.promote_low_f32x4(value), factor);
      const high = f64x2.mul(f64x2.promote_low_f32x4(i32x4.shuffle(value, value, 2, 3, 2, 3)), factor);
      const rounded = f32x4.demote_f64x2_zero(low);
      v128.store(g + at, i32x4.shuffle(rounded, f32x4.demote_f64x2_zero(high), 0, 1, 4, 5));
    }
    for (; at < bytes; at += 4) store<f32>(g + at, <f32>(<f64>load<f32>(g + at) * weight));
  }
}
