/** Rows of fewer values are looked through one by one. */
const WIDE: i32 = 16;

/** The greatest of `left` and `right`, NaN of `right` left out. */
// @ts-ignore: decorator
@inline
function greater<T>(left: v128, right: v128): v128 {
  return sizeof<T>() == 4 ? f32x4.pmax(left, right) : f64x2.pmax(left, right);
}

/** The greatest value of a row but NaN; -Infinity where there is none. */
// @ts-ignore: decorator
@inline
function greatest<T>(row: usize, end: usize): T {
  let a = v128.splat<T>(<T>-Infinity);
  let b = a;
  let at = row;
  for (; at + 32 <= end; at += 32) {
    a = greater<T>(a, v128.load(at));
    b = greater<T>(b, v128.load(at, 16));
  }
  a = greater<T>(a, b);
  a = greater<T>(a, i64x2.shuffle(a, a, 1, 0));
  if (sizeof<T>() == 4) a = greater<T>(a, i32x4.shuffle(a, a, 1, 0, 3, 2));
  let best = sizeof<T>() == 4 ? <T>f32x4.extract_lane(a, 0) : <T>f64x2.extract_lane(a, 0);
  for (; at < end; at += sizeof<T>()) {
    const value = load<T>(at);
    best = select(value, best, value > best);
  }
  return best;
}

/** The place of the first value of a row that equals `value`, which some value does. */
// @ts-ignore: decorator
@inline
function placeOf<T>(row: usize, end: usize, value: T): i32 {
  const wanted = v128.splat<T>(value);
  let at = row;
  for (; at + 16 <= end; at += 16) {
    const x = v128.load(at);
    if (v128.any_true(sizeof<T>() == 4 ? f32x4.eq(x, wanted) : f64x2.eq(x, wanted))) break;
  }
  while (load<T>(at) != value) at += sizeof<T>();
  return <i32>((at - row) / sizeof<T>());
}

// @ts-ignore: decorator
@inline
function placeInFew<T>(row: usize, C: i32): i32 {
  let best = <T>-Infinity;
  let place: i32 = 0;
  for (let k: i32 = 0; k < C; k++) {
    const value = load<T>(row + <usize>k * sizeof<T>());
    const more = value > best;
    best = select(value, best, more);
    place = select(k, place, more);
  }
  return place;
}

// @ts-ignore: decorator
@inline
function run<T>(x: usize, rows: i32, C: i32, out: usize): void {
  const stride = <usize>C * sizeof<T>();
  for (let i: usize = 0; i < <usize>rows; i++) {
    const row = x + i * stride;
    let place: i32 = 0;
    if (C < WIDE) place = placeInFew<T>(row, C);
    else {
      const best = greatest<T>(row, row + stride);
      if (best > <T>-Infinity) place = placeOf<T>(row, row + stride, best);
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
