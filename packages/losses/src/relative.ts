import { curvature } from '@lossmill/kernels';
import { each, flat } from './curvature.js';
import { ABOVE_MINUS_1 } from './domains.js';
import { atLeast0, boundRegression, REGRESSION } from './real.js';
import type { LossDefinition } from './types.js';

// Losses of the prediction relative to the target.

export const msle: LossDefinition = {
  ...REGRESSION,
  name: 'msle',
  aliases: ['mean_squared_log_error', 'squared_log_error', 'mean_squared_logarithmic_error'],
  about: 'Squared difference of log(1 + value).',
  formula: '(log(1 + p) - log(1 + y))^2',
  gradient: '2 (log(1 + p) - log(1 + y)) / (1 + p)',
  curvature: '2 (1 - log(1 + p) + log(1 + y)) / (1 + p)^2',
  domain: 'prediction and target: above -1',
  stability: 'one logarithm, log1p(|p - y| / (1 + min(p, y))), so nothing cancels where p is near y',
  elsewhere: {
    keras: 'MeanSquaredLogarithmicError',
    sklearn: 'mean_squared_log_error',
    torchmetrics: 'MeanSquaredLogError',
    xgboost: 'reg:squaredlogerror (half of it)',
  },
  parameters: [],
  bind: (parameters) => ({
    ...boundRegression('msle', parameters, {
      value: (k, b, out) => k[`msle_${b.type}`](b.prediction, b.target, b.rows, out),
      gradient: (k, b, out) => k[`msle_gradient_${b.type}`](b.prediction, b.target, b.rows, out),
      curvature: each(curvature.regression.msle),
    }),
    predictionDomain: ABOVE_MINUS_1,
    targetDomain: ABOVE_MINUS_1,
  }),
};

export const mape: LossDefinition = {
  ...REGRESSION,
  name: 'mape',
  aliases: ['mean_absolute_percentage_error', 'absolute_percentage_error'],
  about: 'Absolute error as a share of the target (0.1 is 10 %).',
  formula: '|p - y| / max(epsilon, |y|);  0 at p = y',
  gradient: 'sign(p - y) / max(epsilon, |y|);  0 at p = y',
  curvature: '0',
  domain: 'prediction and target: any real number; target 0 without epsilon: Infinity unless p = 0',
  stability: 'computed in float64; a target of 0 is Infinity unless epsilon is given',
  elsewhere: {
    keras: 'MeanAbsolutePercentageError (times 100, epsilon 1e-7)',
    sklearn: 'mean_absolute_percentage_error (epsilon 2.2e-16)',
    torchmetrics: 'MeanAbsolutePercentageError (epsilon 1.17e-6)',
    xgboost: 'mape',
    lightgbm: 'mape (max(1, |y|))',
  },
  parameters: [atLeast0('epsilon', 0, 'least size of the target that the error is divided by')],
  bind: (parameters) => {
    const epsilon = parameters.epsilon as number;
    return boundRegression('mape', parameters, {
      value: (k, b, out) => k[`mape_${b.type}`](b.prediction, b.target, b.rows, epsilon, out),
      gradient: (k, b, out) => k[`mape_gradient_${b.type}`](b.prediction, b.target, b.rows, epsilon, out),
      curvature: flat,
    });
  },
};

export const smape: LossDefinition = {
  ...REGRESSION,
  name: 'smape',
  aliases: ['symmetric_mean_absolute_percentage_error'],
  about: 'Absolute error as a share of the mean size of prediction and target, 0 to 2.',
  formula: '2 |p - y| / (|p| + |y|);  0 at p = y',
  gradient: '4 sign(p - y) |y| / (|p| + |y|)^2 where p y > 0, 0 where p y < 0;  2 sign(-y) / |y| at p = 0;  0 at p = y',
  curvature: 'p y > 0: -8 |y| / (|p| + |y|)^3 where |p| > |y|,  8 |y| / (|p| + |y|)^3 where |p| < |y|;  else 0',
  stability: 'scaled where the sum would overflow; the gradient is a product, not a difference',
  elsewhere: { torchmetrics: 'SymmetricMeanAbsolutePercentageError' },
  parameters: [],
  bind: (parameters) =>
    boundRegression('smape', parameters, {
      value: (k, b, out) => k[`smape_${b.type}`](b.prediction, b.target, b.rows, out),
      gradient: (k, b, out) => k[`smape_gradient_${b.type}`](b.prediction, b.target, b.rows, out),
      curvature: each(curvature.regression.smape),
    }),
};
