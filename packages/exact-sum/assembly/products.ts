import { addExactProduct } from './accumulator';
import { MAGNITUDE, MINUS_ONE } from './constants';
import { addBlock, BLOCK } from './window';

/** 2^27 + 1 */
const SPLITTERS: usize = memory.data<f64>([134217729, 134217729], 16);
/** Exponent fields of 2^-400 and 2^400: between them neither the products, their errors nor the splits leave float64's range. */
const LOWEST_FIELD: u32 = 1023 - 400;
const HIGHEST_FIELD: u32 = 1023 + 400;

const PRODUCTS = memory.data(8192, 16);
const ERRORS = memory.data(8192, 16);

/** Adds the exact real products w[i] * x[i] of n float64 pairs to the accumulator. */
export function exact_add_products_f64(acc: usize, w: usize, x: usize, n: i32): void {
  for (let i: i32 = 0; i < n; i += BLOCK) {
    const at = <usize>i << 3;
    addProductBlock(acc, w + at, x + at, min(BLOCK, n - i));
  }
}

function addProductBlock(acc: usize, w: usize, x: usize, n: i32): void {
  const even = n & ~3;
  if (!isPlain(w, even) || !isPlain(x, even)) {
    addEachProduct(acc, w, x, n);
    return;
  }
  const errors = splitProducts(w, x, even);
  addBlock(acc, PRODUCTS, even);
  if (errors) addBlock(acc, ERRORS, even);
  const at = <usize>even << 3;
  addEachProduct(acc, w + at, x + at, n - even);
}

function addEachProduct(acc: usize, w: usize, x: usize, n: i32): void {
  for (let i: i32 = 0; i < n; i++) {
    const at = <usize>i << 3;
    addExactProduct(acc, load<f64>(w + at), load<f64>(x + at));
  }
}

/** Is every value zero or of an exponent that products can be split at? */
function isPlain(x: usize, n: i32): bool {
  const minusOne = v128.load(MINUS_ONE);
  let largest = i64x2.splat(0);
  let smallest = i64x2.splat(-1);
  const end = x + (<usize>n << 3);
  for (; x < end; x += 16) {
    const value = v128.load(x);
    const bits = i64x2.add(value, value);
    largest = i32x4.max_u(largest, bits);
    smallest = i32x4.min_u(smallest, i64x2.add(bits, minusOne));
  }
  const top = max(<u32>i32x4.extract_lane(largest, 1), <u32>i32x4.extract_lane(largest, 3)) >> 21;
  const bottom = min(<u32>i32x4.extract_lane(smallest, 1), <u32>i32x4.extract_lane(smallest, 3)) >> 21;
  return top <= HIGHEST_FIELD && bottom >= LOWEST_FIELD;
}

/** Writes rounded products and their rounding errors (Dekker 1971, Veltkamp's split); is any error not 0? */
function splitProducts(w: usize, x: usize, n: i32): bool {
  const splitter = v128.load(SPLITTERS);
  const magnitude = v128.load(MAGNITUDE);
  let errors = i64x2.splat(0);
  const bytes = <usize>n << 3;
  for (let at: usize = 0; at < bytes; at += 16) {
    const a = v128.load(w + at);
    const b = v128.load(x + at);
    const product = f64x2.mul(a, b);
    const ca = f64x2.mul(splitter, a);
    const ah = f64x2.sub(ca, f64x2.sub(ca, a));
    const al = f64x2.sub(a, ah);
    const cb = f64x2.mul(splitter, b);
    const bh = f64x2.sub(cb, f64x2.sub(cb, b));
    const bl = f64x2.sub(b, bh);
    const rest = f64x2.sub(f64x2.sub(f64x2.sub(product, f64x2.mul(ah, bh)), f64x2.mul(al, bh)), f64x2.mul(ah, bl));
    const error = f64x2.sub(f64x2.mul(al, bl), rest);
    v128.store(PRODUCTS + at, product);
    v128.store(ERRORS + at, error);
    errors = v128.or(errors, v128.and(error, magnitude));
  }
  return v128.any_true(errors);
}
