// Negative log-likelihoods by z = log mean, in float64; poisson and gamma of float32 columns in float32 steps where these are safe.
import { loadPair } from '../loss/pair';
import { FIRST, RESULT, SECOND, stageTail, unstageTail, whole } from './column';
import { addLogFactorials } from './log-factorial';
import { GAMMA, HALF_SQUARE, logMeanLoss, POISSON, TWEEDIE } from './mean-losses';
import { logMeanSingles } from './singles';

// @ts-ignore: decorator
@inline
function values<T>(kind: i32, z: usize, y: usize, n: i32, c: f64, d: f64, out: usize): void {
  const size = sizeof<T>();
  const first = f64x2.splat(c);
  const second = f64x2.splat(d);
  for (let i: usize = 0; i < whole(n); i += 4) {
    const at = i * size;
    const low = logMeanLoss(kind, loadPair<T>(z + at), loadPair<T>(y + at), first, second);
    const high = logMeanLoss(kind, loadPair<T>(z + at + 2 * size), loadPair<T>(y + at + 2 * size), first, second);
    v128.store(out + (i << 3), low);
    v128.store(out + (i << 3), high, 16);
  }
}

/** out[i] = e^z - y z, plus log(y!) if full. */
export function poisson_logits_f32(z: usize, y: usize, n: i32, full: bool, out: usize): void {
  logMeanSingles(POISSON, z, y, n, out);
  if ((n & 3) != 0) {
    stageTail<f32>(z, y, n);
    poisson_logits_f32(FIRST, SECOND, 4, false, RESULT);
    unstageTail<f64>(out, n);
  }
  if (full) addLogFactorials<f32>(y, n, out);
}

/** out[i] = z + y e^-z. */
export function gamma_logits_f32(z: usize, y: usize, n: i32, out: usize): void {
  logMeanSingles(GAMMA, z, y, n, out);
  if ((n & 3) == 0) return;
  stageTail<f32>(z, y, n);
  gamma_logits_f32(FIRST, SECOND, 4, RESULT);
  unstageTail<f64>(out, n);
}

/** out[i] = the Tweedie loss of this power (0, or at least 1): e^(z (2 - power)) / (2 - power) - y e^(z (1 - power)) / (1 - power). */
export function tweedie_logits_f32(z: usize, y: usize, n: i32, power: f64, out: usize): void {
  if (power == 1) return poisson_logits_f32(z, y, n, false, out);
  if (power == 2) return gamma_logits_f32(z, y, n, out);
  if (power == 0) values<f32>(HALF_SQUARE, z, y, n, 0, 0, out);
  else values<f32>(TWEEDIE, z, y, n, 2.0 - power, 1.0 - power, out);
  if ((n & 3) == 0) return;
  stageTail<f32>(z, y, n);
  tweedie_logits_f32(FIRST, SECOND, 4, power, RESULT);
  unstageTail<f64>(out, n);
}

/** out[i] = e^z - y z, plus log(y!) if full. */
export function poisson_logits_f64(z: usize, y: usize, n: i32, full: bool, out: usize): void {
  values<f64>(POISSON, z, y, n, 0, 0, out);
  if ((n & 3) != 0) {
    stageTail<f64>(z, y, n);
    poisson_logits_f64(FIRST, SECOND, 4, false, RESULT);
    unstageTail<f64>(out, n);
  }
  if (full) addLogFactorials<f64>(y, n, out);
}

/** out[i] = z + y e^-z. */
export function gamma_logits_f64(z: usize, y: usize, n: i32, out: usize): void {
  values<f64>(GAMMA, z, y, n, 0, 0, out);
  if ((n & 3) == 0) return;
  stageTail<f64>(z, y, n);
  gamma_logits_f64(FIRST, SECOND, 4, RESULT);
  unstageTail<f64>(out, n);
}

/** out[i] = the Tweedie loss of this power (0, or at least 1): e^(z (2 - power)) / (2 - power) - y e^(z (1 - power)) / (1 - power). */
export function tweedie_logits_f64(z: usize, y: usize, n: i32, power: f64, out: usize): void {
  if (power == 1) return poisson_logits_f64(z, y, n, false, out);
  if (power == 2) return gamma_logits_f64(z, y, n, out);
  if (power == 0) values<f64>(HALF_SQUARE, z, y, n, 0, 0, out);
  else values<f64>(TWEEDIE, z, y, n, 2.0 - power, 1.0 - power, out);
  if ((n & 3) == 0) return;
  stageTail<f64>(z, y, n);
  tweedie_logits_f64(FIRST, SECOND, 4, power, RESULT);
  unstageTail<f64>(out, n);
}
