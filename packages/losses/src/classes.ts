import { curvature } from '@lossmill/kernels';
import { CLIP, LABEL_SMOOTHING } from './binary.js';
import { CLASS_WEIGHT, IGNORE_INDEX } from './class-parameters.js';
import { flat, massesOf, total } from './curvature.js';
import { inputDomain, PROBABILITY, REAL } from './domains.js';
import type { BoundLoss, Curvature, InputKind, LossDefinition, Parameters, TargetKind } from './types.js';

function shared(name: string, parameters: Parameters, input: InputKind, target: TargetKind) {
  return {
    name,
    parameters,
    family: 'classes',
    input,
    target,
    predictionDomain: inputDomain(input),
    targetDomain: target === 'probabilities' ? PROBABILITY : REAL,
    derived: ['perplexity', 'bits', 'accuracy'],
    ignoreIndex: (parameters.ignore_index as number | undefined) ?? null,
    classWeight: (parameters.class_weight as readonly number[] | undefined) ?? null,
  } as const;
}

type Run = BoundLoss['value'];

/** Value and gradient kernels differ in name only. */
const both = (make: (kind: '' | 'gradient_') => Run): Pick<BoundLoss, 'value' | 'gradient'> => ({
  value: make(''),
  gradient: make('gradient_'),
});

/** Of cross_entropy: what the target puts on the classes, under their softmax or over their probabilities. */
function bend(input: InputKind, weights: readonly number[] | null, smoothing: number, clip: number): Curvature {
  return (row, out) => {
    const { prediction, target } = row;
    const masses = massesOf(row, weights, smoothing);
    if (target.length === 1 && target[0] < 0) out.fill(0);
    else if (input === 'logits') curvature.rows.crossEntropyLogits(prediction, total(masses), out);
    else curvature.rows.crossEntropyProbabilities(prediction, masses, clip, out);
  };
}

function bindSoft(parameters: Parameters, input: InputKind): BoundLoss {
  const smoothing = parameters.label_smoothing as number;
  const clip = parameters.clip as number;
  const own = shared('cross_entropy', parameters, input, 'probabilities');
  const base = { ...own, curvature: bend(input, own.classWeight, smoothing, clip) };
  if (input === 'logits') {
    return {
      ...base,
      ...both((kind) => (k, { type, prediction, target, classWeight, rows, classes }, out) => {
        k[`cross_entropy_soft_logits_${kind}${type}`](prediction, target, classWeight, rows, classes, smoothing, out);
      }),
    };
  }
  return {
    ...base,
    ...both((kind) => (k, { type, prediction, target, classWeight, rows, classes }, out) => {
      const kernel = k[`cross_entropy_soft_probabilities_${kind}${type}`];
      kernel(prediction, target, classWeight, rows, classes, smoothing, clip, out);
    }),
  };
}

function bindIndex(parameters: Parameters, input: InputKind): BoundLoss {
  const smoothing = parameters.label_smoothing as number;
  const clip = parameters.clip as number;
  const own = shared('cross_entropy', parameters, input, 'index');
  const base = { ...own, curvature: bend(input, own.classWeight, smoothing, clip) };
  if (input === 'probabilities' && smoothing > 0) {
    return {
      ...base,
      ...both((kind) => (k, { type, prediction, target, classWeight, rows, classes }, out) => {
        const kernel = k[`cross_entropy_smooth_probabilities_${kind}${type}`];
        kernel(prediction, target, classWeight, rows, classes, smoothing, clip, out);
      }),
    };
  }
  if (input === 'probabilities') {
    return {
      ...base,
      ...both((kind) => (k, { type, prediction, target, classWeight, rows, classes }, out) => {
        k[`cross_entropy_probabilities_${kind}${type}`](prediction, target, classWeight, rows, classes, clip, out);
      }),
    };
  }
  if (smoothing === 0 && base.classWeight === null) {
    return {
      ...base,
      ...both((kind) => (k, { type, prediction, target, rows, classes }, out) => {
        k[`cross_entropy_logits_${kind}${type}`](prediction, target, rows, classes, out);
      }),
      valueAndGradient: (k, { type, prediction, target, rows, classes }, out, g) =>
        k[`cross_entropy_logits_both_${type}`](prediction, target, rows, classes, out, g),
    };
  }
  return {
    ...base,
    ...both((kind) => (k, { type, prediction, target, classWeight, rows, classes }, out) => {
      k[`cross_entropy_smooth_logits_${kind}${type}`](prediction, target, classWeight, rows, classes, smoothing, out);
    }),
  };
}

