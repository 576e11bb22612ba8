/** Two consecutive elements of type T as float64. */
// @ts-ignore: decorator
@inline
export function loadPair<T>(at: usize): v128 {
  if (sizeof<T>() == 8) return v128.load(at);
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

/** One element of type T as float64, beside `pad`. */
// @ts-ignore: decorator
@inline
export function loadOne<T>(at: usize, pad: v128): v128 {
  return f64x2.replace_lane(pad, 0, <f64>load<T>(at));
}

/** Stores two float64 lanes as two elements of type T, rounded once. */
// @ts-ignore: decorator
@inline
export function storePair<T>(at: usize, value: v128): void {
  if (sizeof<T>() == 8) v128.store(at, value);
  else v128.store64_lane(at, f32x4.demote_f64x2_zero(value), 0);
}
