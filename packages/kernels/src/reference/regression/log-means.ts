import { exp_f64 } from '../link/exp.js';
import { logFactorial } from './log-factorial.js';
import { times, tweedie } from './mean-losses.js';
import { eachPair, type Numbers } from './rows.js';
import { gammaSingle, isSingleMean, poissonSingle } from './singles.js';

// Negative log-likelihoods by z = log mean and their derivatives, in float64 whatever the columns are. A target of 0 makes its term 0.

/** out[i] = e^z - y z, plus log(y!) if full. */
export function poisson_logits_f64(z: Numbers, y: Numbers, n: number, full: boolean, out: Float64Array): void {
  eachPair(z, y, n, out, (x, t) => (full ? poisson(x, t) + logFactorial(t) : poisson(x, t)));
}

function poisson(z: number, y: number): number {
  return z === Infinity ? z : exp_f64(z) - times(y, z);
}

/** As `poisson_logits_f64` for float32 rows; float32 steps where they are safe. */
export function poisson_logits_f32(z: Numbers, y: Numbers, n: number, full: boolean, out: Float64Array): void {
  eachPair(z, y, n, out, (x, t) => {
    const value = isSingleMean(x, t) ? poissonSingle(x, t) : poisson(x, t);
    return full ? value + logFactorial(t) : value;
  });
}

/** g[i] = e^z - y. */
export function poisson_logits_gradient_f64(z: Numbers, y: Numbers, n: number, g: Numbers): void {
  eachPair(z, y, n, g, (x, t) => exp_f64(x) - t);
}

/** out[i] = z + y e^-z. */
export function gamma_logits_f64(z: Numbers, y: Numbers, n: number, out: Float64Array): void {
  eachPair(z, y, n, out, gamma);
}

function gamma(z: number, y: number): number {
  const w = times(y, exp_f64(-z));
  return w === Infinity ? w : z + w;
}

/** As `gamma_logits_f64` for float32 rows; float32 steps where they are safe. */
export function gamma_logits_f32(z: Numbers, y: Numbers, n: number, out: Float64Array): void {
  eachPair(z, y, n, out, (x, t) => (isSingleMean(x, t) ? gammaSingle(x, t) : gamma(x, t)));
}

/** g[i] = 1 - y e^-z. */
export function gamma_logits_gradient_f64(z: Numbers, y: Numbers, n: number, g: Numbers): void {
  eachPair(z, y, n, g, (x, t) => 1 - times(t, exp_f64(-x)));
}

/** out[i] = the Tweedie loss of this power (0, or at least 1): e^(z (2 - power)) / (2 - power) - y e^(z (1 - power)) / (1 - power). */
export function tweedie_logits_f64(z: Numbers, y: Numbers, n: number, power: number, out: Float64Array): void {
  if (power === 1) poisson_logits_f64(z, y, n, false, out);
  else if (power === 2) gamma_logits_f64(z, y, n, out);
  else
    eachPair(z, y, n, out, (x, t) => {
      if (power !== 0) return tweedie(x, t, 2 - power, 1 - power);
      const e = exp_f64(x) - t;
      return e * e * 0.5;
    });
}

/** As `tweedie_logits_f64` for float32 rows: powers 1 and 2 are Poisson and gamma. */
export function tweedie_logits_f32(z: Numbers, y: Numbers, n: number, power: number, out: Float64Array): void {
  if (power === 1) poisson_logits_f32(z, y, n, false, out);
  else if (power === 2) gamma_logits_f32(z, y, n, out);
  else tweedie_logits_f64(z, y, n, power, out);
}

/** g[i] = e^(z (2 - power)) - y e^(z (1 - power)). */
export function tweedie_logits_gradient_f64(z: Numbers, y: Numbers, n: number, power: number, g: Numbers): void {
  if (power === 1) poisson_logits_gradient_f64(z, y, n, g);
  else if (power === 2) gamma_logits_gradient_f64(z, y, n, g);
  else
    eachPair(z, y, n, g, (x, t) => {
      const mean = exp_f64(x);
      if (power === 0) return times(mean, mean - t);
      const fall = exp_f64((1 - power) * x);
      const value = exp_f64((2 - power) * x) - times(t, fall);
      return Number.isNaN(value) ? fall * (mean - t) : value;
    });
}

export {
  gamma_logits_gradient_f64 as gamma_logits_gradient_f32,
  poisson_logits_gradient_f64 as poisson_logits_gradient_f32,
  tweedie_logits_gradient_f64 as tweedie_logits_gradient_f32,
};
