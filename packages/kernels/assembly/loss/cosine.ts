// value = 1 - <u, v> of the unit vectors u = a/|a|, v = b/|b|: |u - v|^2 / 2 up to a right angle and 2 - |u + v|^2 / 2 beyond, which keep their
// digits where the vectors are parallel. Norms below epsilon are raised to it; without epsilon a zero vector has no direction: NaN.
// Always computed in float64; vectors whose squares might leave its range are scaled first.
import { both, classPair, storeClasses } from './class-pairs';

const LEAST: f64 = 1e-200;
const MOST: f64 = 1e200;

/** Of the vector just measured: u_k = (a_k / scale) inverse, and whether its norm was raised. */
let scale: f64 = 1;
let inverse: f64 = 1;
let raised: bool = false;

/** Greatest |x_k|; NaN where one is NaN or infinite. */
function extent<T>(x: usize, D: usize): f64 {
  let most: f64 = 0;
  for (let k: usize = 0; k < D; k++) {
    const size = abs(<f64>load<T>(x + k * sizeof<T>()));
    if (!(size < Infinity)) return NaN;
    most = max(most, size);
  }
  return most;
}

/** Sum of (x_k / divisor)^2. */
function scaledSquares<T>(x: usize, D: usize, divisor: f64): f64 {
  let sum = f64x2.splat(0.0);
  for (let k: usize = 0; k < D; k += 2) {
    const v = f64x2.div(classPair<T>(x, k, D), f64x2.splat(divisor));
    sum = f64x2.add(sum, f64x2.mul(v, v));
  }
  return both(sum);
}

/** Finds scale and inverse of a vector from the sum of its squares. */
function measure<T>(x: usize, D: usize, squares: f64, epsilon: f64): void {
  scale = 1;
  let length = sqrt(squares);
  if (!(squares > LEAST && squares < MOST)) {
    scale = extent<T>(x, D);
    length = scale == 0.0 ? 0.0 : sqrt(scaledSquares<T>(x, D, scale));
  }
  raised = scale * length < epsilon;
  inverse = raised ? 1.0 : 1.0 / length;
  if (raised) scale = epsilon;
  else if (length == 0.0) inverse = NaN;
}

/** Entries k and k + 1 of a unit vector. */
// @ts-ignore: decorator
@inline
function unit<T>(x: usize, k: usize, D: usize, divisor: f64, factor: f64): v128 {
  const v = classPair<T>(x, k, D);
  return f64x2.mul(divisor == 1.0 ? v : f64x2.div(v, f64x2.splat(divisor)), f64x2.splat(factor));
}

/** Of the row just settled. */
let scaleA: f64 = 1;
let scaleB: f64 = 1;
let inverseA: f64 = 1;
let inverseB: f64 = 1;
let raisedA: bool = false;
let raisedAny: bool = false;
/** <u, v>, to be trusted in its sign only unless a norm was raised. */
let cosine: f64 = 0;
/** |u - v|^2 / 2, or |u + v|^2 / 2 where `cosine` is not positive. */
let half: f64 = 0;

/** Sum of the products of the unit vectors' entries. */
function unitProducts<T>(a: usize, b: usize, D: usize): f64 {
  let sum = f64x2.splat(0.0);
  for (let k: usize = 0; k < D; k += 2) {
    const u = unit<T>(a, k, D, scaleA, inverseA);
    sum = f64x2.add(sum, f64x2.mul(u, unit<T>(b, k, D, scaleB, inverseB)));
  }
  return both(sum);
}

function settle<T>(a: usize, b: usize, D: usize, epsilon: f64): void {
  let products = f64x2.splat(0.0);
  let aa = f64x2.splat(0.0);
  let bb = f64x2.splat(0.0);
  for (let k: usize = 0; k < D; k += 2) {
    const x = classPair<T>(a, k, D);
    const y = classPair<T>(b, k, D);
    products = f64x2.add(products, f64x2.mul(x, y));
    aa = f64x2.add(aa, f64x2.mul(x, x));
    bb = f64x2.add(bb, f64x2.mul(y, y));
  }
  measure<T>(a, D, both(aa), epsilon);
  scaleA = scale;
  inverseA = inverse;
  raisedA = raised;
  measure<T>(b, D, both(bb), epsilon);
  scaleB = scale;
  inverseB = inverse;
  raisedAny = raised || raisedA;
  cosine = scaleA == 1.0 && scaleB == 1.0 ? both(products) : unitProducts<T>(a, b, D);
  if (raisedAny) {
    cosine = unitProducts<T>(a, b, D);
    return;
  }
  const turn = f64x2.splat(cosine >= 0.0 ? 1.0 : -1.0);
  half = 0.5 * (scaleA == 1.0 && scaleB == 1.0 ? plainSquares<T>(a, b, D, turn) : unitSquares<T>(a, b, D, turn));
}

