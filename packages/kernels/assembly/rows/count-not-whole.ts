/** How many of n float64 are not whole numbers within [low, high]; NaN is not. */
export function count_not_whole_f64(x: usize, n: i32, low: f64, high: f64): i32 {
  const bottom = f64x2.splat(low);
  const top = f64x2.splat(high);
  let good = i64x2.splat(0);
  const end = x + (<usize>n << 3);
  for (; x + 16 <= end; x += 16) {
    const value = v128.load(x);
    const inside = v128.and(f64x2.ge(value, bottom), f64x2.le(value, top));
    good = i64x2.add(good, v128.and(inside, f64x2.eq(f64x2.trunc(value), value)));
  }
  let count = n + <i32>(i64x2.extract_lane(good, 0) + i64x2.extract_lane(good, 1));
  if (x < end) {
    const value = load<f64>(x);
    count -= <i32>(value >= low && value <= high && trunc(value) == value);
  }
  return count;
}

/** How many of n float32 are not whole numbers within [float32(low), float32(high)]; NaN is not. */
export function count_not_whole_f32(x: usize, n: i32, low: f64, high: f64): i32 {
  const bottom = f32x4.splat(<f32>low);
  const top = f32x4.splat(<f32>high);
  let good = i32x4.splat(0);
  const end = x + (<usize>n << 2);
  for (; x + 16 <= end; x += 16) {
    const value = v128.load(x);
    const inside = v128.and(f32x4.ge(value, bottom), f32x4.le(value, top));
    good = i32x4.add(good, v128.and(inside, f32x4.eq(f32x4.trunc(value), value)));
  }
  let count = n + i32x4.extract_lane(good, 0) + i32x4.extract_lane(good, 1);
  count += i32x4.extract_lane(good, 2) + i32x4.extract_lane(good, 3);
  for (; x < end; x += 4) {
    const value = load<f32>(x);
    count -= <i32>(value >= <f32>low && value <= <f32>high && trunc(value) == value);
  }
  return count;
}
