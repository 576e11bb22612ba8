// Rows of a prediction against a target, two at a time in float64, whatever the columns' type: the skeleton of the losses in margin.ts,
// focal.ts and brier.ts. A last odd row runs through the same instructions.
import { SIGN_F64, c64 } from '../link/table';
import { loadOne, loadPair } from './pair';

/** The rows at `at` and `at + 1`, or the last of an odd number beside itself. */
// @ts-ignore: decorator
@inline
export function rowsAt<T>(column: usize, i: usize, n: usize): v128 {
  const at = column + i * sizeof<T>();
  return i + 1 < n ? loadPair<T>(at) : loadOne<T>(at, f64x2.splat(0.0));
}

/** Stores one or two float64 lanes. */
// @ts-ignore: decorator
@inline
export function storeRows(out: usize, i: usize, n: usize, value: v128): void {
  if (i + 1 < n) v128.store(out + (i << 3), value);
  else v128.store64_lane(out + (i << 3), value, 0);
}

/** Stores one or two float64 lanes as type T, rounded once. */
// @ts-ignore: decorator
@inline
export function storeSlopes<T>(g: usize, i: usize, n: usize, value: v128): void {
  const at = g + i * sizeof<T>();
  if (sizeof<T>() == 8) storeRows(g, i, n, value);
  else if (i + 1 < n) v128.store64_lane(at, f32x4.demote_f64x2_zero(value), 0);
  else v128.store32_lane(at, f32x4.demote_f64x2_zero(value), 0);
}

/** All bits where the target is the positive class. */
// @ts-ignore: decorator
@inline
export function isPositive(y: v128): v128 {
  return f64x2.gt(y, f64x2.splat(0.0));
}

/** x where the target is positive, else -x. */
// @ts-ignore: decorator
@inline
export function signed(x: v128, positive: v128): v128 {
  return v128.xor(x, v128.andnot(c64(SIGN_F64), positive));
}
