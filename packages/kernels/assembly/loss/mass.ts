// What a target puts on class k: a_k = w_k ((1 - s) q_k + s / C). A class index y (q = 0, no pointer) puts q = 1 on y.
import { loadPair } from './pair';

/** Weight of one class; 1 without a table. */
// @ts-ignore: decorator
@inline
export function weightOf(weights: usize, k: usize): f64 {
  return weights == 0 ? 1.0 : load<f64>(weights + (k << 3));
}

/** a_k. */
// @ts-ignore: decorator
@inline
export function massOf<T>(q: usize, y: i32, weights: usize, k: usize, keep: f64, share: f64): f64 {
  const own: f64 = q == 0 ? (<i32>k == y ? keep : 0.0) : keep * <f64>load<T>(q + k * sizeof<T>());
  return (own + share) * weightOf(weights, k);
}

/** a_k and a_k+1 of probability targets; of a class index without its own class. */
// @ts-ignore: decorator
@inline
export function massPair<T>(q: usize, weights: usize, k: usize, keep: f64, share: f64): v128 {
  let a = f64x2.splat(share);
  if (q != 0) a = f64x2.add(f64x2.mul(loadPair<T>(q + k * sizeof<T>()), f64x2.splat(keep)), a);
  if (weights != 0) a = f64x2.mul(a, v128.load(weights + (k << 3)));
  return a;
}
