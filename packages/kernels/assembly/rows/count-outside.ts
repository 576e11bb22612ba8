/** How many of n float64 are not within [low, high]; NaN is not. */
export function count_outside_f64(x: usize, n: i32, low: f64, high: f64): i32 {
  const bottom = f64x2.splat(low);
  const top = f64x2.splat(high);
  // A comparison that holds is -1.
  let inside = i64x2.splat(0);
  const end = x + (<usize>n << 3);
  for (; x + 16 <= end; x += 16) {
    const value = v128.load(x);
    inside = i64x2.add(inside, v128.and(f64x2.ge(value, bottom), f64x2.le(value, top)));
  }
  let count = n + <i32>(i64x2.extract_lane(inside, 0) + i64x2.extract_lane(inside, 1));
  if (x < end) {
    const value = load<f64>(x);
    count -= <i32>(value >= low && value <= high);
  }
  return count;
}

/** How many of n float32 are not within [float32(low), float32(high)]; NaN is not. */
export function count_outside_f32(x: usize, n: i32, low: f64, high: f64): i32 {
  const bottom = f32x4.splat(<f32>low);
  const top = f32x4.splat(<f32>high);
  let inside = i32x4.splat(0);
  const end = x + (<usize>n << 2);
  for (; x + 16 <= end; x += 16) {
    const value = v128.load(x);
    inside = i32x4.add(inside, v128.and(f32x4.ge(value, bottom), f32x4.le(value, top)));
  }
  let count = n + i32x4.extract_lane(inside, 0) + i32x4.extract_lane(inside, 1);
  count += i32x4.extract_lane(inside, 2) + i32x4.extract_lane(inside, 3);
  for (; x < end; x += 4) {
    const value = load<f32>(x);
    count -= <i32>(value >= <f32>low && value <= <f32>high);
  }
  return count;
}
