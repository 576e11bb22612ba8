// Two rows at a time in float64, whatever the columns' type; a tail of up to three rows is staged and runs through the same instructions.
import { loadPair } from '../loss/pair';
import { FIRST, RESULT, SECOND, stage } from '../scratch';

/** p - y of two rows, rounded once in type T. */
// @ts-ignore: decorator
@inline
export function loadError<T>(p: usize, y: usize): v128 {
  if (sizeof<T>() == 8) return f64x2.sub(v128.load(p), v128.load(y));
  return f64x2.promote_low_f32x4(f32x4.sub(v128.load64_zero(p), v128.load64_zero(y)));
}

/** Rows that go four at a time. */
// @ts-ignore: decorator
@inline
export function whole(n: i32): usize {
  return <usize>n & ~3;
}

/** Brings the last rows to FIRST and SECOND. */
// @ts-ignore: decorator
@inline
export function stageTail<T>(p: usize, y: usize, n: i32): void {
  const from = whole(n) * sizeof<T>();
  stage(p + from, y + from, (<usize>n & 3) * sizeof<T>());
}

/** Brings what was made of them from RESULT to where it belongs; U is the result's type. */
// @ts-ignore: decorator
@inline
export function unstageTail<U>(out: usize, n: i32): void {
  memory.copy(out + whole(n) * sizeof<U>(), RESULT, (<usize>n & 3) * sizeof<U>());
}

export { FIRST, loadPair, RESULT, SECOND };
