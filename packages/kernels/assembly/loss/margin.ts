// Losses of a score z against a sign s, +1 where the target is above 0 and else -1, by the margin u = s z. Always computed in float64.
import { exp_f64x2 } from '../link/exp';
import { c64, ONE, SIGN_F64 } from '../link/table';
import { bce_logits_f32, bce_logits_f64 } from './bce-logits';
import { bce_logits_gradient_f32, bce_logits_gradient_f64 } from './bce-logits-gradient';
import { loadPair, storePair } from './pair';
import { isPositive, rowsAt, signed, storeRows, storeSlopes } from './pairs';

const HINGE: i32 = 0;
const SQUARED_HINGE: i32 = 1;
const EXPONENTIAL: i32 = 2;

// @ts-ignore: decorator
@inline
function loss(kind: i32, z: v128, y: v128): v128 {
  const u = signed(z, isPositive(y));
  if (kind == EXPONENTIAL) return exp_f64x2(v128.xor(u, c64(SIGN_F64)));
  const short = f64x2.pmax(f64x2.sub(c64(ONE), u), f64x2.splat(0.0));
  return kind == HINGE ? short : f64x2.mul(short, short);
}

// @ts-ignore: decorator
@inline
function slope(kind: i32, z: v128, y: v128): v128 {
  const positive = isPositive(y);
  const u = signed(z, positive);
  const zero = f64x2.splat(0.0);
  const sign = c64(SIGN_F64);
  // -s times the derivative by -u.
  if (kind == EXPONENTIAL) return v128.xor(signed(exp_f64x2(v128.xor(u, sign)), positive), sign);
  const short = f64x2.pmax(f64x2.sub(c64(ONE), u), zero);
  const size = kind == HINGE ? v128.and(c64(ONE), f64x2.gt(short, zero)) : f64x2.add(short, short);
  return f64x2.sub(zero, signed(size, positive));
}

// @ts-ignore: decorator
@inline
function run<T>(kind: i32, z: usize, y: usize, n: i32, out: usize): void {
  let i: usize = 0;
  for (const end = <usize>n & ~3; i < end; i += 4) {
    const at = i * sizeof<T>();
    const low = loss(kind, loadPair<T>(z + at), loadPair<T>(y + at));
    const high = loss(kind, loadPair<T>(z + at + 2 * sizeof<T>()), loadPair<T>(y + at + 2 * sizeof<T>()));
    v128.store(out + (i << 3), low);
    v128.store(out + (i << 3), high, 16);
  }
  for (; i < <usize>n; i += 2) {
    storeRows(out, i, <usize>n, loss(kind, rowsAt<T>(z, i, <usize>n), rowsAt<T>(y, i, <usize>n)));
  }
}

// @ts-ignore: decorator
@inline
function runGradient<T>(kind: i32, z: usize, y: usize, n: i32, g: usize): void {
  let i: usize = 0;
  for (const end = <usize>n & ~3; i < end; i += 4) {
    const at = i * sizeof<T>();
    const low = slope(kind, loadPair<T>(z + at), loadPair<T>(y + at));
    const high = slope(kind, loadPair<T>(z + at + 2 * sizeof<T>()), loadPair<T>(y + at + 2 * sizeof<T>()));
    storePair<T>(g + at, low);
    storePair<T>(g + at + 2 * sizeof<T>(), high);
  }
  for (; i < <usize>n; i += 2) {
    storeSlopes<T>(g, i, <usize>n, slope(kind, rowsAt<T>(z, i, <usize>n), rowsAt<T>(y, i, <usize>n)));
  }
}

/** max(0, 1 - s z) */
export function hinge_f32(z: usize, y: usize, n: i32, out: usize): void {
  run<f32>(HINGE, z, y, n, out);
}

/** max(0, 1 - s z) */
export function hinge_f64(z: usize, y: usize, n: i32, out: usize): void {
  run<f64>(HINGE, z, y, n, out);
}

