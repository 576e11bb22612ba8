// The plain float64 sums that the exact ones are measured against: same loads, same float32 error, four lanes of additions.

/** Sum of (p - y)^2 over n float32 pairs, n a multiple of 8. */
export function mse_plain_sum_f32(p: usize, y: usize, n: i32): f64 {
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let s3 = f64x2.splat(0);
  const end = p + (<usize>n << 2);
  for (; p < end; p += 32, y += 32) {
    const e = f32x4.sub(v128.load(p), v128.load(y));
    const e0 = f64x2.promote_low_f32x4(e);
    const e1 = f64x2.promote_low_f32x4(i32x4.shuffle(e, e, 2, 3, 2, 3));
    s0 = f64x2.add(s0, f64x2.mul(e0, e0));
    s1 = f64x2.add(s1, f64x2.mul(e1, e1));
    const d = f32x4.sub(v128.load(p, 16), v128.load(y, 16));
    const d0 = f64x2.promote_low_f32x4(d);
    const d1 = f64x2.promote_low_f32x4(i32x4.shuffle(d, d, 2, 3, 2, 3));
    s2 = f64x2.add(s2, f64x2.mul(d0, d0));
    s3 = f64x2.add(s3, f64x2.mul(d1, d1));
  }
  const s = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3));
  return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
}

/** Sum of |p - y| over n float32 pairs, n a multiple of 8. */
export function mae_plain_sum_f32(p: usize, y: usize, n: i32): f64 {
  const magnitude = i32x4.splat(0x7fffffff);
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let s3 = f64x2.splat(0);
  const end = p + (<usize>n << 2);
  for (; p < end; p += 32, y += 32) {
    const e = v128.and(f32x4.sub(v128.load(p), v128.load(y)), magnitude);
    s0 = f64x2.add(s0, f64x2.promote_low_f32x4(e));
    s1 = f64x2.add(s1, f64x2.promote_low_f32x4(i32x4.shuffle(e, e, 2, 3, 2, 3)));
    const d = v128.and(f32x4.sub(v128.load(p, 16), v128.load(y, 16)), magnitude);
    s2 = f64x2.add(s2, f64x2.promote_low_f32x4(d));
    s3 = f64x2.add(s3, f64x2.promote_low_f32x4(i32x4.shuffle(d, d, 2, 3, 2, 3)));
  }
  const s = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3));
  return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
}

/** Sum of n float64, n a multiple of 8. */
export function plain_sum_f64(x: usize, n: i32): f64 {
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let s3 = f64x2.splat(0);
  const end = x + (<usize>n << 3);
  for (; x < end; x += 64) {
    s0 = f64x2.add(s0, v128.load(x));
    s1 = f64x2.add(s1, v128.load(x, 16));
    s2 = f64x2.add(s2, v128.load(x, 32));
    s3 = f64x2.add(s3, v128.load(x, 48));
  }
  const s = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3));
  return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
}
