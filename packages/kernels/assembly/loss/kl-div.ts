// value = sum of q_k (log q_k - lp_k), 0 where q_k = 0. The target holds q or, with log_target, log q. Always computed in float64.
import { expScaled_f64x2 } from '../link/exp';
import { log_f64x2 } from '../link/log';
import { c64, EXP_UNSCALE } from '../link/table';
import { both, classPair, storeClasses } from './class-pairs';
import { FINITE, rowMax, rowState, UNDEFINED } from './row';
import { complement, storeRow, zeroRow } from './row-gradient';
import { distance, excess } from './row-loss';
import { scan_f64 } from './scan-f64';

const LOG_PROBABILITIES: i32 = 0;
const PROBABILITIES: i32 = 1;
const LOGITS: i32 = 2;

/** q of a target. */
// @ts-ignore: decorator
@inline
function massOf(t: v128, logTarget: bool): v128 {
  return logTarget ? f64x2.mul(expScaled_f64x2(t), c64(EXP_UNSCALE)) : t;
}

/** q (log q - lp) of two classes, lp = -gap. */
// @ts-ignore: decorator
@inline
function term(t: v128, gap: v128, logTarget: bool): v128 {
  const q = massOf(t, logTarget);
  const log = logTarget ? t : log_f64x2(t);
  return v128.andnot(f64x2.mul(q, f64x2.add(log, gap)), f64x2.eq(q, f64x2.splat(0.0)));
}

/** The term of one class in a row that is not finite, or of the last of an odd number. */
// @ts-ignore: decorator
@inline
function single<T>(q: usize, k: usize, gap: f64, logTarget: bool): f64 {
  const t = f64x2.splat(<f64>load<T>(q + k * sizeof<T>()));
  return f64x2.extract_lane(term(t, f64x2.splat(gap), logTarget), 0);
}

/** -lp of classes k and k + 1. */
// @ts-ignore: decorator
@inline
function gaps<T>(kind: i32, x: usize, k: usize, C: usize, log: v128, m: v128): v128 {
  const value = classPair<T>(x, k, C);
  if (kind == LOGITS) return f64x2.add(log, f64x2.sub(m, value));
  return f64x2.sub(f64x2.splat(0.0), kind == PROBABILITIES ? log_f64x2(value) : value);
}

function lossOfRow<T>(kind: i32, x: usize, q: usize, C: usize, logTarget: bool): f64 {
  let log: f64 = 0;
  let m: f64 = 0;
  if (kind == LOGITS) {
    scan_f64<T>(x, <i32>C);
    log = excess();
    m = rowMax;
    if (rowState != FINITE) {
      let loss: f64 = 0;
      for (let k: usize = 0; k < C; k++) loss += single<T>(q, k, distance(<f64>load<T>(x + k * sizeof<T>()), log), logTarget);
      return loss;
    }
  }
  let sum = f64x2.splat(0.0);
  const whole = C & ~1;
  const logs = f64x2.splat(log);
  const top = f64x2.splat(m);
  let k: usize = 0;
  // Four logarithms at a time, which the processor overlaps; added up in the order of the classes all the same.
  for (; k + 4 <= whole; k += 4) {
    const low = term(classPair<T>(q, k, whole), gaps<T>(kind, x, k, whole, logs, top), logTarget);
    const high = term(classPair<T>(q, k + 2, whole), gaps<T>(kind, x, k + 2, whole, logs, top), logTarget);
    sum = f64x2.add(f64x2.add(sum, low), high);
  }
  if (k < whole) sum = f64x2.add(sum, term(classPair<T>(q, k, whole), gaps<T>(kind, x, k, whole, logs, top), logTarget));
  if (whole == C) return both(sum);
  const gap = gaps<T>(kind, x, whole, C, f64x2.splat(log), f64x2.splat(m));
  return both(sum) + single<T>(q, whole, f64x2.extract_lane(gap, 0), logTarget);
}

/** q_k of one class. */
// @ts-ignore: decorator
@inline
function mass<T>(q: usize, k: usize, logTarget: bool): f64 {
  return f64x2.extract_lane(massOf(f64x2.splat(<f64>load<T>(q + k * sizeof<T>())), logTarget), 0);
}

/** d / dz_k = p_k (sum of the other q) - q_k (sum of the other p). */
function slopesOfLogits<T>(z: usize, q: usize, C: usize, logTarget: bool, g: usize): void {
  let most: f64 = 0;
  let rest: f64 = 0;
  for (let k: usize = 0; k < C; k++) {
    const a = mass<T>(q, k, logTarget);
    rest += min(a, most);
    most = max(a, most);
  }
  if (most == 0.0) {
    zeroRow<T>(g, <i32>C);
    return;
  }
  storeRow<T>(z, <i32>C, g);
  if (rowState == UNDEFINED) return;
  let found = false;
  for (let k: usize = 0; k < C; k++) {
    const at = k * sizeof<T>();
    const a = mass<T>(q, k, logTarget);
    const p = <f64>load<T>(g + at);
    const first = !found && a == most;
    const left = first ? rest : most + (rest - a);
    found = found || first;
    store<T>(g + at, <T>(p * left - a * complement(<f64>load<T>(z + at), p)));
  }
}

