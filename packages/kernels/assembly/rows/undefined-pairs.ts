/** Whether any of n differences p[i] - y[i] of float64 is NaN: where p or y is, or both are the same infinity. */
export function undefined_pairs_f64(p: usize, y: usize, n: i32): bool {
  let odd0 = i64x2.splat(0);
  let odd1 = i64x2.splat(0);
  const end = p + (<usize>n << 3);
  for (; p + 32 <= end; p += 32, y += 32) {
    const e0 = f64x2.sub(v128.load(p), v128.load(y));
    const e1 = f64x2.sub(v128.load(p, 16), v128.load(y, 16));
    odd0 = v128.or(odd0, f64x2.ne(e0, e0));
    odd1 = v128.or(odd1, f64x2.ne(e1, e1));
  }
  let odd = v128.any_true(v128.or(odd0, odd1));
  for (; p < end; p += 8, y += 8) {
    const e = load<f64>(p) - load<f64>(y);
    odd = odd || e != e;
  }
  return odd;
}

/** As undefined_pairs_f64 of float32. */
export function undefined_pairs_f32(p: usize, y: usize, n: i32): bool {
  let odd0 = i32x4.splat(0);
  let odd1 = i32x4.splat(0);
  const end = p + (<usize>n << 2);
  for (; p + 32 <= end; p += 32, y += 32) {
    const e0 = f32x4.sub(v128.load(p), v128.load(y));
    const e1 = f32x4.sub(v128.load(p, 16), v128.load(y, 16));
    odd0 = v128.or(odd0, f32x4.ne(e0, e0));
    odd1 = v128.or(odd1, f32x4.ne(e1, e1));
  }
  let odd = v128.any_true(v128.or(odd0, odd1));
  for (; p < end; p += 4, y += 4) {
    const e = load<f32>(p) - load<f32>(y);
    odd = odd || e != e;
  }
  return odd;
}
