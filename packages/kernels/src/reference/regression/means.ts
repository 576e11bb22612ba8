import { exp_f64 } from '../link/exp.js';
import { logAny_f64 } from '../link/log.js';
import { logFactorial } from './log-factorial.js';
import { times, tweedie } from './mean-losses.js';
import { eachPair, type Numbers } from './rows.js';

// Negative log-likelihoods by the mean m and their derivatives, in float64 whatever the columns are. A target of 0 makes its term 0.

/** out[i] = m - y log m, plus log(y!) if full. */
export function poisson_mean_f64(m: Numbers, y: Numbers, n: number, full: boolean, out: Float64Array): void {
  eachPair(m, y, n, out, (x, t) => {
    const value = x === Infinity ? x : x - times(t, logAny_f64(x));
    return full ? value + logFactorial(t) : value;
  });
}

/** g[i] = 1 - y / m. */
export function poisson_mean_gradient_f64(m: Numbers, y: Numbers, n: number, g: Numbers): void {
  eachPair(m, y, n, g, (x, t) => (t === 0 || x === Infinity ? 1 : (x - t) / x));
}

/** out[i] = log m + y / m. */
export function gamma_mean_f64(m: Numbers, y: Numbers, n: number, out: Float64Array): void {
  eachPair(m, y, n, out, (x, t) => {
    const w = t === 0 ? 0 : t / x;
    return w === Infinity ? w : logAny_f64(x) + w;
  });
}

/** g[i] = (m - y) / m^2. */
export function gamma_mean_gradient_f64(m: Numbers, y: Numbers, n: number, g: Numbers): void {
  eachPair(m, y, n, g, (x, t) => (x === Infinity ? 0 : (t === 0 ? 1 : (x - t) / x) / x));
}

/** out[i] = the Tweedie loss of this power (0, or at least 1): m^(2 - power) / (2 - power) - y m^(1 - power) / (1 - power). */
export function tweedie_mean_f64(m: Numbers, y: Numbers, n: number, power: number, out: Float64Array): void {
  if (power === 1) poisson_mean_f64(m, y, n, false, out);
  else if (power === 2) gamma_mean_f64(m, y, n, out);
  else
    eachPair(m, y, n, out, (x, t) =>
      power === 0 ? (x - t) * (x - t) * 0.5 : tweedie(logAny_f64(x), t, 2 - power, 1 - power),
    );
}

/** g[i] = (m - y) / m^power. */
export function tweedie_mean_gradient_f64(m: Numbers, y: Numbers, n: number, power: number, g: Numbers): void {
  if (power === 1) poisson_mean_gradient_f64(m, y, n, g);
  else if (power === 2) gamma_mean_gradient_f64(m, y, n, g);
  else
    eachPair(m, y, n, g, (x, t) => {
      if (power === 0) return x - t;
      const fall = exp_f64((1 - power) * logAny_f64(x));
      return t === 0 || x === Infinity ? fall : (x - t) * (fall / x);
    });
}

export {
  gamma_mean_f64 as gamma_mean_f32,
  gamma_mean_gradient_f64 as gamma_mean_gradient_f32,
  poisson_mean_f64 as poisson_mean_f32,
  poisson_mean_gradient_f64 as poisson_mean_gradient_f32,
  tweedie_mean_f64 as tweedie_mean_f32,
  tweedie_mean_gradient_f64 as tweedie_mean_gradient_f32,
};
