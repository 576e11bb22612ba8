// The rest of the catalogue, a case a loss, beside NumPy and torch: value only, C = 10 for vectors.
import { classRows, counts, distributions, labels, pairs, probability, vectors } from './columns.mjs';
import { beats, kernelCase } from './make.mjs';

const CLASSES = 10;
const MANY = 1 << 22;
const goal = [beats(2, /NumPy/)];

const one = (loss, family, unit, make, rest = {}) =>
  kernelCase({ name: loss, loss, family, unit, make, full: MANY, goal, brief: true, ...rest });

const regression = (loss, parameters = {}) => one(loss, 'regression', 'pair', pairs('f32'), { parameters });
const likelihood = (loss, rest) => one(loss, 'regression', 'pair', counts('f32', rest.columns), rest);
const score = (loss, parameters = {}) => one(loss, 'binary', 'element', labels('f32'), { parameters, ...logits(loss) });
const logits = (loss) => (loss === 'focal' ? { input: 'logits' } : {});
const rows = (loss, make, rest) => one(loss, 'classes', 'number', make, { classes: CLASSES, ...rest });
const index = { target: 'index' };

export const catalogue = [
  regression('error'),
  regression('smooth_l1', { beta: 1 }),
  regression('pseudo_huber', { delta: 1 }),
  regression('log_cosh'),
  regression('quantile', { q: 0.3 }),
  regression('expectile', { tau: 0.3 }),
  one('msle', 'regression', 'pair', counts('f32', { link: Math.exp })),
  regression('mape'),
  regression('smape'),
  likelihood('poisson_nll', { input: 'logits', columns: { whole: true } }),
  likelihood('poisson_nll', { name: 'poisson_nll of means', input: 'mean', columns: { whole: true, link: Math.exp } }),
  likelihood('gamma_nll', { input: 'logits', columns: {} }),
  likelihood('tweedie', { input: 'logits', parameters: { power: 1.5 }, columns: {} }),
  likelihood('gaussian_nll', { columns: { variance: true } }),
  one('bce', 'binary', 'element', labels('f32', probability), { name: 'bce of probabilities', input: 'probabilities' }),
  score('focal', { gamma: 2, alpha: 0.25 }),
  score('hinge'),
  score('squared_hinge'),
  score('exponential'),
  score('soft_margin'),
  one('brier', 'binary', 'element', labels('f32', probability), { input: 'probabilities' }),
  score('zero_one'),
  rows('nll', classRows('f32', CLASSES, { normalize: true }), { ...index, input: 'log_probabilities' }),
  rows('kl_div', distributions('f32', CLASSES), { target: 'probabilities', input: 'log_probabilities' }),
  rows('multi_margin', classRows('f32', CLASSES), index),
  rows('crammer_singer', classRows('f32', CLASSES), index),
  one('cosine', 'vectors', 'number', vectors('f32', CLASSES), { classes: CLASSES, target: 'vector' }),
];
