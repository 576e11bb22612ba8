/** out[i] = (p[i] - y[i])^2, float64. */
export function mse_f64(p: usize, y: usize, n: i32, out: usize): void {
  const bytes = <usize>n << 3;
  const body = bytes & ~15;
  let at: usize = 0;
  for (; at < body; at += 16) {
    const e = f64x2.sub(v128.load(p + at), v128.load(y + at));
    v128.store(out + at, f64x2.mul(e, e));
  }
  if (at < bytes) {
    const e = load<f64>(p + at) - load<f64>(y + at);
    store<f64>(out + at, e * e);
  }
}

/** out[i] = e^2 in float64, exact, of e = float32(p[i] - y[i]). */
export function mse_f32(p: usize, y: usize, n: i32, out: usize): void {
  const bytes = <usize>n << 2;
  const body = bytes & ~15;
  let at: usize = 0;
  for (; at < body; at += 16) {
    const e = f32x4.sub(v128.load(p + at), v128.load(y + at));
    const low = f64x2.promote_low_f32x4(e);
    const high = f64x2.promote_low_f32x4(i32x4.shuffle(e, e, 2, 3, 2, 3));
    const to = out + (at << 1);
    v128.store(to, f64x2.mul(low, low));
    v128.store(to, f64x2.mul(high, high), 16);
  }
  for (; at < bytes; at += 4) {
    const e = <f64>(load<f32>(p + at) - load<f32>(y + at));
    store<f64>(out + (at << 1), e * e);
  }
}
