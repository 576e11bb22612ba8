// Two neighbouring classes k, k + 1 of a row in float64; of an odd number of classes the last one stands beside a lane that is masked.
import { loadOne, loadPair, storePair } from './pair';

/** Numbers 0 and 1. */
const FIRST_TWO = memory.data<f64>([0.0, 1.0], 16);

/** [k, k + 1] */
// @ts-ignore: decorator
@inline
export function numbers(k: usize): v128 {
  return f64x2.add(v128.load(FIRST_TWO), f64x2.splat(<f64>k));
}

/** Values of classes k and k + 1, 0 behind the last. */
// @ts-ignore: decorator
@inline
export function classPair<T>(row: usize, k: usize, C: usize): v128 {
  const at = row + k * sizeof<T>();
  return k + 1 < C ? loadPair<T>(at) : loadOne<T>(at, f64x2.splat(0.0));
}

// @ts-ignore: decorator
@inline
export function storeClasses<T>(g: usize, k: usize, C: usize, value: v128): void {
  const at = g + k * sizeof<T>();
  if (k + 1 < C) storePair<T>(at, value);
  else store<T>(at, <T>f64x2.extract_lane(value, 0));
}

/** All bits for the classes that are not y and not behind the last. */
// @ts-ignore: decorator
@inline
export function others(k: usize, C: usize, y: f64): v128 {
  const places = numbers(k);
  return v128.and(f64x2.ne(places, f64x2.splat(y)), f64x2.lt(places, f64x2.splat(<f64>C)));
}

/** The sum of both lanes. */
// @ts-ignore: decorator
@inline
export function both(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}
