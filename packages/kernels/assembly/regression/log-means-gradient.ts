// Derivatives by z = log mean, in float64 whatever the columns are, rounded once at the end.
import { loadPair, storePair } from '../loss/pair';
import { FIRST, RESULT, SECOND, stageTail, unstageTail, whole } from './column';
import { GAMMA, HALF_SQUARE, logMeanGradient, POISSON, TWEEDIE } from './mean-losses';

// @ts-ignore: decorator
@inline
function gradients<T>(kind: i32, z: usize, y: usize, n: i32, c: f64, d: f64, g: usize): void {
  const size = sizeof<T>();
  const first = f64x2.splat(c);
  const second = f64x2.splat(d);
  for (let i: usize = 0; i < whole(n); i += 4) {
    const at = i * size;
    const low = logMeanGradient(kind, loadPair<T>(z + at), loadPair<T>(y + at), first, second);
    const high = logMeanGradient(kind, loadPair<T>(z + at + 2 * size), loadPair<T>(y + at + 2 * size), first, second);
    storePair<T>(g + at, low);
    storePair<T>(g + at + 2 * size, high);
  }
}

/** g[i] = e^z - y. */
export function poisson_logits_gradient_f32(z: usize, y: usize, n: i32, g: usize): void {
  gradients<f32>(POISSON, z, y, n, 0, 0, g);
  if ((n & 3) != 0) {
    stageTail<f32>(z, y, n);
    poisson_logits_gradient_f32(FIRST, SECOND, 4, RESULT);
    unstageTail<f32>(g, n);
  }
}

/** g[i] = 1 - y e^-z. */
export function gamma_logits_gradient_f32(z: usize, y: usize, n: i32, g: usize): void {
  gradients<f32>(GAMMA, z, y, n, 0, 0, g);
  if ((n & 3) == 0) return;
  stageTail<f32>(z, y, n);
  gamma_logits_gradient_f32(FIRST, SECOND, 4, RESULT);
  unstageTail<f32>(g, n);
}

/** g[i] = e^(z (2 - power)) - y e^(z (1 - power)). */
export function tweedie_logits_gradient_f32(z: usize, y: usize, n: i32, power: f64, g: usize): void {
  if (power == 1) return poisson_logits_gradient_f32(z, y, n, g);
  if (power == 2) return gamma_logits_gradient_f32(z, y, n, g);
  if (power == 0) gradients<f32>(HALF_SQUARE, z, y, n, 0, 0, g);
  else gradients<f32>(TWEEDIE, z, y, n, 2.0 - power, 1.0 - power, g);
  if ((n & 3) == 0) return;
  stageTail<f32>(z, y, n);
  tweedie_logits_gradient_f32(FIRST, SECOND, 4, power, RESULT);
  unstageTail<f32>(g, n);
}

/** g[i] = e^z - y. */
export function poisson_logits_gradient_f64(z: usize, y: usize, n: i32, g: usize): void {
  gradients<f64>(POISSON, z, y, n, 0, 0, g);
  if ((n & 3) != 0) {
    stageTail<f64>(z, y, n);
    poisson_logits_gradient_f64(FIRST, SECOND, 4, RESULT);
    unstageTail<f64>(g, n);
  }
}

/** g[i] = 1 - y e^-z. */
export function gamma_logits_gradient_f64(z: usize, y: usize, n: i32, g: usize): void {
  gradients<f64>(GAMMA, z, y, n, 0, 0, g);
  if ((n & 3) == 0) return;
  stageTail<f64>(z, y, n);
  gamma_logits_gradient_f64(FIRST, SECOND, 4, RESULT);
  unstageTail<f64>(g, n);
}

/** g[i] = e^(z (2 - power)) - y e^(z (1 - power)). */
export function tweedie_logits_gradient_f64(z: usize, y: usize, n: i32, power: f64, g: usize): void {
  if (power == 1) return poisson_logits_gradient_f64(z, y, n, g);
  if (power == 2) return gamma_logits_gradient_f64(z, y, n, g);
  if (power == 0) gradients<f64>(HALF_SQUARE, z, y, n, 0, 0, g);
  else gradients<f64>(TWEEDIE, z, y, n, 2.0 - power, 1.0 - power, g);
  if ((n & 3) == 0) return;
  stageTail<f64>(z, y, n);
  tweedie_logits_gradient_f64(FIRST, SECOND, 4, power, RESULT);
  unstageTail<f64>(g, n);
}
