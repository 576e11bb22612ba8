import { log } from '@lossmill/kernels';
import { pairForm, wideForm } from './forms.js';
import type { CompatLibrary } from './types.js';

/** SUM_BY_NONZERO_WEIGHTS, the default of all of tf.losses. */
const nonzero = () => 'nonzero' as const;

/** epsilon is added to both arguments of the logarithm (tfjs-core/src/ops/losses/log_loss.ts). */
const EPSILON = 1e-7;

const logLoss = pairForm(
  (p, y, round) => -y * log(round(p + round(EPSILON))) - (1 - y) * log(round(round(1 - p) + round(EPSILON))),
  (p, y, round) => (1 - y) / round(round(1 - p) + round(EPSILON)) - y / round(p + round(EPSILON)),
);

/** The vectors are taken for unit vectors: 1 - <a, b>. */
const cosineDistance = wideForm(
  ({ p, y, at, n }) => {
    let dot = 0;
    for (let k = at; k < at + n; k++) dot += p[k] * (y?.[k] ?? 0);
    return 1 - dot;
  },
  ({ y, at, n }, out) => {
    for (let k = at; k < at + n; k++) out[k] = -(y?.[k] ?? 0);
  },
);

/** tf.losses of @tensorflow/tfjs-core 4.22. */
export const TFJS: CompatLibrary = {
  mse: { call: 'meanSquaredError', denominator: nonzero },
  mae: { call: 'absoluteDifference', denominator: nonzero },
  huber: { call: 'huberLoss', parameters: ['delta'], denominator: nonzero },
  bce: {
    call: 'sigmoidCrossEntropy, logLoss',
    parameters: ['label_smoothing', 'clip'],
    unfit: ({ input, parameters }) =>
      input === 'probabilities' && parameters.label_smoothing !== 0
        ? 'logLoss has no label_smoothing; of logits there is one'
        : null,
    denominator: nonzero,
    form: ({ edges, input }) => (edges && input === 'probabilities' ? logLoss : null),
  },
  cross_entropy: {
    call: 'softmaxCrossEntropy',
    parameters: ['label_smoothing'],
    unfit: ({ input }) => (input === 'logits' ? null : 'it takes logits'),
    denominator: nonzero,
  },
  hinge: { call: 'hingeLoss', denominator: nonzero },
  cosine: { call: 'cosineDistance', denominator: nonzero, form: () => cosineDistance },
};
