import { curvature, exp } from '@lossmill/kernels';
import { flat, total } from './curvature.js';
import { inputDomain, LOG_PROBABILITY, PROBABILITY, REAL } from './domains.js';
import type { Curvature, InputKind, LossDefinition } from './types.js';

function bend(input: InputKind, logTarget: boolean): Curvature {
  if (input === 'log_probabilities') return flat;
  return ({ prediction, target }, out) => {
    const q = Float64Array.from(target, (x) => (logTarget ? exp(x) : x));
    if (input === 'logits') curvature.rows.crossEntropyLogits(prediction, total(q), out);
    else curvature.rows.crossEntropyProbabilities(prediction, q, 0, out);
  };
}

export const klDiv: LossDefinition = {
  name: 'kl_div',
  aliases: ['kullback_leibler', 'kl_divergence', 'kl_div_loss'],
  family: 'classes',
  about: 'Kullback-Leibler divergence of the target from the prediction, in nats: a row is summed over its classes.',
  formula: 'sum over k of q_k (log q_k - lp_k), 0 where q_k = 0;  lp the log-probabilities (of logits z: z_k - lse)',
  gradient: 'log-probabilities: -q_k;  probabilities: -q_k / p_k;  logits: softmax_k (sum of q) - q_k',
  curvature: 'log-probabilities: 0;  probabilities: q_k / p_k^2;  logits: (sum of q) softmax_k (1 - softmax_k)',
  domain:
    'log-probabilities: at most 0, -Infinity allowed; probabilities: 0 … 1; logits: any real or +-Infinity; target: C probabilities, with log_target C log-probabilities',
  stability:
    'q_k = 0 adds 0 even where lp_k = -Infinity (torch: NaN); q_k > 0 there is Infinity; rows that need not add up to 1 are taken as they are',
  elsewhere: {
    torch: 'KLDivLoss (its mean divides by elements: means.elements; batchmean is means.rows)',
    keras: 'KLDivergence',
    optax: 'kl_divergence',
    torchmetrics: 'KLDivergence',
    scipy: 'stats.entropy(q, p)',
  },
  parameters: [
    { name: 'log_target', kind: 'flag', default: false, low: 0, high: 1, about: 'the target holds log-probabilities' },
  ],
  inputs: ['log_probabilities', 'logits', 'probabilities'],
  targets: ['probabilities'],
  bind: (parameters, input) => {
    const kind = input === 'logits' || input === 'probabilities' ? input : 'log_probabilities';
    const logTarget = parameters.log_target === true;
    return {
      name: 'kl_div',
      parameters,
      family: 'classes',
      input: kind,
      target: 'probabilities',
      predictionDomain: inputDomain(kind),
      targetDomain: logTarget ? LOG_PROBABILITY : PROBABILITY,
      derived: [],
      ignoreIndex: null,
      classWeight: null,
      elementwise: true,
      curvature: bend(kind, logTarget),
      value: (k, { type, prediction, target, rows, classes }, out) =>
        k[`kl_div_${kind}_${type}`](prediction, target, rows, classes, Number(logTarget), out),
      gradient: (k, { type, prediction, target, rows, classes }, out) =>
        k[`kl_div_${kind}_gradient_${type}`](prediction, target, rows, classes, Number(logTarget), out),
    };
  },
};

export const cosine: LossDefinition = {
  name: 'cosine',
  aliases: ['cosine_similarity', 'cosine_distance'],
  family: 'vectors',
  about: 'Cosine distance of two vectors: 1 minus their cosine similarity.',
  formula:
    '1 - <a, b> / (max(|a|, epsilon) max(|b|, epsilon)),  computed as |u - v|^2 / 2,  beyond a right angle as 2 - |u + v|^2 / 2,  u = a / |a|, v = b / |b|',
  gradient: '-(v - cos u) / |a|;  where |a| < epsilon: -v / epsilon',
  curvature: '(2 u_k (v_k - cos u_k) + cos (1 - u_k^2)) / |a|^2;  where |a| < epsilon: 0',
  domain: 'vectors of the same length: any finite numbers; an infinite entry has no limit: NaN',
  stability:
    'nearly parallel vectors keep their digits; squares that would overflow or vanish are scaled; a zero vector is NaN without epsilon, 1 with it',
  elsewhere: {
    torch: '1 - CosineSimilarity (eps = 1e-8), CosineEmbeddingLoss with target 1',
    keras: '1 + CosineSimilarity (the loss is minus the similarity)',
    optax: 'cosine_distance',
    sklearn: 'cosine_distances',
    scipy: 'spatial.distance.cosine',
    tfjs: 'cosineDistance (of unit vectors)',
  },
  parameters: [
    {
      name: 'epsilon',
      kind: 'number',
      default: 0,
      low: 0,
      high: Number.MAX_VALUE,
      about: 'norms below it are raised to it; 0 = never',
    },
  ],
  inputs: [],
  bind: (parameters) => {
    const epsilon = parameters.epsilon as number;
    return {
      name: 'cosine',
      parameters,
      family: 'vectors',
      input: null,
      target: 'vector',
      predictionDomain: REAL,
      targetDomain: REAL,
      derived: [],
      ignoreIndex: null,
      classWeight: null,
      value: (k, { type, prediction, target, rows, classes }, out) =>
        k[`cosine_${type}`](prediction, target, rows, classes, epsilon, out),
      gradient: (k, { type, prediction, target, rows, classes }, out) =>
        k[`cosine_gradient_${type}`](prediction, target, rows, classes, epsilon, out),
      curvature: ({ prediction, target }, out) => curvature.rows.cosine(prediction, target, epsilon, out),
    };
  },
};
