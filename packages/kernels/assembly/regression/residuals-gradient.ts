// Derivatives of the losses of an error by the prediction. float32: e = float32(p - y), then in float64, rounded once at the end.
import { storePair } from '../loss/pair';
import { FIRST, loadError, RESULT, SECOND, stageTail, unstageTail, whole } from './column';
import { errorGradient, EXPECTILE, LOG_COSH, PSEUDO_HUBER, QUANTILE, SMOOTH_L1 } from './residual-losses';

// @ts-ignore: decorator
@inline
function gradients<T>(kind: i32, p: usize, y: usize, n: i32, c: f64, d: f64, g: usize): void {
  const size = sizeof<T>();
  const first = f64x2.splat(c);
  const second = f64x2.splat(d);
  for (let i: usize = 0; i < whole(n); i += 4) {
    const at = i * size;
    const low = errorGradient(kind, loadError<T>(p + at, y + at), first, second);
    const high = errorGradient(kind, loadError<T>(p + at + 2 * size, y + at + 2 * size), first, second);
    storePair<T>(g + at, low);
    storePair<T>(g + at + 2 * size, high);
  }
}

/** g[i] = e / beta held to +-1; 0 at e = 0. */
export function smooth_l1_gradient_f32(p: usize, y: usize, n: i32, beta: f64, g: usize): void {
  gradients<f32>(SMOOTH_L1, p, y, n, beta, beta * 0.5, g);
  if ((n & 3) == 0) return;
  stageTail<f32>(p, y, n);
  smooth_l1_gradient_f32(FIRST, SECOND, 4, beta, RESULT);
  unstageTail<f32>(g, n);
}

/** g[i] = e / beta held to +-1; 0 at e = 0. */
export function smooth_l1_gradient_f64(p: usize, y: usize, n: i32, beta: f64, g: usize): void {
  gradients<f64>(SMOOTH_L1, p, y, n, beta, beta * 0.5, g);
  if ((n & 3) == 0) return;
  stageTail<f64>(p, y, n);
  smooth_l1_gradient_f64(FIRST, SECOND, 4, beta, RESULT);
  unstageTail<f64>(g, n);
}

/** g[i] = e / sqrt(1 + (e / delta)^2). */
export function pseudo_huber_gradient_f32(p: usize, y: usize, n: i32, delta: f64, g: usize): void {
  gradients<f32>(PSEUDO_HUBER, p, y, n, delta, 0, g);
  if ((n & 3) == 0) return;
  stageTail<f32>(p, y, n);
  pseudo_huber_gradient_f32(FIRST, SECOND, 4, delta, RESULT);
  unstageTail<f32>(g, n);
}

/** g[i] = e / sqrt(1 + (e / delta)^2). */
export function pseudo_huber_gradient_f64(p: usize, y: usize, n: i32, delta: f64, g: usize): void {
  gradients<f64>(PSEUDO_HUBER, p, y, n, delta, 0, g);
  if ((n & 3) == 0) return;
  stageTail<f64>(p, y, n);
  pseudo_huber_gradient_f64(FIRST, SECOND, 4, delta, RESULT);
  unstageTail<f64>(g, n);
}

/** g[i] = tanh e. */
export function log_cosh_gradient_f32(p: usize, y: usize, n: i32, g: usize): void {
  gradients<f32>(LOG_COSH, p, y, n, 0, 0, g);
  if ((n & 3) == 0) return;
  stageTail<f32>(p, y, n);
  log_cosh_gradient_f32(FIRST, SECOND, 4, RESULT);
  unstageTail<f32>(g, n);
}

/** g[i] = tanh e. */
export function log_cosh_gradient_f64(p: usize, y: usize, n: i32, g: usize): void {
  gradients<f64>(LOG_COSH, p, y, n, 0, 0, g);
  if ((n & 3) == 0) return;
  stageTail<f64>(p, y, n);
  log_cosh_gradient_f64(FIRST, SECOND, 4, RESULT);
  unstageTail<f64>(g, n);
}

/** g[i] = -q where y > p, 1 - q where y < p, 0 between. */
export function quantile_gradient_f32(p: usize, y: usize, n: i32, q: f64, g: usize): void {
  gradients<f32>(QUANTILE, p, y, n, q, 1.0 - q, g);
  if ((n & 3) == 0) return;
  stageTail<f32>(p, y, n);
  quantile_gradient_f32(FIRST, SECOND, 4, q, RESULT);
  unstageTail<f32>(g, n);
}

/** g[i] = -q where y > p, 1 - q where y < p, 0 between. */
export function quantile_gradient_f64(p: usize, y: usize, n: i32, q: f64, g: usize): void {
  gradients<f64>(QUANTILE, p, y, n, q, 1.0 - q, g);
  if ((n & 3) == 0) return;
  stageTail<f64>(p, y, n);
  quantile_gradient_f64(FIRST, SECOND, 4, q, RESULT);
  unstageTail<f64>(g, n);
}

/** g[i] = 2 tau e where y >= p, else 2 (1 - tau) e. */
export function expectile_gradient_f32(p: usize, y: usize, n: i32, tau: f64, g: usize): void {
  gradients<f32>(EXPECTILE, p, y, n, tau, 1.0 - tau, g);
  if ((n & 3) == 0) return;
  stageTail<f32>(p, y, n);
  expectile_gradient_f32(FIRST, SECOND, 4, tau, RESULT);
  unstageTail<f32>(g, n);
}

/** g[i] = 2 tau e where y >= p, else 2 (1 - tau) e. */
export function expectile_gradient_f64(p: usize, y: usize, n: i32, tau: f64, g: usize): void {
  gradients<f64>(EXPECTILE, p, y, n, tau, 1.0 - tau, g);
  if ((n & 3) == 0) return;
  stageTail<f64>(p, y, n);
  expectile_gradient_f64(FIRST, SECOND, 4, tau, RESULT);
  unstageTail<f64>(g, n);
}
