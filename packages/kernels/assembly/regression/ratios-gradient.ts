// Derivatives of the relative losses by the prediction, in float64, rounded once at the end.
import { loadPair, storePair } from '../loss/pair';
import { FIRST, RESULT, SECOND, stageTail, unstageTail, whole } from './column';
import { MAPE, MSLE, SMAPE, ratioGradient } from './ratio-losses';

// @ts-ignore: decorator
@inline
function gradients<T>(kind: i32, p: usize, y: usize, n: i32, c: f64, g: usize): void {
  const size = sizeof<T>();
  const first = f64x2.splat(c);
  for (let i: usize = 0; i < whole(n); i += 4) {
    const at = i * size;
    const low = ratioGradient(kind, loadPair<T>(p + at), loadPair<T>(y + at), first);
    const high = ratioGradient(kind, loadPair<T>(p + at + 2 * size), loadPair<T>(y + at + 2 * size), first);
    storePair<T>(g + at, low);
    storePair<T>(g + at + 2 * size, high);
  }
}

/** g[i] = 2 (log1p(p) - log1p(y)) / (1 + p). */
export function msle_gradient_f32(p: usize, y: usize, n: i32, g: usize): void {
  gradients<f32>(MSLE, p, y, n, 0, g);
  if ((n & 3) == 0) return;
  stageTail<f32>(p, y, n);
  msle_gradient_f32(FIRST, SECOND, 4, RESULT);
  unstageTail<f32>(g, n);
}

/** g[i] = 2 (log1p(p) - log1p(y)) / (1 + p). */
export function msle_gradient_f64(p: usize, y: usize, n: i32, g: usize): void {
  gradients<f64>(MSLE, p, y, n, 0, g);
  if ((n & 3) == 0) return;
  stageTail<f64>(p, y, n);
  msle_gradient_f64(FIRST, SECOND, 4, RESULT);
  unstageTail<f64>(g, n);
}

/** g[i] = sign(p - y) / max(epsilon, |y|); 0 where p = y. */
export function mape_gradient_f32(p: usize, y: usize, n: i32, epsilon: f64, g: usize): void {
  gradients<f32>(MAPE, p, y, n, epsilon, g);
  if ((n & 3) == 0) return;
  stageTail<f32>(p, y, n);
  mape_gradient_f32(FIRST, SECOND, 4, epsilon, RESULT);
  unstageTail<f32>(g, n);
}

/** g[i] = sign(p - y) / max(epsilon, |y|); 0 where p = y. */
export function mape_gradient_f64(p: usize, y: usize, n: i32, epsilon: f64, g: usize): void {
  gradients<f64>(MAPE, p, y, n, epsilon, g);
  if ((n & 3) == 0) return;
  stageTail<f64>(p, y, n);
  mape_gradient_f64(FIRST, SECOND, 4, epsilon, RESULT);
  unstageTail<f64>(g, n);
}

/** g[i] = its derivative: 4 |y| / (|p| + |y|)^2 towards y, 0 where the signs differ. */
export function smape_gradient_f32(p: usize, y: usize, n: i32, g: usize): void {
  gradients<f32>(SMAPE, p, y, n, 0, g);
  if ((n & 3) == 0) return;
  stageTail<f32>(p, y, n);
  smape_gradient_f32(FIRST, SECOND, 4, RESULT);
  unstageTail<f32>(g, n);
}

/** g[i] = its derivative: 4 |y| / (|p| + |y|)^2 towards y, 0 where the signs differ. */
export function smape_gradient_f64(p: usize, y: usize, n: i32, g: usize): void {
  gradients<f64>(SMAPE, p, y, n, 0, g);
  if ((n & 3) == 0) return;
  stageTail<f64>(p, y, n);
  smape_gradient_f64(FIRST, SECOND, 4, RESULT);
  unstageTail<f64>(g, n);
}
