import { curvature } from '@lossmill/kernels';
import { each } from './curvature.js';
import { AT_LEAST_0, inputDomain, REAL } from './domains.js';
import { atLeast0, boundRegression, FULL, type Kernel, REGRESSION } from './real.js';
import type { BoundLoss, InputKind, LossDefinition, Parameters } from './types.js';

// Negative log-likelihoods of a mean: given as its logarithm (input: logits) or as itself (input: mean).

const MEAN = { ...REGRESSION, inputs: ['logits', 'mean'] } as const satisfies Partial<LossDefinition>;
const MEAN_DOMAIN = 'logits (the logarithm of the mean): any real or +-Infinity; mean: at least 0';

function boundMean(
  name: string,
  parameters: Parameters,
  input: InputKind | null,
  power: number,
  make: (link: 'logits' | 'mean') => { value: Kernel; gradient: Kernel },
): BoundLoss {
  const kind = input ?? 'logits';
  const link = kind === 'mean' ? 'mean' : 'logits';
  const bend = curvature.regression.meanLoss[link];
  return {
    ...boundRegression(name, parameters, { ...make(link), curvature: each((p, y) => bend(p, y, power)) }),
    input: kind,
    predictionDomain: inputDomain(kind),
    targetDomain: AT_LEAST_0,
  };
}

export const poissonNll: LossDefinition = {
  ...MEAN,
  name: 'poisson_nll',
  aliases: ['poisson', 'poisson_nll_loss'],
  about: 'Negative log-likelihood of a count under a Poisson mean.',
  formula: 'logits z: e^z - y z;  mean m: m - y log m;  full: + log(y!)',
  gradient: 'logits: e^z - y;  mean: 1 - y / m',
  curvature: 'logits: e^z;  mean: y / m^2',
  domain: `${MEAN_DOMAIN}; target: at least 0`,
  stability:
    'a target of 0 makes its term 0; mean 0 at a target above 0 is Infinity; log(y!) to 4 ulp, not Stirling alone',
  elsewhere: {
    torch: 'PoissonNLLLoss (full: Stirling)',
    keras: 'Poisson (mean)',
    sklearn: 'PoissonRegressor, mean_poisson_deviance (twice, less its least value)',
    xgboost: 'count:poisson, poisson-nloglik (full)',
    lightgbm: 'poisson',
  },
  parameters: [{ ...FULL, about: `${FULL.about}: log(y!)` }],
  bind: (parameters, input) => {
    const full = parameters.full ? 1 : 0;
    return boundMean('poisson_nll', parameters, input, 1, (link) => ({
      value: (k, b, out) => k[`poisson_${link}_${b.type}`](b.prediction, b.target, b.rows, full, out),
      gradient: (k, b, out) => k[`poisson_${link}_gradient_${b.type}`](b.prediction, b.target, b.rows, out),
    }));
  },
};

export const gammaNll: LossDefinition = {
  ...MEAN,
  name: 'gamma_nll',
  aliases: ['gamma', 'gamma_nll_loss'],
  about: 'Negative log-likelihood under a gamma distribution of shape 1 and this mean.',
  formula: 'logits z: z + y e^-z;  mean m: log m + y / m',
  gradient: 'logits: 1 - y e^-z;  mean: (m - y) / m^2',
  curvature: 'logits: y e^-z;  mean: (2 y - m) / m^3',
  domain: `${MEAN_DOMAIN}; target: at least 0`,
  stability: 'a target of 0 makes its term 0; mean 0 at a target above 0 is Infinity',
  elsewhere: {
    sklearn: 'GammaRegressor, mean_gamma_deviance (twice, less its least value)',
    xgboost: 'reg:gamma, gamma-nloglik',
    lightgbm: 'gamma',
  },
  parameters: [{ ...FULL, about: `${FULL.about}: nothing, at shape 1` }],
  bind: (parameters, input) =>
    boundMean('gamma_nll', parameters, input, 2, (link) => ({
      value: (k, b, out) => k[`gamma_${link}_${b.type}`](b.prediction, b.target, b.rows, out),
      gradient: (k, b, out) => k[`gamma_${link}_gradient_${b.type}`](b.prediction, b.target, b.rows, out),
    })),
};

