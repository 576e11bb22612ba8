import { curvature, type KernelExports } from '@lossmill/kernels';
import { each, flat } from './curvature.js';
import { boundRegression, type Kernel, REGRESSION } from './real.js';
import type { Batch, BoundLoss, Curvature, LossDefinition, Parameters } from './types.js';

type SumKernel = (kernels: KernelExports, batch: Batch, out: number, accumulator: number) => void;

function regression(
  name: string,
  parameters: Parameters,
  derived: BoundLoss['derived'],
  kernels: { value: Kernel; gradient: Kernel; curvature: Curvature; valueAndSum: SumKernel },
): BoundLoss {
  return { ...boundRegression(name, parameters, kernels), derived };
}

export const error: LossDefinition = {
  ...REGRESSION,
  name: 'error',
  aliases: ['bias', 'me'],
  about: 'Signed error; its sum is the exact signed sum, its mean the bias.',
  formula: 'p - y',
  gradient: '1',
  curvature: '0',
  stability: 'one subtraction, rounded once',
  elsewhere: { statsmodels: 'eval_measures.bias' },
  parameters: [],
  bind: (parameters) =>
    regression('error', parameters, [], {
      value: (k, b, out) => k[`error_${b.type}`](b.prediction, b.target, b.rows, out),
      gradient: (k, b, out) => k[`error_gradient_${b.type}`](b.prediction, b.target, b.rows, out),
      curvature: flat,
      valueAndSum: (k, b, out, acc) => k[`error_sum_${b.type}`](b.prediction, b.target, b.rows, out, acc),
    }),
};

export const mse: LossDefinition = {
  ...REGRESSION,
  name: 'mse',
  aliases: ['mse_loss', 'mean_squared_error', 'squared_error'],
  about: 'Squared error.',
  formula: '(p - y)^2',
  gradient: '2 (p - y)',
  curvature: '2',
  stability: 'the error is rounded once; with float32 data its square is exact in float64',
  elsewhere: {
    torch: 'MSELoss',
    keras: 'MeanSquaredError',
    sklearn: 'mean_squared_error',
    optax: 'squared_error (l2_loss is half of it)',
    tfjs: 'meanSquaredError',
    xgboost: 'reg:squarederror',
    lightgbm: 'regression',
  },
  parameters: [],
  bind: (parameters) =>
    regression('mse', parameters, ['rmse'], {
      value: (k, b, out) => k[`mse_${b.type}`](b.prediction, b.target, b.rows, out),
      gradient: (k, b, out) => k[`mse_gradient_${b.type}`](b.prediction, b.target, b.rows, out),
      curvature: each(() => 2),
      valueAndSum: (k, b, out, acc) => k[`mse_sum_${b.type}`](b.prediction, b.target, b.rows, out, acc),
    }),
};

export const mae: LossDefinition = {
  ...REGRESSION,
  name: 'mae',
  aliases: ['l1', 'l1_loss', 'mean_absolute_error', 'absolute_error'],
  about: 'Absolute error.',
  formula: '|p - y|',
  gradient: 'sign(p - y), 0 at p = y',
  curvature: '0',
  stability: 'the error is rounded once',
  elsewhere: {
    torch: 'L1Loss',
    keras: 'MeanAbsoluteError',
    sklearn: 'mean_absolute_error',
    tfjs: 'absoluteDifference',
    xgboost: 'reg:absoluteerror',
    lightgbm: 'regression_l1',
  },
  parameters: [],
  bind: (parameters) =>
    regression('mae', parameters, [], {
      value: (k, b, out) => k[`mae_${b.type}`](b.prediction, b.target, b.rows, out),
      gradient: (k, b, out) => k[`mae_gradient_${b.type}`](b.prediction, b.target, b.rows, out),
      curvature: flat,
      valueAndSum: (k, b, out, acc) => k[`mae_sum_${b.type}`](b.prediction, b.target, b.rows, out, acc),
    }),
};

export const huber: LossDefinition = {
  ...REGRESSION,
  name: 'huber',
  aliases: ['huber_loss'],
  about: 'Squared error near zero, absolute error beyond delta.',
  formula: 'q = min(|e|, delta);  q^2 / 2 + delta (|e| - q)  with e = p - y',
  gradient: 'clip(e, -delta, delta)',
  curvature: '1 where |e| <= delta, else 0',
  stability: 'no cancellation: both terms are at least 0',
  elsewhere: {
    torch: 'HuberLoss',
    keras: 'Huber',
    sklearn: 'HuberRegressor (scaled), SGD loss="huber"',
    optax: 'huber_loss',
    tfjs: 'huberLoss',
    lightgbm: 'huber (alpha)',
  },
  parameters: [
    {
      name: 'delta',
      kind: 'number',
      default: 1,
      low: 0,
      high: Number.MAX_VALUE,
      open: true,
      about: 'where it turns linear',
    },
  ],
  bind: (parameters) => {
    const delta = parameters.delta as number;
    return regression('huber', parameters, [], {
      value: (k, b, out) => k[`huber_${b.type}`](b.prediction, b.target, b.rows, delta, out),
      gradient: (k, b, out) => k[`huber_gradient_${b.type}`](b.prediction, b.target, b.rows, delta, out),
      curvature: each((p, y) => curvature.regression.huber(p - y, delta)),
      valueAndSum: (k, b, out, acc) => k[`huber_sum_${b.type}`](b.prediction, b.target, b.rows, delta, out, acc),
    });
  },
};
