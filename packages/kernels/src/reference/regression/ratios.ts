import { pmax, pmin } from '../link/exp.js';
import { log1p_f64, logAny_f64 } from '../link/log.js';
import { eachPair, type Numbers, signed } from './rows.js';

// Losses of the prediction relative to the target and their derivatives by the prediction, in float64 whatever the columns are.

/** What log1p takes, and what two numbers may be for their sum to be finite. */
const LARGE = 2 ** 1000;

/** |log1p(p) - log1p(y)| as log1p(|p - y| / (1 + min)): no cancellation between two logarithms. */
function logDistance(p: number, y: number): number {
  const base = 1 + pmin(p, y);
  const x = Math.abs(p - y) / base;
  return x > LARGE ? logAny_f64(pmax(p, y)) - logAny_f64(base) : log1p_f64(x);
}

/** 1/2 where a sum of the two might overflow, else 1. */
function relief(p: number, y: number): number {
  return pmax(Math.abs(p), Math.abs(y)) > LARGE ? 0.5 : 1;
}

/** out[i] = (log1p(p) - log1p(y))^2. */
export function msle_f64(p: Numbers, y: Numbers, n: number, out: Float64Array): void {
  eachPair(p, y, n, out, (a, b) => {
    const l = logDistance(a, b);
    return l * l;
  });
}

/** g[i] = 2 (log1p(p) - log1p(y)) / (1 + p), 0 at p = Infinity. */
export function msle_gradient_f64(p: Numbers, y: Numbers, n: number, g: Numbers): void {
  eachPair(p, y, n, g, (a, b) => {
    const e = a - b;
    if (a === Infinity && !Number.isNaN(e)) return 0;
    const l = logDistance(a, b);
    return signed(Math.abs((l + l) / (1 + a)), e);
  });
}

/** out[i] = |p - y| / max(epsilon, |y|); 0 where p = y, 1 where only y is infinite. */
export function mape_f64(p: Numbers, y: Numbers, n: number, epsilon: number, out: Float64Array): void {
  eachPair(p, y, n, out, (a, b) => {
    const size = pmax(Math.abs(b), epsilon);
    if (size === Infinity && Math.abs(a) < Infinity) return 1;
    return a - b === 0 ? 0 : Math.abs(a - b) / size;
  });
}

/** g[i] = sign(p - y) / max(epsilon, |y|); 0 where p = y. */
export function mape_gradient_f64(p: Numbers, y: Numbers, n: number, epsilon: number, g: Numbers): void {
  eachPair(p, y, n, g, (a, b) => signed(1 / pmax(Math.abs(b), epsilon), a - b));
}

/** out[i] = 2 |p - y| / (|p| + |y|); 0 where p = y, 2 where one is infinite. */
export function smape_f64(p: Numbers, y: Numbers, n: number, out: Float64Array): void {
  eachPair(p, y, n, out, (a, b) => {
    const scale = relief(a, b);
    const e = Math.abs(a * scale - b * scale);
    if (e === 0) return 0;
    if (e === Infinity) return 2;
    const ratio = e / (Math.abs(a * scale) + Math.abs(b * scale));
    return ratio + ratio;
  });
}

/** g[i] = 4 |y| / (|p| + |y|)^2 with the sign of p - y, 0 where the signs of p and y differ; at p = 0 the mean of both sides. */
export function smape_gradient_f64(p: Numbers, y: Numbers, n: number, g: Numbers): void {
  eachPair(p, y, n, g, (a, b) => {
    const scale = relief(a, b);
    const e = a * scale - b * scale;
    if (e === 0 || Math.abs(e) === Infinity) return 0;
    const size = Math.abs(a * scale) + Math.abs(b * scale);
    const apart = isNegative(a) !== isNegative(b);
    const factor = a === 0 ? 2 : apart ? 0 : 4;
    const slope = factor * (Math.abs(b * scale) / size / size) * scale;
    return e < 0 ? -slope : slope;
  });
}

function isNegative(x: number): boolean {
  return x < 0 || Object.is(x, -0);
}

export {
  mape_f64 as mape_f32,
  mape_gradient_f64 as mape_gradient_f32,
  msle_f64 as msle_f32,
  msle_gradient_f64 as msle_gradient_f32,
  smape_f64 as smape_f32,
  smape_gradient_f64 as smape_gradient_f32,
};
