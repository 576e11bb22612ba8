import { EXP_UNSCALE_F64 } from '../link/constants.js';
import { expScaled_f64, pmax } from '../link/exp.js';
import { log_f64, log1p_f64, log1pUnit_f64 } from '../link/log.js';
import type { Numbers } from './scan-f64.js';

/** Whole exponents up to this are products; others go through exp(gamma log q). */
const MOST_PRODUCTS = 4;

/** Probability p_t of the right answer, q = 1 - p_t, -log(p_t), -log(q). */
interface Chances {
  right: number;
  wrong: number;
  surprise: number;
  relief: number;
}

const decay = (v: number): number => expScaled_f64(v) * EXP_UNSCALE_F64;

function ofLogit(z: number, positive: boolean): Chances {
  const u = positive ? z : -z;
  const e = decay(-Math.abs(u));
  const l = log1pUnit_f64(e);
  const near = 1 / (1 + e);
  const far = e / (1 + e);
  const [right, wrong] = u < 0 ? [far, near] : [near, far];
  return { right, wrong, surprise: pmax(-u, 0) + l, relief: pmax(u, 0) + l };
}

function ofProbability(p: number, positive: boolean): Chances {
  const up = 0 - log_f64(p);
  const down = 0 - log1p_f64(0 - p);
  if (positive) return { right: p, wrong: 1 - p, surprise: up, relief: down };
  return { right: 1 - p, wrong: p, surprise: down, relief: up };
}

/** q^gamma */
function power({ wrong, relief }: Chances, gamma: number): number {
  if (gamma > MOST_PRODUCTS || Math.floor(gamma) !== gamma) return decay(relief * (0 - gamma));
  let product = 1;
  for (let k = 0; k < gamma; k++) product *= wrong;
  return product;
}

function weighted(value: number, x: number, weight: number): number {
  if (Number.isNaN(x)) return x;
  return weight === 0 ? 0 : weight * value;
}

type Settle = typeof ofLogit;

function losses(settle: Settle) {
  return (x: Numbers, y: Numbers, n: number, gamma: number, up: number, down: number, out: Float64Array): void => {
    for (let i = 0; i < n; i++) {
      const chances = settle(x[i], y[i] > 0);
      out[i] = weighted(power(chances, gamma) * chances.surprise, x[i], y[i] > 0 ? up : down);
    }
  };
}

function gradients(settle: Settle) {
  return (x: Numbers, y: Numbers, n: number, gamma: number, up: number, down: number, g: Numbers): void => {
    for (let i = 0; i < n; i++) {
      const positive = y[i] > 0;
      const chances = settle(x[i], positive);
      const { right, wrong, surprise } = chances;
      let sum: number;
      if (settle === ofLogit) sum = gamma * (right === 0 ? 0 : right * surprise) + wrong;
      else {
        sum = 1 / right;
        if (gamma !== 0) sum = gamma * (wrong === 0 ? 1 : surprise / wrong) + sum;
      }
      const size = weighted(power(chances, gamma) * sum, x[i], positive ? up : down);
      g[i] = 0 - (positive ? size : -size);
    }
  };
}

/** out[i] = a q^gamma ce, ce = -log(p_t), q = 1 - p_t; a = `up` for positive targets, else `down`. Float32 too is computed in float64. */
export const focal_logits_f64 = losses(ofLogit);
/** g[i] = -s a q^gamma (gamma p_t ce + q) */
export const focal_logits_gradient_f64 = gradients(ofLogit);
/** As `focal_logits_f64`, of probabilities. */
export const focal_probabilities_f64 = losses(ofProbability);
/** g[i] = -s a q^gamma (gamma ce / q + 1 / p_t) */
export const focal_probabilities_gradient_f64 = gradients(ofProbability);

export {
  focal_logits_f64 as focal_logits_f32,
  focal_logits_gradient_f64 as focal_logits_gradient_f32,
  focal_probabilities_f64 as focal_probabilities_f32,
  focal_probabilities_gradient_f64 as focal_probabilities_gradient_f32,
};
