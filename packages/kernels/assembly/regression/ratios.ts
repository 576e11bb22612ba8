// Relative losses, in float64 whatever the columns are.
import { loadPair } from '../loss/pair';
import { FIRST, RESULT, SECOND, stageTail, unstageTail, whole } from './column';
import { MAPE, MSLE, SMAPE, ratioLoss } from './ratio-losses';

// @ts-ignore: decorator
@inline
function values<T>(kind: i32, p: usize, y: usize, n: i32, c: f64, out: usize): void {
  const size = sizeof<T>();
  const first = f64x2.splat(c);
  for (let i: usize = 0; i < whole(n); i += 4) {
    const at = i * size;
    const low = ratioLoss(kind, loadPair<T>(p + at), loadPair<T>(y + at), first);
    const high = ratioLoss(kind, loadPair<T>(p + at + 2 * size), loadPair<T>(y + at + 2 * size), first);
    v128.store(out + (i << 3), low);
    v128.store(out + (i << 3), high, 16);
  }
}

/** out[i] = (log1p(p) - log1p(y))^2. */
export function msle_f32(p: usize, y: usize, n: i32, out: usize): void {
  values<f32>(MSLE, p, y, n, 0, out);
  if ((n & 3) == 0) return;
  stageTail<f32>(p, y, n);
  msle_f32(FIRST, SECOND, 4, RESULT);
  unstageTail<f64>(out, n);
}

/** out[i] = (log1p(p) - log1p(y))^2. */
export function msle_f64(p: usize, y: usize, n: i32, out: usize): void {
  values<f64>(MSLE, p, y, n, 0, out);
  if ((n & 3) == 0) return;
  stageTail<f64>(p, y, n);
  msle_f64(FIRST, SECOND, 4, RESULT);
  unstageTail<f64>(out, n);
}

/** out[i] = |p - y| / max(epsilon, |y|); 0 where p = y. */
export function mape_f32(p: usize, y: usize, n: i32, epsilon: f64, out: usize): void {
  values<f32>(MAPE, p, y, n, epsilon, out);
  if ((n & 3) == 0) return;
  stageTail<f32>(p, y, n);
  mape_f32(FIRST, SECOND, 4, epsilon, RESULT);
  unstageTail<f64>(out, n);
}

/** out[i] = |p - y| / max(epsilon, |y|); 0 where p = y. */
export function mape_f64(p: usize, y: usize, n: i32, epsilon: f64, out: usize): void {
  values<f64>(MAPE, p, y, n, epsilon, out);
  if ((n & 3) == 0) return;
  stageTail<f64>(p, y, n);
  mape_f64(FIRST, SECOND, 4, epsilon, RESULT);
  unstageTail<f64>(out, n);
}

/** out[i] = 2 |p - y| / (|p| + |y|); 0 where p = y. */
export function smape_f32(p: usize, y: usize, n: i32, out: usize): void {
  values<f32>(SMAPE, p, y, n, 0, out);
  if ((n & 3) == 0) return;
  stageTail<f32>(p, y, n);
  smape_f32(FIRST, SECOND, 4, RESULT);
  unstageTail<f64>(out, n);
}

/** out[i] = 2 |p - y| / (|p| + |y|); 0 where p = y. */
export function smape_f64(p: usize, y: usize, n: i32, out: usize): void {
  values<f64>(SMAPE, p, y, n, 0, out);
  if ((n & 3) == 0) return;
  stageTail<f64>(p, y, n);
  smape_f64(FIRST, SECOND, 4, RESULT);
  unstageTail<f64>(out, n);
}
