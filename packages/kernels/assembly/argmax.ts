// @ts-ignore: decorator
@inline
function run<T>(x: usize, rows: i32, C: i32, out: usize): void {
  const stride = <usize>C * sizeof<T>();
  for (let i: usize = 0; i < <usize>rows; i++) {
    const row = x + i * stride;
    let best = <T>-Infinity;
    let place: i32 = 0;
    for (let k: i32 = 0; k < C; k++) {
      const value = load<T>(row + <usize>k * sizeof<T>());
      const more = value > best;
      best = select(value, best, more);
      place = select(k, place, more);
    }
    store<i32>(out + (i << 2), place);
  }
}

/** The first maximum of each row; NaN is never one, and a row of nothing but NaN or -Infinity gives 0. */
export function argmax_f32(x: usize, rows: i32, C: i32, out: usize): void {
  run<f32>(x, rows, C, out);
}

/** The first maximum of each row; NaN is never one, and a row of nothing but NaN or -Infinity gives 0. */
export function argmax_f64(x: usize, rows: i32, C: i32, out: usize): void {
  run<f64>(x, rows, C, out);
}
