import { log } from '@lossmill/kernels';
import { BINARY } from '../domains.js';
import { held, pairForm, type Round, wideForm } from './forms.js';
import type { CompatLibrary, CompatShape } from './types.js';

const weight = () => 'weight' as const;

/** np.finfo(dtype).eps of the data's type. */
const epsOf = (round: Round): number => (round(1 + 2 ** -30) === 1 ? 2 ** -23 : 2 ** -52);

/** Both 1 - p and p are clipped to [eps, 1 - eps] (sklearn/metrics/_classification.py, log_loss). */
const clippedBce = pairForm(
  (p, y, round) => {
    const eps = epsOf(round);
    return -log(held(y === 1 ? p : round(1 - p), eps, 1 - eps));
  },
  (p, y, round) => {
    const eps = epsOf(round);
    const q = y === 1 ? p : round(1 - p);
    return q < eps || q > 1 - eps ? 0 : (y === 1 ? -1 : 1) / q;
  },
);

const clippedCrossEntropy = wideForm(
  ({ p, at, index, weights, round }) => {
    const eps = epsOf(round);
    return -(weights?.[index] ?? 1) * log(held(p[at + index], eps, 1 - eps));
  },
  ({ p, at, index, weights, round }, out) => {
    const eps = epsOf(round);
    const q = p[at + index];
    out[at + index] = q < eps || q > 1 - eps ? 0 : -(weights?.[index] ?? 1) / q;
  },
);

const classTargets = ({ target }: CompatShape): string | null =>
  target === 'probabilities' ? 'it takes class targets, not C probabilities' : null;

/** sklearn.metrics of scikit-learn 1.9; class weights are sample weights by class. */
export const SKLEARN: CompatLibrary = {
  mse: { call: 'mean_squared_error', denominator: weight },
  mae: { call: 'mean_absolute_error', denominator: weight },
  quantile: { call: 'mean_pinball_loss', parameters: ['q'], denominator: weight },
  msle: { call: 'mean_squared_log_error', denominator: weight },
  mape: {
    call: 'mean_absolute_percentage_error',
    parameters: ['epsilon'],
    denominator: weight,
    clipping: () => ({ epsilon: 2 ** -52 }),
  },
  bce: {
    call: 'log_loss',
    parameters: ['clip'],
    denominator: weight,
    form: ({ edges, input }) => (edges && input === 'probabilities' ? clippedBce : null),
    targetDomain: BINARY,
  },
  cross_entropy: {
    call: 'log_loss',
    parameters: ['class_weight', 'clip'],
    unfit: classTargets,
    denominator: weight,
    form: ({ edges, input }) => (edges && input === 'probabilities' ? clippedCrossEntropy : null),
  },
  hinge: { call: 'hinge_loss', denominator: weight },
  crammer_singer: { call: 'hinge_loss', parameters: ['class_weight'], denominator: weight },
  brier: {
    call: 'brier_score_loss',
    unfit: classTargets,
    denominator: weight,
    units: ({ family, classes }) => [family === 'classes' && classes === 2 ? 0.5 : 1, 0],
  },
  zero_one: { call: 'zero_one_loss, 1 - top_k_accuracy_score', parameters: ['top_k'], denominator: weight },
};
