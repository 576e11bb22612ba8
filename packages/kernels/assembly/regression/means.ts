// Negative log-likelihoods by the mean m, in float64 whatever the columns are.
import { loadPair } from '../loss/pair';
import { FIRST, RESULT, SECOND, stageTail, unstageTail, whole } from './column';
import { addLogFactorials } from './log-factorial';
import { GAMMA, HALF_SQUARE, meanLoss, POISSON, TWEEDIE } from './mean-losses';

// @ts-ignore: decorator
@inline
function values<T>(kind: i32, m: usize, y: usize, n: i32, c: f64, d: f64, out: usize): void {
  const size = sizeof<T>();
  const first = f64x2.splat(c);
  const second = f64x2.splat(d);
  for (let i: usize = 0; i < whole(n); i += 4) {
    const at = i * size;
    const low = meanLoss(kind, loadPair<T>(m + at), loadPair<T>(y + at), first, second);
    const high = meanLoss(kind, loadPair<T>(m + at + 2 * size), loadPair<T>(y + at + 2 * size), first, second);
    v128.store(out + (i << 3), low);
    v128.store(out + (i << 3), high, 16);
  }
}

/** out[i] = m - y log m, plus log(y!) if full. */
export function poisson_mean_f32(m: usize, y: usize, n: i32, full: bool, out: usize): void {
  values<f32>(POISSON, m, y, n, 0, 0, out);
  if ((n & 3) != 0) {
    stageTail<f32>(m, y, n);
    poisson_mean_f32(FIRST, SECOND, 4, false, RESULT);
    unstageTail<f64>(out, n);
  }
  if (full) addLogFactorials<f32>(y, n, out);
}

/** out[i] = log m + y / m. */
export function gamma_mean_f32(m: usize, y: usize, n: i32, out: usize): void {
  values<f32>(GAMMA, m, y, n, 0, 0, out);
  if ((n & 3) == 0) return;
  stageTail<f32>(m, y, n);
  gamma_mean_f32(FIRST, SECOND, 4, RESULT);
  unstageTail<f64>(out, n);
}

/** out[i] = the Tweedie loss of this power (0, or at least 1): m^(2 - power) / (2 - power) - y m^(1 - power) / (1 - power). */
export function tweedie_mean_f32(m: usize, y: usize, n: i32, power: f64, out: usize): void {
  if (power == 1) return poisson_mean_f32(m, y, n, false, out);
  if (power == 2) return gamma_mean_f32(m, y, n, out);
  if (power == 0) values<f32>(HALF_SQUARE, m, y, n, 0, 0, out);
  else values<f32>(TWEEDIE, m, y, n, 2.0 - power, 1.0 - power, out);
  if ((n & 3) == 0) return;
  stageTail<f32>(m, y, n);
  tweedie_mean_f32(FIRST, SECOND, 4, power, RESULT);
  unstageTail<f64>(out, n);
}

/** out[i] = m - y log m, plus log(y!) if full. */
export function poisson_mean_f64(m: usize, y: usize, n: i32, full: bool, out: usize): void {
  values<f64>(POISSON, m, y, n, 0, 0, out);
  if ((n & 3) != 0) {
    stageTail<f64>(m, y, n);
    poisson_mean_f64(FIRST, SECOND, 4, false, RESULT);
    unstageTail<f64>(out, n);
  }
  if (full) addLogFactorials<f64>(y, n, out);
}

/** out[i] = log m + y / m. */
export function gamma_mean_f64(m: usize, y: usize, n: i32, out: usize): void {
  values<f64>(GAMMA, m, y, n, 0, 0, out);
  if ((n & 3) == 0) return;
  stageTail<f64>(m, y, n);
  gamma_mean_f64(FIRST, SECOND, 4, RESULT);
  unstageTail<f64>(out, n);
}

/** out[i] = the Tweedie loss of this power (0, or at least 1): m^(2 - power) / (2 - power) - y m^(1 - power) / (1 - power). */
export function tweedie_mean_f64(m: usize, y: usize, n: i32, power: f64, out: usize): void {
  if (power == 1) return poisson_mean_f64(m, y, n, false, out);
  if (power == 2) return gamma_mean_f64(m, y, n, out);
  if (power == 0) values<f64>(HALF_SQUARE, m, y, n, 0, 0, out);
  else values<f64>(TWEEDIE, m, y, n, 2.0 - power, 1.0 - power, out);
  if ((n & 3) == 0) return;
  stageTail<f64>(m, y, n);
  tweedie_mean_f64(FIRST, SECOND, 4, power, RESULT);
  unstageTail<f64>(out, n);
}