export const crossEntropy: LossDefinition = {
  name: 'cross_entropy',
  aliases: ['softmax_cross_entropy', 'categorical_cross_entropy'],
  family: 'classes',
  about: 'Cross-entropy over C classes: surprise at the right class, in nats.',
  formula:
    'm = max z at k*:  log1p(sum over k != k* of e^(z_k - m)) + (m - z_y),  times class_weight[y];  probability target q or smoothing s: sum over k of a_k (lse - z_k),  a_k = w_k ((1 - s) q_k + s / C);  probabilities p: -(sum over k of a_k log p_k)',
  gradient:
    'class y: softmax_j,  j = y: -(sum over k != y of softmax_k),  times class_weight[y];  with a: softmax_j (sum of the other a) - a_j (sum of the other softmax);  probabilities: -a_j / p_j',
  curvature: 'logits: (sum of a) softmax_j (1 - softmax_j);  probabilities: a_j / p_j^2',
  domain:
    'logits: any real or +-Infinity; probabilities: 0 … 1; target: class index 0 … C-1, class name, or C probabilities',
  stability: 'never 1 - softmax: a confident right answer keeps full relative precision',
  elsewhere: {
    torch: 'CrossEntropyLoss',
    keras: 'SparseCategoricalCrossentropy, CategoricalCrossentropy',
    sklearn: 'log_loss',
    optax: 'softmax_cross_entropy_with_integer_labels, softmax_cross_entropy',
    tfjs: 'softmaxCrossEntropy',
    onnx: 'SoftmaxCrossEntropyLoss',
    xgboost: 'multi:softprob, mlogloss',
    lightgbm: 'multiclass, multi_logloss',
    sparkml: 'MulticlassClassificationEvaluator logLoss',
  },
  parameters: [LABEL_SMOOTHING, IGNORE_INDEX, CLASS_WEIGHT, CLIP],
  inputs: ['logits', 'probabilities'],
  bind: (parameters, input, target) =>
    target === 'probabilities' ? bindSoft(parameters, input ?? 'logits') : bindIndex(parameters, input ?? 'logits'),
};

export const nll: LossDefinition = {
  name: 'nll',
  aliases: ['nll_loss'],
  family: 'classes',
  about: 'Negative log-likelihood of the right class, from log-probabilities.',
  formula: '-class_weight[y] lp_y',
  gradient: 'j = y: -class_weight[y];  else 0',
  curvature: '0',
  domain: 'log-probabilities: at most 0, -Infinity allowed; target: class index 0 … C-1 or class name',
  stability: 'exact',
  elsewhere: { torch: 'NLLLoss', onnx: 'NegativeLogLikelihoodLoss' },
  parameters: [IGNORE_INDEX, CLASS_WEIGHT],
  inputs: ['log_probabilities'],
  targets: ['index'],
  bind: (parameters) => ({
    ...shared('nll', parameters, 'log_probabilities', 'index'),
    value: (k, b, out) => k[`nll_${b.type}`](b.prediction, b.target, b.classWeight, b.rows, b.classes, out),
    curvature: flat,
    gradient: (k, b, out) => k[`nll_gradient_${b.type}`](b.prediction, b.target, b.classWeight, b.rows, b.classes, out),
  }),
};
