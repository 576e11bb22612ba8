import { exponentOf, powerOfTwo } from './float-bits.js';

const SPLITTER = 2 ** 27 + 1;
const SMALLEST = 2 ** -400;
const LARGEST = 2 ** 400;
const SMALLEST_NORMAL = 2 ** -1022;

/** Are a and b such that neither their product, its rounding error, nor the splits inside `productError` leave float64's range? */
export function isPlainProduct(a: number, b: number): boolean {
  const x = Math.abs(a);
  const y = Math.abs(b);
  return x >= SMALLEST && x <= LARGEST && y >= SMALLEST && y <= LARGEST;
}

/** a * b - product exactly, where product = fl(a * b) (Dekker 1971, with Veltkamp's splitting). */
export function productError(a: number, b: number, product: number): number {
  const ca = SPLITTER * a;
  const ah = ca - (ca - a);
  const al = a - ah;
  const cb = SPLITTER * b;
  const bh = cb - (cb - b);
  const bl = b - bh;
  return al * bl - (product - ah * bh - al * bh - ah * bl);
}

/** x = mantissa * 2^exponent with 1 <= |mantissa| < 2, for any finite x but 0. */
export function toMantissa(x: number): { mantissa: number; exponent: number } {
  const lift = Math.abs(x) < SMALLEST_NORMAL ? 64 : 0;
  const normal = x * powerOfTwo(lift);
  const exponent = exponentOf(normal);
  // In two halves: 2^-exponent itself is not a float64 at the ends of the range.
  const half = exponent >> 1;
  return { mantissa: normal * powerOfTwo(-half) * powerOfTwo(half - exponent), exponent: exponent - lift };
}
