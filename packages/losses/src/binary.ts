import { curvature } from '@lossmill/kernels';
import { each } from './curvature.js';
import { inputDomain, LABEL } from './domains.js';
import type { BoundLoss, InputKind, LossDefinition, ParameterDefinition, Parameters } from './types.js';

export const LABEL_SMOOTHING: ParameterDefinition = {
  name: 'label_smoothing',
  kind: 'number',
  default: 0,
  low: 0,
  high: 1,
  about: 'share of the target spread evenly over the classes',
};

export const CLIP: ParameterDefinition = {
  name: 'clip',
  kind: 'number',
  default: 0,
  low: 0,
  high: 0.5,
  about: 'probabilities are moved into [clip, 1 - clip] (input: probabilities); 0 = never',
};

function bind(parameters: Parameters, input: InputKind | null): BoundLoss {
  const kind = input ?? 'logits';
  const weight = parameters.pos_weight as number;
  const smoothing = parameters.label_smoothing as number;
  const clip = parameters.clip as number;
  const shared = {
    name: 'bce',
    parameters,
    family: 'binary',
    input: kind,
    target: 'real',
    predictionDomain: inputDomain(kind),
    targetDomain: LABEL,
    derived: ['perplexity', 'bits', 'accuracy'],
    ignoreIndex: null,
    classWeight: null,
  } as const;
  if (kind === 'logits') {
    return {
      ...shared,
      value: (k, b, out) => k[`bce_logits_${b.type}`](b.prediction, b.target, b.rows, weight, smoothing, out),
      gradient: (k, b, out) =>
        k[`bce_logits_gradient_${b.type}`](b.prediction, b.target, b.rows, weight, smoothing, out),
      valueAndGradient: (k, b, out, g) =>
        k[`bce_logits_both_${b.type}`](b.prediction, b.target, b.rows, weight, smoothing, out, g),
      curvature: each((z, y) => curvature.binary.bceLogits(z, y, weight, smoothing)),
    };
  }
  return {
    ...shared,
    value: (k, b, out) =>
      k[`bce_probabilities_${b.type}`](b.prediction, b.target, b.rows, weight, smoothing, clip, out),
    gradient: (k, b, out) =>
      k[`bce_probabilities_gradient_${b.type}`](b.prediction, b.target, b.rows, weight, smoothing, clip, out),
    curvature: each((p, y) => curvature.binary.bceProbabilities(p, y, weight, smoothing, clip)),
  };
}

export const bce: LossDefinition = {
  name: 'bce',
  aliases: ['binary_cross_entropy', 'bce_with_logits', 'log_loss'],
  family: 'binary',
  about: 'Binary cross-entropy: surprise at the label, in nats.',
  formula:
    'logits z: (1 - y) (max(z, 0) + l) + c y (max(-z, 0) + l),  l = log1p(e^-|z|),  c = pos_weight;  probabilities p: -c y log p - (1 - y) log(1 - p)',
  gradient: 'logits: (1 - y) s(z) - c y s(-z), s the logistic function;  probabilities: (1 - y) / (1 - p) - c y / p',
  curvature: 'logits: (1 - y + c y) s(z) s(-z);  probabilities: c y / p^2 + (1 - y) / (1 - p)^2',
  domain: 'logits: any real or +-Infinity; probabilities: 0 … 1; target: 0 … 1',
  stability:
    'every term is at least 0; a confident right answer keeps full relative precision (z = 36, y = 1 is 2.3e-16)',
  elsewhere: {
    torch: 'BCEWithLogitsLoss, BCELoss',
    keras: 'BinaryCrossentropy',
    sklearn: 'log_loss',
    optax: 'sigmoid_binary_cross_entropy',
    tfjs: 'sigmoidCrossEntropy, logLoss',
    xgboost: 'binary:logistic, logloss (scale_pos_weight)',
    lightgbm: 'binary, cross_entropy',
  },
  parameters: [
    {
      name: 'pos_weight',
      kind: 'number',
      default: 1,
      low: 0,
      high: Number.MAX_VALUE,
      open: true,
      about: 'factor of the positive term',
    },
    LABEL_SMOOTHING,
    CLIP,
  ],
  inputs: ['logits', 'probabilities'],
  bind,
};
