import { exp, log } from '../../elementary.js';
import { log1p_f64 } from '../link/log.js';

// d2(loss)/d(prediction)^2 of one row, in float64. At a kink, where there is none, that of the side on which the gradient is taken.

/** Of huber: e the error. */
export const huber = (e: number, delta: number): number => (Math.abs(e) <= delta ? 1 : 0);

/** Of smooth_l1. */
export const smoothL1 = (e: number, beta: number): number => (Math.abs(e) < beta ? 1 / beta : 0);

/** (1 + (e / delta)^2)^-3/2. */
export function pseudoHuber(e: number, delta: number): number {
  const root = Math.sqrt(1 + (e / delta) ** 2);
  return 1 / root / root / root;
}

/** sech^2 e = 4 t / (1 + t)^2, t = e^-2|e|. */
export function logCosh(e: number): number {
  const t = exp(-2 * Math.abs(e));
  return (4 * t) / (1 + t) ** 2;
}

/** Of expectile: 2 tau where y >= p, else 2 (1 - tau). */
export const expectile = (p: number, y: number, tau: number): number => 2 * (y >= p ? tau : 1 - tau);

/** 2 (1 - log((1 + p) / (1 + y))) / (1 + p)^2. */
export function msle(p: number, y: number): number {
  const least = 1 + Math.min(p, y);
  const size = log1p_f64(Math.abs(p - y) / least);
  return (2 * (1 - (p > y ? size : -size))) / (1 + p) ** 2;
}

/** -8 |y| / (|p| + |y|)^3 where p is beyond y on its side of 0, 8 |y| / ... between 0 and y, 0 on the other side. */
export function smape(p: number, y: number): number {
  if (!(p * y > 0) || p === y) return 0;
  const sum = Math.abs(p) + Math.abs(y);
  const size = (8 * (Math.abs(y) / sum)) / sum / sum;
  return Math.abs(p) > Math.abs(y) ? -size : size;
}

/** x^a for x >= 0. */
const power = (x: number, a: number): number => (a === 0 ? 1 : exp(a * log(x)));

/** Of the deviance's half of a mean m under the variance m^rho: rho = 1 poisson_nll, 2 gamma_nll. From m, or z = log m. */
export const meanLoss = {
  /** (2 - rho) e^((2 - rho) z) - (1 - rho) y e^((1 - rho) z). */
  logits(z: number, y: number, rho: number): number {
    const own = rho === 2 ? 0 : (2 - rho) * exp((2 - rho) * z);
    return y === 0 || rho === 1 ? own : own + (rho - 1) * y * exp((1 - rho) * z);
  },
  /** (m + rho (y - m)) / m^(rho + 1). */
  mean(m: number, y: number, rho: number): number {
    return rho === 0 ? 1 : (m + rho * (y - m)) / power(m, rho + 1);
  },
};

/** 1 / v, v = max(variance, epsilon). */
export const gaussian = (variance: number, epsilon: number): number => 1 / Math.max(variance, epsilon);
