/** out[i] = p[i] - y[i], float64. */
export function error_f64(p: usize, y: usize, n: i32, out: usize): void {
  const bytes = <usize>n << 3;
  const body = bytes & ~15;
  let at: usize = 0;
  for (; at < body; at += 16) v128.store(out + at, f64x2.sub(v128.load(p + at), v128.load(y + at)));
  if (at < bytes) store<f64>(out + at, load<f64>(p + at) - load<f64>(y + at));
}

/** out[i] = float32(p[i] - y[i]) as float64. */
export function error_f32(p: usize, y: usize, n: i32, out: usize): void {
  const bytes = <usize>n << 2;
  const body = bytes & ~15;
  let at: usize = 0;
  for (; at < body; at += 16) {
    const e = f32x4.sub(v128.load(p + at), v128.load(y + at));
    const to = out + (at << 1);
    v128.store(to, f64x2.promote_low_f32x4(e));
    v128.store(to, f64x2.promote_low_f32x4(i32x4.shuffle(e, e, 2, 3, 2, 3)), 16);
  }
  for (; at < bytes; at += 4) store<f64>(out + (at << 1), <f64>(load<f32>(p + at) - load<f32>(y + at)));
}