/** -s where s z < 1, else 0. */
export function hinge_gradient_f32(z: usize, y: usize, n: i32, g: usize): void {
  runGradient<f32>(HINGE, z, y, n, g);
}

/** -s where s z < 1, else 0. */
export function hinge_gradient_f64(z: usize, y: usize, n: i32, g: usize): void {
  runGradient<f64>(HINGE, z, y, n, g);
}

/** max(0, 1 - s z)^2 */
export function squared_hinge_f32(z: usize, y: usize, n: i32, out: usize): void {
  run<f32>(SQUARED_HINGE, z, y, n, out);
}

/** max(0, 1 - s z)^2 */
export function squared_hinge_f64(z: usize, y: usize, n: i32, out: usize): void {
  run<f64>(SQUARED_HINGE, z, y, n, out);
}

/** -2 s max(0, 1 - s z) */
export function squared_hinge_gradient_f32(z: usize, y: usize, n: i32, g: usize): void {
  runGradient<f32>(SQUARED_HINGE, z, y, n, g);
}

/** -2 s max(0, 1 - s z) */
export function squared_hinge_gradient_f64(z: usize, y: usize, n: i32, g: usize): void {
  runGradient<f64>(SQUARED_HINGE, z, y, n, g);
}

/** e^(-s z) */
export function exponential_f64(z: usize, y: usize, n: i32, out: usize): void {
  run<f64>(EXPONENTIAL, z, y, n, out);
}

/** -s e^(-s z) */
export function exponential_gradient_f64(z: usize, y: usize, n: i32, g: usize): void {
  runGradient<f64>(EXPONENTIAL, z, y, n, g);
}

/** Labels of one run of rows: targets of -1 become 0. */
const RUN: usize = 256;
const LABELS = memory.data(2048, 16);

/** Writes `count` targets to LABELS, those below 0 as 0. */
// @ts-ignore: decorator
@inline
function label<T>(y: usize, count: usize): void {
  const bytes = count * sizeof<T>();
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) {
    const value = v128.load(y + at);
    const zero = i64x2.splat(0);
    v128.store(LABELS + at, sizeof<T>() == 4 ? f32x4.pmax(value, zero) : f64x2.pmax(value, zero));
  }
  for (; at < bytes; at += sizeof<T>()) {
    const value = load<T>(y + at);
    store<T>(LABELS + at, value < <T>0 ? <T>0 : value);
  }
}

/** log(1 + e^(-s z)): binary cross-entropy of a logit. */
export function soft_margin_f32(z: usize, y: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i += RUN) {
    const count = min(RUN, <usize>n - i);
    label<f32>(y + (i << 2), count);
    bce_logits_f32(z + (i << 2), LABELS, <i32>count, 1.0, 0.0, out + (i << 3));
  }
}

/** log(1 + e^(-s z)): binary cross-entropy of a logit. */
export function soft_margin_f64(z: usize, y: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i += RUN) {
    const count = min(RUN, <usize>n - i);
    label<f64>(y + (i << 3), count);
    bce_logits_f64(z + (i << 3), LABELS, <i32>count, 1.0, 0.0, out + (i << 3));
  }
}

/** -s / (1 + e^(s z)) */
export function soft_margin_gradient_f32(z: usize, y: usize, n: i32, g: usize): void {
  for (let i: usize = 0; i < <usize>n; i += RUN) {
    const count = min(RUN, <usize>n - i);
    label<f32>(y + (i << 2), count);
    bce_logits_gradient_f32(z + (i << 2), LABELS, <i32>count, 1.0, 0.0, g + (i << 2));
  }
}

/** -s / (1 + e^(s z)) */
export function soft_margin_gradient_f64(z: usize, y: usize, n: i32, g: usize): void {
  for (let i: usize = 0; i < <usize>n; i += RUN) {
    const count = min(RUN, <usize>n - i);
    label<f64>(y + (i << 3), count);
    bce_logits_gradient_f64(z + (i << 3), LABELS, <i32>count, 1.0, 0.0, g + (i << 3));
  }
}