/** -q_k by a log-probability, -q_k / p_k by a probability; 0 where q_k = 0. */
function slopesOfRow<T>(kind: i32, x: usize, q: usize, C: usize, logTarget: bool, g: usize): void {
  const zero = f64x2.splat(0.0);
  for (let k: usize = 0; k < C; k += 2) {
    const a = massOf(classPair<T>(q, k, C), logTarget);
    let slope = f64x2.sub(zero, a);
    if (kind == PROBABILITIES) slope = v128.andnot(f64x2.div(slope, classPair<T>(x, k, C)), f64x2.eq(a, zero));
    storeClasses<T>(g, k, C, slope);
  }
}

// @ts-ignore: decorator
@inline
function run<T>(kind: i32, x: usize, q: usize, rows: i32, C: i32, log_target: i32, out: usize): void {
  const stride = <usize>C * sizeof<T>();
  for (let i: usize = 0; i < <usize>rows; i++) {
    store<f64>(out + (i << 3), lossOfRow<T>(kind, x + i * stride, q + i * stride, <usize>C, log_target != 0));
  }
}

// @ts-ignore: decorator
@inline
function runGradient<T>(kind: i32, x: usize, q: usize, rows: i32, C: i32, log_target: i32, g: usize): void {
  const stride = <usize>C * sizeof<T>();
  for (let at: usize = 0; at < <usize>rows * stride; at += stride) {
    if (kind == LOGITS) slopesOfLogits<T>(x + at, q + at, <usize>C, log_target != 0, g + at);
    else slopesOfRow<T>(kind, x + at, q + at, <usize>C, log_target != 0, g + at);
  }
}

/** Log-probabilities against probabilities. */
export function kl_div_log_probabilities_f32(x: usize, q: usize, rows: i32, C: i32, log_target: i32, out: usize): void {
  run<f32>(LOG_PROBABILITIES, x, q, rows, C, log_target, out);
}

/** Log-probabilities against probabilities. */
export function kl_div_log_probabilities_f64(x: usize, q: usize, rows: i32, C: i32, log_target: i32, out: usize): void {
  run<f64>(LOG_PROBABILITIES, x, q, rows, C, log_target, out);
}

/** Probabilities against probabilities. */
export function kl_div_probabilities_f32(x: usize, q: usize, rows: i32, C: i32, log_target: i32, out: usize): void {
  run<f32>(PROBABILITIES, x, q, rows, C, log_target, out);
}

/** Probabilities against probabilities. */
export function kl_div_probabilities_f64(x: usize, q: usize, rows: i32, C: i32, log_target: i32, out: usize): void {
  run<f64>(PROBABILITIES, x, q, rows, C, log_target, out);
}

/** Logits against probabilities. */
export function kl_div_logits_f32(x: usize, q: usize, rows: i32, C: i32, log_target: i32, out: usize): void {
  run<f32>(LOGITS, x, q, rows, C, log_target, out);
}

/** Logits against probabilities. */
export function kl_div_logits_f64(x: usize, q: usize, rows: i32, C: i32, log_target: i32, out: usize): void {
  run<f64>(LOGITS, x, q, rows, C, log_target, out);
}

/** Gradient by the log-probabilities. */
export function kl_div_log_probabilities_gradient_f32(x: usize, q: usize, rows: i32, C: i32, log_target: i32, g: usize): void {
  runGradient<f32>(LOG_PROBABILITIES, x, q, rows, C, log_target, g);
}

/** Gradient by the log-probabilities. */
export function kl_div_log_probabilities_gradient_f64(x: usize, q: usize, rows: i32, C: i32, log_target: i32, g: usize): void {
  runGradient<f64>(LOG_PROBABILITIES, x, q, rows, C, log_target, g);
}

/** Gradient by the probabilities. */
export function kl_div_probabilities_gradient_f32(x: usize, q: usize, rows: i32, C: i32, log_target: i32, g: usize): void {
  runGradient<f32>(PROBABILITIES, x, q, rows, C, log_target, g);
}

/** Gradient by the probabilities. */
export function kl_div_probabilities_gradient_f64(x: usize, q: usize, rows: i32, C: i32, log_target: i32, g: usize): void {
  runGradient<f64>(PROBABILITIES, x, q, rows, C, log_target, g);
}

/** Gradient by the logits. */
export function kl_div_logits_gradient_f32(x: usize, q: usize, rows: i32, C: i32, log_target: i32, g: usize): void {
  runGradient<f32>(LOGITS, x, q, rows, C, log_target, g);
}

/** Gradient by the logits. */
export function kl_div_logits_gradient_f64(x: usize, q: usize, rows: i32, C: i32, log_target: i32, g: usize): void {
  runGradient<f64>(LOGITS, x, q, rows, C, log_target, g);
}
