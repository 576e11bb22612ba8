import { MAGNITUDE_F32, MAGNITUDE_F64 } from '../inline/constants';

/** out[i] = |p[i] - y[i]|, float64. */
export function mae_f64(p: usize, y: usize, n: i32, out: usize): void {
  const bytes = <usize>n << 3;
  const body = bytes & ~15;
  const magnitude = v128.load(MAGNITUDE_F64);
  let at: usize = 0;
  for (; at < body; at += 16) {
    const e = f64x2.sub(v128.load(p + at), v128.load(y + at));
    v128.store(out + at, v128.and(e, magnitude));
  }
  if (at < bytes) store<f64>(out + at, abs(load<f64>(p + at) - load<f64>(y + at)));
}

/** out[i] = |e| in float64 of e = float32(p[i] - y[i]). */
export function mae_f32(p: usize, y: usize, n: i32, out: usize): void {
  const bytes = <usize>n << 2;
  const body = bytes & ~15;
  const magnitude = v128.load(MAGNITUDE_F32);
  let at: usize = 0;
  for (; at < body; at += 16) {
    const e = v128.and(f32x4.sub(v128.load(p + at), v128.load(y + at)), magnitude);
    const to = out + (at << 1);
    v128.store(to, f64x2.promote_low_f32x4(e));
    v128.store(to, f64x2.promote_low_f32x4(i32x4.shuffle(e, e, 2, 3, 2, 3)), 16);
  }
  for (; at < bytes; at += 4) store<f64>(out + (at << 1), <f64>abs(load<f32>(p + at) - load<f32>(y + at)));
}
