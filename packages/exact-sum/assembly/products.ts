import { addExactProduct, ERRORS_WINDOW, PRODUCTS_WINDOW } from './accumulator';
import { MINUS_ONE } from './constants';
import { addBlock, BLOCK } from './window';

/** 2^27 + 1 */
const SPLITTERS: usize = memory.data<f64>([134217729, 134217729], 16);
/** Exponent fields of 2^-400 and 2^400: between them neither the products, their errors nor the splits leave float64's range. */
const LOWEST_FIELD: u32 = 1023 - 400;
const HIGHEST_FIELD: u32 = 1023 + 400;

const EXACT: i32 = 0;
const INEXACT: i32 = 1;
const OUT_OF_RANGE: i32 = 2;

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
  const body = n & ~3;
  const found = splitProducts(w, x, body);
  if (found == OUT_OF_RANGE) {
    addEachProduct(acc, w, x, n);
    return;
  }
  addBlock(acc, PRODUCTS, body, acc + PRODUCTS_WINDOW, 0);
  if (found == INEXACT) addBlock(acc, ERRORS, body, acc + ERRORS_WINDOW, 0);
  const at = <usize>body << 3;
  addEachProduct(acc, w + at, x + at, n - body);
}

function addEachProduct(acc: usize, w: usize, x: usize, n: i32): void {
  for (let i: i32 = 0; i < n; i++) {
    const at = <usize>i << 3;
    addExactProduct(acc, load<f64>(w + at), load<f64>(x + at));
  }
}

/** Writes rounded products and their rounding errors (Dekker 1971, Veltkamp's split), and says whether they are and are needed. */
function splitProducts(w: usize, x: usize, n: i32): i32 {
  const splitter = v128.load(SPLITTERS);
  const minusOne = v128.load(MINUS_ONE);
  let errors = i64x2.splat(0);
  let largest = i64x2.splat(0);
  let smallest = i64x2.splat(-1);
  const bytes = <usize>n << 3;
  for (let at: usize = 0; at < bytes; at += 16) {
    const a = v128.load(w + at);
    const b = v128.load(x + at);
    const bitsA = i64x2.add(a, a);
    const bitsB = i64x2.add(b, b);
    largest = i32x4.max_u(largest, i32x4.max_u(bitsA, bitsB));
    smallest = i32x4.min_u(smallest, i32x4.min_u(i64x2.add(bitsA, minusOne), i64x2.add(bitsB, minusOne)));
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
    errors = v128.or(errors, i64x2.add(error, error));
  }
  if (!isPlain(largest, smallest)) return OUT_OF_RANGE;
  return v128.any_true(errors) ? INEXACT : EXACT;
}

/** Zeros apart, are all exponents such that products can be split? Of doubled bits, the smallest less 1. */
// @ts-ignore: decorator
@inline
function isPlain(largest: v128, smallest: v128): bool {
  const top = max(<u32>i32x4.extract_lane(largest, 1), <u32>i32x4.extract_lane(largest, 3)) >> 21;
  const bottom = min(<u32>i32x4.extract_lane(smallest, 1), <u32>i32x4.extract_lane(smallest, 3)) >> 21;
  return top <= HIGHEST_FIELD && bottom >= LOWEST_FIELD;
}
