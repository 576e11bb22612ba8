import { curvature } from '@lossmill/kernels';
import { each, flat } from './curvature.js';
import { atLeast0, boundRegression, positive, REGRESSION, share } from './real.js';
import type { LossDefinition } from './types.js';

// Losses of the error e = p - y alone.

export const smoothL1: LossDefinition = {
  ...REGRESSION,
  name: 'smooth_l1',
  aliases: ['smooth_l1_loss'],
  about: 'Squared error near zero, absolute error beyond beta: huber divided by its delta.',
  formula: 'e^2 / (2 beta) where |e| < beta, else |e| - beta / 2,  e = p - y;  beta = 0 is mae',
  gradient: 'e / beta where |e| < beta, else sign(e);  0 at e = 0',
  curvature: '1 / beta where |e| < beta, else 0',
  stability: 'e times e / beta, so nothing overflows before the loss does; no cancellation',
  elsewhere: { torch: 'SmoothL1Loss' },
  parameters: [atLeast0('beta', 1, 'where it turns linear')],
  bind: (parameters) => {
    const beta = parameters.beta as number;
    return boundRegression('smooth_l1', parameters, {
      value: (k, b, out) => k[`smooth_l1_${b.type}`](b.prediction, b.target, b.rows, beta, out),
      gradient: (k, b, out) => k[`smooth_l1_gradient_${b.type}`](b.prediction, b.target, b.rows, beta, out),
      curvature: each((p, y) => curvature.regression.smoothL1(p - y, beta)),
    });
  },
};

export const pseudoHuber: LossDefinition = {
  ...REGRESSION,
  name: 'pseudo_huber',
  aliases: ['pseudo_huber_loss'],
  about: 'A smooth huber: squared error near zero, absolute error far beyond delta.',
  formula: 'delta^2 (sqrt(1 + (e / delta)^2) - 1)  = e^2 / (1 + sqrt(1 + (e / delta)^2)),  e = p - y',
  gradient: 'e / sqrt(1 + (e / delta)^2)',
  curvature: '(1 + (e / delta)^2)^(-3/2)',
  stability:
    'the second form: at e = 1e-9 it is 5e-19, where the first gives 0; no step overflows before the loss does',
  elsewhere: { xgboost: 'reg:pseudohubererror (huber_slope), mphe' },
  parameters: [positive('delta', 1, 'scale of the change from squared to absolute')],
  bind: (parameters) => {
    const delta = parameters.delta as number;
    return boundRegression('pseudo_huber', parameters, {
      value: (k, b, out) => k[`pseudo_huber_${b.type}`](b.prediction, b.target, b.rows, delta, out),
      gradient: (k, b, out) => k[`pseudo_huber_gradient_${b.type}`](b.prediction, b.target, b.rows, delta, out),
      curvature: each((p, y) => curvature.regression.pseudoHuber(p - y, delta)),
    });
  },
};

export const logCosh: LossDefinition = {
  ...REGRESSION,
  name: 'log_cosh',
  aliases: ['logcosh'],
  about: 'Logarithm of the hyperbolic cosine of the error: half its square near zero, |e| - ln 2 far out.',
  formula: 'log cosh(p - y):  log1p(2 sinh(a / 2)^2) where a = |p - y| < 1,  else a - ln 2 + log1p(e^-2a)',
  gradient: 'tanh(p - y)',
  curvature: 'sech(e)^2 = 4 t / (1 + t)^2,  t = e^-2|e|',
  stability: 'full relative precision at tiny errors (5e-17 at 1e-8), no overflow at large ones',
  elsewhere: { keras: 'LogCosh', optax: 'log_cosh', torchmetrics: 'LogCoshError' },
  parameters: [],
  bind: (parameters) =>
    boundRegression('log_cosh', parameters, {
      value: (k, b, out) => k[`log_cosh_${b.type}`](b.prediction, b.target, b.rows, out),
      gradient: (k, b, out) => k[`log_cosh_gradient_${b.type}`](b.prediction, b.target, b.rows, out),
      curvature: each((p, y) => curvature.regression.logCosh(p - y)),
    }),
};

export const quantile: LossDefinition = {
  ...REGRESSION,
  name: 'quantile',
  aliases: ['pinball', 'pinball_loss'],
  about: 'Pinball loss: least when the prediction is the q-quantile of the target.',
  formula: 'q (y - p) where y > p, else (1 - q)(p - y)',
  gradient: '-q where y > p, 1 - q where y < p, 0 at y = p (anything from -q to 1 - q is a subgradient there)',
  curvature: '0',
  stability: 'one rounding of the error, one of the product',
  elsewhere: {
    sklearn: 'mean_pinball_loss (alpha)',
    xgboost: 'reg:quantileerror (quantile_alpha)',
    lightgbm: 'quantile (alpha)',
  },
  parameters: [share('q', 0.5, 'the quantile')],
  bind: (parameters) => {
    const q = parameters.q as number;
    return boundRegression('quantile', parameters, {
      value: (k, b, out) => k[`quantile_${b.type}`](b.prediction, b.target, b.rows, q, out),
      gradient: (k, b, out) => k[`quantile_gradient_${b.type}`](b.prediction, b.target, b.rows, q, out),
      curvature: flat,
    });
  },
};

export const expectile: LossDefinition = {
  ...REGRESSION,
  name: 'expectile',
  aliases: ['expectile_loss'],
  about: 'Squared error with one weight for each side: least when the prediction is the tau-expectile.',
  formula: 'c (p - y)^2,  c = tau where y >= p, else 1 - tau',
  gradient: '2 c (p - y)',
  curvature: '2 c',
  stability: 'no cancellation; with float32 data the square is exact in float64',
  elsewhere: { xgboost: 'reg:expectileerror' },
  parameters: [share('tau', 0.5, 'weight of the targets above the prediction')],
  bind: (parameters) => {
    const tau = parameters.tau as number;
    return boundRegression('expectile', parameters, {
      value: (k, b, out) => k[`expectile_${b.type}`](b.prediction, b.target, b.rows, tau, out),
      gradient: (k, b, out) => k[`expectile_gradient_${b.type}`](b.prediction, b.target, b.rows, tau, out),
      curvature: each((p, y) => curvature.regression.expectile(p, y, tau)),
    });
  },
};