export const tweedie: LossDefinition = {
  ...MEAN,
  name: 'tweedie',
  aliases: ['tweedie_nll', 'tweedie_loss'],
  about:
    'Half the Tweedie deviance but for a term of the target alone; power 0 half the squared error, 1 poisson_nll, 2 gamma_nll.',
  formula:
    'logits z: e^((2 - power) z) / (2 - power)  - y e^((1 - power) z) / (1 - power);  mean m: the same with z = log m;  power 0: (m - y)^2 / 2;  power 1: m - y log m;  power 2: log m + y / m',
  gradient: 'logits: e^((2 - power) z) - y e^((1 - power) z);  mean: (m - y) / m^power',
  curvature:
    'logits: (2 - power) e^((2 - power) z)  - (1 - power) y e^((1 - power) z);  mean: (m + power (y - m)) / m^(power + 1)',
  domain: `${MEAN_DOMAIN} (power 0: any real); target: at least 0 (power 0: any real)`,
  stability: 'a target of 0 makes its term 0; between 1 and 2 both terms are at least 0',
  elsewhere: {
    sklearn: 'TweedieRegressor, mean_tweedie_deviance (twice, less its least value)',
    torchmetrics: 'TweedieDevianceScore (twice, less its least value)',
    xgboost: 'reg:tweedie (tweedie_variance_power), tweedie-nloglik',
    lightgbm: 'tweedie (tweedie_variance_power)',
  },
  parameters: [
    {
      ...{ name: 'power', kind: 'number', default: 1.5, low: 0, high: Number.MAX_VALUE, gap: [0, 1] },
      about: 'power of the mean that the variance goes with',
    },
  ],
  bind: (parameters, input) => {
    const power = parameters.power as number;
    const bound = boundMean('tweedie', parameters, input, power, (link) => ({
      value: (k, b, out) => k[`tweedie_${link}_${b.type}`](b.prediction, b.target, b.rows, power, out),
      gradient: (k, b, out) => k[`tweedie_${link}_gradient_${b.type}`](b.prediction, b.target, b.rows, power, out),
    }));
    return power === 0 ? { ...bound, predictionDomain: REAL, targetDomain: REAL } : bound;
  },
};

export const gaussianNll: LossDefinition = {
  ...REGRESSION,
  name: 'gaussian_nll',
  aliases: ['gaussian', 'gaussian_nll_loss'],
  about: 'Negative log-likelihood under a normal distribution whose mean and variance are predicted.',
  formula: '(log v + (p - y)^2 / v) / 2,  v = max(variance, epsilon);  full: + log(2 pi) / 2',
  gradient: '(p - y) / v (by the mean)',
  curvature: '1 / v (by the mean)',
  domain: 'prediction and target: any real number; variance (columns.variance): at least 0',
  stability:
    'e times e / v, so nothing overflows before the loss does; variance 0 without epsilon: Infinity unless p = y',
  elsewhere: { torch: 'GaussianNLLLoss (eps)', mlx: 'gaussian_nll_loss' },
  wantsVariance: true,
  parameters: [
    { ...FULL, about: `${FULL.about}: log(2 pi) / 2` },
    atLeast0('epsilon', 1e-6, 'least variance; smaller ones are raised to it'),
  ],
  bind: (parameters) => {
    const full = parameters.full ? 1 : 0;
    const epsilon = parameters.epsilon as number;
    return {
      ...boundRegression('gaussian_nll', parameters, {
        value: (k, b, out) => k[`gaussian_${b.type}`](b.prediction, b.target, b.variance, b.rows, full, epsilon, out),
        gradient: (k, b, out) =>
          k[`gaussian_gradient_${b.type}`](b.prediction, b.target, b.variance, b.rows, epsilon, out),
        curvature: each((_p, _y, { variance }) => curvature.regression.gaussian(variance, epsilon)),
      }),
      varianceDomain: { ...AT_LEAST_0, words: 'a variance (a number of at least 0)' },
    };
  },
};
