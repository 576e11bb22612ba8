// Losses of an error. float32: e = float32(p - y), then in float64, log_cosh and pseudo_huber in float32 steps where these are safe.
import { FIRST, loadError, RESULT, SECOND, stageTail, unstageTail, whole } from './column';
import { errorLoss, EXPECTILE, LOG_COSH, PSEUDO_HUBER, QUANTILE, SMOOTH_L1 } from './residual-losses';
import { residualSingles } from './singles';

/** 2^-20 and 2^20: deltas of float32 steps. */
const SMALLEST_DELTA: f64 = 9.5367431640625e-7;
const LARGEST_DELTA: f64 = 1048576.0;

// @ts-ignore: decorator
@inline
function values<T>(kind: i32, p: usize, y: usize, n: i32, c: f64, d: f64, out: usize): void {
  const size = sizeof<T>();
  const first = f64x2.splat(c);
  const second = f64x2.splat(d);
  for (let i: usize = 0; i < whole(n); i += 4) {
    const at = i * size;
    const low = errorLoss(kind, loadError<T>(p + at, y + at), first, second);
    const high = errorLoss(kind, loadError<T>(p + at + 2 * size, y + at + 2 * size), first, second);
    v128.store(out + (i << 3), low);
    v128.store(out + (i << 3), high, 16);
  }
}

/** out[i] = e^2 / (2 beta) below beta, |e| - beta / 2 beyond; beta >= 0, 0 being |e|. */
export function smooth_l1_f32(p: usize, y: usize, n: i32, beta: f64, out: usize): void {
  values<f32>(SMOOTH_L1, p, y, n, beta, beta * 0.5, out);
  if ((n & 3) == 0) return;
  stageTail<f32>(p, y, n);
  smooth_l1_f32(FIRST, SECOND, 4, beta, RESULT);
  unstageTail<f64>(out, n);
}

/** out[i] = e^2 / (2 beta) below beta, |e| - beta / 2 beyond; beta >= 0, 0 being |e|. */
export function smooth_l1_f64(p: usize, y: usize, n: i32, beta: f64, out: usize): void {
  values<f64>(SMOOTH_L1, p, y, n, beta, beta * 0.5, out);
  if ((n & 3) == 0) return;
  stageTail<f64>(p, y, n);
  smooth_l1_f64(FIRST, SECOND, 4, beta, RESULT);
  unstageTail<f64>(out, n);
}

/** out[i] = delta^2 (sqrt(1 + (e / delta)^2) - 1), delta > 0. */
export function pseudo_huber_f32(p: usize, y: usize, n: i32, delta: f64, out: usize): void {
  if (delta >= SMALLEST_DELTA && delta <= LARGEST_DELTA) residualSingles(PSEUDO_HUBER, p, y, n, delta, out);
  else values<f32>(PSEUDO_HUBER, p, y, n, delta, 0, out);
  if ((n & 3) == 0) return;
  stageTail<f32>(p, y, n);
  pseudo_huber_f32(FIRST, SECOND, 4, delta, RESULT);
  unstageTail<f64>(out, n);
}

/** out[i] = delta^2 (sqrt(1 + (e / delta)^2) - 1), delta > 0. */
export function pseudo_huber_f64(p: usize, y: usize, n: i32, delta: f64, out: usize): void {
  values<f64>(PSEUDO_HUBER, p, y, n, delta, 0, out);
  if ((n & 3) == 0) return;
  stageTail<f64>(p, y, n);
  pseudo_huber_f64(FIRST, SECOND, 4, delta, RESULT);
  unstageTail<f64>(out, n);
}

/** out[i] = log cosh e. */
export function log_cosh_f32(p: usize, y: usize, n: i32, out: usize): void {
  residualSingles(LOG_COSH, p, y, n, 0, out);
  if ((n & 3) == 0) return;
  stageTail<f32>(p, y, n);
  log_cosh_f32(FIRST, SECOND, 4, RESULT);
  unstageTail<f64>(out, n);
}

/** out[i] = log cosh e. */
export function log_cosh_f64(p: usize, y: usize, n: i32, out: usize): void {
  values<f64>(LOG_COSH, p, y, n, 0, 0, out);
  if ((n & 3) == 0) return;
  stageTail<f64>(p, y, n);
  log_cosh_f64(FIRST, SECOND, 4, RESULT);
  unstageTail<f64>(out, n);
}

/** out[i] = q (y - p) where y > p, else (1 - q)(p - y). */
export function quantile_f32(p: usize, y: usize, n: i32, q: f64, out: usize): void {
  values<f32>(QUANTILE, p, y, n, q, 1.0 - q, out);
  if ((n & 3) == 0) return;
  stageTail<f32>(p, y, n);
  quantile_f32(FIRST, SECOND, 4, q, RESULT);
  unstageTail<f64>(out, n);
}

/** out[i] = q (y - p) where y > p, else (1 - q)(p - y). */
export function quantile_f64(p: usize, y: usize, n: i32, q: f64, out: usize): void {
  values<f64>(QUANTILE, p, y, n, q, 1.0 - q, out);
  if ((n & 3) == 0) return;
  stageTail<f64>(p, y, n);
  quantile_f64(FIRST, SECOND, 4, q, RESULT);
  unstageTail<f64>(out, n);
}

/** out[i] = tau e^2 where y >= p, else (1 - tau) e^2. */
export function expectile_f32(p: usize, y: usize, n: i32, tau: f64, out: usize): void {
  values<f32>(EXPECTILE, p, y, n, tau, 1.0 - tau, out);
  if ((n & 3) == 0) return;
  stageTail<f32>(p, y, n);
  expectile_f32(FIRST, SECOND, 4, tau, RESULT);
  unstageTail<f64>(out, n);
}

/** out[i] = tau e^2 where y >= p, else (1 - tau) e^2. */
export function expectile_f64(p: usize, y: usize, n: i32, tau: f64, out: usize): void {
  values<f64>(EXPECTILE, p, y, n, tau, 1.0 - tau, out);
  if ((n & 3) == 0) return;
  stageTail<f64>(p, y, n);
  expectile_f64(FIRST, SECOND, 4, tau, RESULT);
  unstageTail<f64>(out, n);
}
