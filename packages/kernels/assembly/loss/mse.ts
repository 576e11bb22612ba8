/** out[i] = (p[i] - y[i])^2, float64. */
export function mse_f64(p: usize, y: usize, n: i32, out: usize): void {
  let i: i32 = 0;
  for (; i + 2 <= n; i += 2) {
    const at = <usize>i << 3;
    const e = f64x2.sub(v128.load(p + at), v128.load(y + at));
    v128.store(out + at, f64x2.mul(e, e));
  }
  if (i < n) {
    const at = <usize>i << 3;
    const e = load<f64>(p + at) - load<f64>(y + at);
    store<f64>(out + at, e * e);
  }
}