/** Sum of (u_k - turn v_k)^2 of vectors that need no scale. */
// @ts-ignore: decorator
@inline
function plainSquares<T>(a: usize, b: usize, D: usize, turn: v128): f64 {
  const first = f64x2.splat(inverseA);
  const second = f64x2.splat(inverseB);
  let sum = f64x2.splat(0.0);
  for (let k: usize = 0; k < D; k += 2) {
    const u = f64x2.mul(classPair<T>(a, k, D), first);
    const d = f64x2.sub(u, f64x2.mul(turn, f64x2.mul(classPair<T>(b, k, D), second)));
    sum = f64x2.add(sum, f64x2.mul(d, d));
  }
  return both(sum);
}

function unitSquares<T>(a: usize, b: usize, D: usize, turn: v128): f64 {
  let sum = f64x2.splat(0.0);
  for (let k: usize = 0; k < D; k += 2) {
    const u = unit<T>(a, k, D, scaleA, inverseA);
    const d = f64x2.sub(u, f64x2.mul(turn, unit<T>(b, k, D, scaleB, inverseB)));
    sum = f64x2.add(sum, f64x2.mul(d, d));
  }
  return both(sum);
}

/** -(v - cos u) / |a|, or -v / |a| where |a| was raised. */
function slopes<T>(a: usize, b: usize, D: usize, g: usize): void {
  const plain = raisedAny;
  const turn = f64x2.splat(plain ? 0.0 : cosine >= 0.0 ? 1.0 : -1.0);
  const pull = f64x2.splat(plain ? (raisedA ? 0.0 : cosine) : half);
  for (let k: usize = 0; k < D; k += 2) {
    const u = unit<T>(a, k, D, scaleA, inverseA);
    const v = unit<T>(b, k, D, scaleB, inverseB);
    const along = f64x2.mul(pull, u);
    const slope = plain
      ? f64x2.sub(along, v)
      : f64x2.mul(turn, f64x2.sub(f64x2.sub(u, f64x2.mul(turn, v)), along));
    storeClasses<T>(g, k, D, f64x2.div(f64x2.mul(slope, f64x2.splat(inverseA)), f64x2.splat(scaleA)));
  }
}

// @ts-ignore: decorator
@inline
function run<T>(a: usize, b: usize, rows: i32, D: i32, epsilon: f64, out: usize): void {
  const stride = <usize>D * sizeof<T>();
  for (let i: usize = 0; i < <usize>rows; i++) {
    settle<T>(a + i * stride, b + i * stride, <usize>D, epsilon);
    let loss = half;
    if (raisedAny) loss = 1.0 - cosine;
    else if (!(cosine >= 0.0)) loss = 2.0 - half;
    store<f64>(out + (i << 3), loss);
  }
}

// @ts-ignore: decorator
@inline
function runGradient<T>(a: usize, b: usize, rows: i32, D: i32, epsilon: f64, g: usize): void {
  const stride = <usize>D * sizeof<T>();
  for (let at: usize = 0; at < <usize>rows * stride; at += stride) {
    settle<T>(a + at, b + at, <usize>D, epsilon);
    slopes<T>(a + at, b + at, <usize>D, g + at);
  }
}

/** Cosine distance of rows of D numbers. */
export function cosine_f32(a: usize, b: usize, rows: i32, D: i32, epsilon: f64, out: usize): void {
  run<f32>(a, b, rows, D, epsilon, out);
}

/** Cosine distance of rows of D numbers. */
export function cosine_f64(a: usize, b: usize, rows: i32, D: i32, epsilon: f64, out: usize): void {
  run<f64>(a, b, rows, D, epsilon, out);
}

/** Gradient of cosine_f32 by a. */
export function cosine_gradient_f32(a: usize, b: usize, rows: i32, D: i32, epsilon: f64, g: usize): void {
  runGradient<f32>(a, b, rows, D, epsilon, g);
}

/** Gradient of cosine_f64 by a. */
export function cosine_gradient_f64(a: usize, b: usize, rows: i32, D: i32, epsilon: f64, g: usize): void {
  runGradient<f64>(a, b, rows, D, epsilon, g);
}
