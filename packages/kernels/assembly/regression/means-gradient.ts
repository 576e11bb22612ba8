// Derivatives by the mean m, in float64 whatever the columns are, rounded once at the end.
import { loadPair, storePair } from '../loss/pair';
import { FIRST, RESULT, SECOND, stageTail, unstageTail, whole } from './column';
import { GAMMA, HALF_SQUARE, meanGradient, POISSON, TWEEDIE } from './mean-losses';

// @ts-ignore: decorator
@inline
function gradients<T>(kind: i32, m: usize, y: usize, n: i32, c: f64, d: f64, g: usize): void {
  const size = sizeof<T>();
  const first = f64x2.splat(c);
  const second = f64x2.splat(d);
  for (let i: usize = 0; i < whole(n); i += 4) {
    const at = i * size;
    const low = meanGradient(kind, loadPair<T>(m + at), loadPair<T>(y + at), first, second);
    const high = meanGradient(kind, loadPair<T>(m + at + 2 * size), loadPair<T>(y + at + 2 * size), first, second);
    storePair<T>(g + at, low);
    storePair<T>(g + at + 2 * size, high);
  }
}

/** g[i] = 1 - y / m. */
export function poisson_mean_gradient_f32(m: usize, y: usize, n: i32, g: usize): void {
  gradients<f32>(POISSON, m, y, n, 0, 0, g);
  if ((n & 3) != 0) {
    stageTail<f32>(m, y, n);
    poisson_mean_gradient_f32(FIRST, SECOND, 4, RESULT);
    unstageTail<f32>(g, n);
  }
}

/** g[i] = (m - y) / m^2. */
export function gamma_mean_gradient_f32(m: usize, y: usize, n: i32, g: usize): void {
  gradients<f32>(GAMMA, m, y, n, 0, 0, g);
  if ((n & 3) == 0) return;
  stageTail<f32>(m, y, n);
  gamma_mean_gradient_f32(FIRST, SECOND, 4, RESULT);
  unstageTail<f32>(g, n);
}

/** g[i] = (m - y) / m^power. */
export function tweedie_mean_gradient_f32(m: usize, y: usize, n: i32, power: f64, g: usize): void {
  if (power == 1) return poisson_mean_gradient_f32(m, y, n, g);
  if (power == 2) return gamma_mean_gradient_f32(m, y, n, g);
  if (power == 0) gradients<f32>(HALF_SQUARE, m, y, n, 0, 0, g);
  else gradients<f32>(TWEEDIE, m, y, n, 2.0 - power, 1.0 - power, g);
  if ((n & 3) == 0) return;
  stageTail<f32>(m, y, n);
  tweedie_mean_gradient_f32(FIRST, SECOND, 4, power, RESULT);
  unstageTail<f32>(g, n);
}

/** g[i] = 1 - y / m. */
export function poisson_mean_gradient_f64(m: usize, y: usize, n: i32, g: usize): void {
  gradients<f64>(POISSON, m, y, n, 0, 0, g);
  if ((n & 3) != 0) {
    stageTail<f64>(m, y, n);
    poisson_mean_gradient_f64(FIRST, SECOND, 4, RESULT);
    unstageTail<f64>(g, n);
  }
}

/** g[i] = (m - y) / m^2. */
export function gamma_mean_gradient_f64(m: usize, y: usize, n: i32, g: usize): void {
  gradients<f64>(GAMMA, m, y, n, 0, 0, g);
  if ((n & 3) == 0) return;
  stageTail<f64>(m, y, n);
  gamma_mean_gradient_f64(FIRST, SECOND, 4, RESULT);
  unstageTail<f64>(g, n);
}

/** g[i] = (m - y) / m^power. */
export function tweedie_mean_gradient_f64(m: usize, y: usize, n: i32, power: f64, g: usize): void {
  if (power == 1) return poisson_mean_gradient_f64(m, y, n, g);
  if (power == 2) return gamma_mean_gradient_f64(m, y, n, g);
  if (power == 0) gradients<f64>(HALF_SQUARE, m, y, n, 0, 0, g);
  else gradients<f64>(TWEEDIE, m, y, n, 2.0 - power, 1.0 - power, g);
  if ((n & 3) == 0) return;
  stageTail<f64>(m, y, n);
  tweedie_mean_gradient_f64(FIRST, SECOND, 4, power, RESULT);
  unstageTail<f64>(g, n);
}
