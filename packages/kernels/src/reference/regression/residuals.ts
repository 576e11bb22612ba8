import * as C from '../link/constants.js';
import { expScaled_f64 } from '../link/exp.js';
import { log1pUnit_f64 } from '../link/log.js';
import { eachError, type Numbers, signed } from './rows.js';
import { isSingle, logCoshSingle, pseudoHuberSingle } from './singles.js';

// Losses of an error e and their derivatives by the prediction. float32: e = float32(p - y), then in float64.

/** |e| / delta beyond which sqrt(1 + r^2) is r. */
const STEEP = 2 ** 30;

/** 2 sinh(a / 2) for 0 <= a <= 1. */
function twiceSinhHalf(a: number): number {
  const x = a * a;
  const s = ((((C.SINH_6 * x + C.SINH_5) * x + C.SINH_4) * x + C.SINH_3) * x + C.SINH_2) * x + C.SINH_1;
  return a + a * (s * x);
}

/** e^-2a. */
function decay(a: number): number {
  return expScaled_f64(-(a + a)) * C.EXP_UNSCALE_F64;
}

function logCosh(a: number): number {
  if (a < 1) {
    const s = twiceSinhHalf(a);
    return log1pUnit_f64(s * s * 0.5);
  }
  return a - C.LN2_HIGH_F64 + (log1pUnit_f64(decay(a)) - C.LN2_LOW_F64);
}

function tanh(a: number): number {
  if (a < 1) {
    const s = twiceSinhHalf(a);
    const half = s * s * 0.5;
    return (s * Math.sqrt(1 + half * 0.5)) / (1 + half);
  }
  const t = decay(a);
  return (1 - t) / (1 + t);
}

/** out[i] = e^2 / (2 beta) below beta, |e| - beta / 2 beyond; beta >= 0, 0 being |e|. */
export function smooth_l1_f64(p: Numbers, y: Numbers, n: number, beta: number, out: Float64Array): void {
  eachError(p, y, n, out, (e) => {
    const a = Math.abs(e);
    return a < beta ? a * (a / beta) * 0.5 : a - beta * 0.5;
  });
}

/** g[i] = e / beta held to +-1; 0 at e = 0. */
export function smooth_l1_gradient_f64(p: Numbers, y: Numbers, n: number, beta: number, g: Numbers): void {
  eachError(p, y, n, g, (e) => (Math.abs(e) < beta ? e / beta : signed(1, e)));
}

/** out[i] = delta^2 (sqrt(1 + (e / delta)^2) - 1), delta > 0. */
export function pseudo_huber_f64(p: Numbers, y: Numbers, n: number, delta: number, out: Float64Array): void {
  eachError(p, y, n, out, (e) => pseudoHuber(Math.abs(e), delta));
}

function pseudoHuber(a: number, delta: number): number {
  const r = a / delta;
  return r > STEEP ? delta * (a - delta) : a * (a / (1 + Math.sqrt(1 + r * r)));
}

/** As `pseudo_huber_f64` for float32 rows; float32 steps where they are safe. */
export function pseudo_huber_f32(p: Numbers, y: Numbers, n: number, delta: number, out: Float64Array): void {
  const single = delta >= 2 ** -20 && delta <= 2 ** 20;
  eachError(p, y, n, out, (e) => {
    const a = Math.abs(e);
    return single && isSingle(a) ? pseudoHuberSingle(a, delta) : pseudoHuber(a, delta);
  });
}

/** g[i] = e / sqrt(1 + (e / delta)^2). */
export function pseudo_huber_gradient_f64(p: Numbers, y: Numbers, n: number, delta: number, g: Numbers): void {
  eachError(p, y, n, g, (e) => {
    const r = Math.abs(e) / delta;
    return r > STEEP ? signed(delta, e) : e / Math.sqrt(1 + r * r);
  });
}

/** out[i] = log cosh e: log1p(2 sinh(a / 2)^2) for a = |e| < 1, else a - ln2 + log1p(e^-2a). */
export function log_cosh_f64(p: Numbers, y: Numbers, n: number, out: Float64Array): void {
  eachError(p, y, n, out, (e) => logCosh(Math.abs(e)));
}

/** As `log_cosh_f64` for float32 rows; float32 steps where they are safe. */
export function log_cosh_f32(p: Numbers, y: Numbers, n: number, out: Float64Array): void {
  eachError(p, y, n, out, (e) => {
    const a = Math.abs(e);
    return isSingle(a) ? logCoshSingle(a) : logCosh(a);
  });
}

/** g[i] = tanh e. */
export function log_cosh_gradient_f64(p: Numbers, y: Numbers, n: number, g: Numbers): void {
  eachError(p, y, n, g, (e) => signed(tanh(Math.abs(e)), e));
}

/** out[i] = q (y - p) where y > p, else (1 - q)(p - y). */
export function quantile_f64(p: Numbers, y: Numbers, n: number, q: number, out: Float64Array): void {
  eachError(p, y, n, out, (e) => Math.abs(e) * (e > 0 ? 1 - q : q));
}

/** g[i] = -q where y > p, 1 - q where y < p, 0 between. */
export function quantile_gradient_f64(p: Numbers, y: Numbers, n: number, q: number, g: Numbers): void {
  eachError(p, y, n, g, (e) => signed(e > 0 ? 1 - q : q, e));
}

/** out[i] = tau e^2 where y >= p, else (1 - tau) e^2. */
export function expectile_f64(p: Numbers, y: Numbers, n: number, tau: number, out: Float64Array): void {
  eachError(p, y, n, out, (e) => e * e * (e > 0 ? 1 - tau : tau));
}

/** g[i] = 2 tau e where y >= p, else 2 (1 - tau) e. */
export function expectile_gradient_f64(p: Numbers, y: Numbers, n: number, tau: number, g: Numbers): void {
  eachError(p, y, n, g, (e) => (e + e) * (e > 0 ? 1 - tau : tau));
}

export {
  expectile_f64 as expectile_f32,
  expectile_gradient_f64 as expectile_gradient_f32,
  log_cosh_gradient_f64 as log_cosh_gradient_f32,
  pseudo_huber_gradient_f64 as pseudo_huber_gradient_f32,
  quantile_f64 as quantile_f32,
  quantile_gradient_f64 as quantile_gradient_f32,
  smooth_l1_f64 as smooth_l1_f32,
  smooth_l1_gradient_f64 as smooth_l1_gradient_f32,
};
