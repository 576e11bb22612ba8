import { curvature } from '@lossmill/kernels';
import { each } from './curvature.js';
import { BINARY, inputDomain } from './domains.js';
import type { BoundLoss, InputKind, LossDefinition, Parameters } from './types.js';

function bind(parameters: Parameters, input: InputKind | null): BoundLoss {
  const kind = input === 'probabilities' ? 'probabilities' : 'logits';
  const gamma = parameters.gamma as number;
  const alpha = parameters.alpha as number | undefined;
  const [up, down] = alpha === undefined ? [1, 1] : [alpha, 1 - alpha];
  return {
    name: 'focal',
    parameters,
    family: 'binary',
    input: kind,
    target: 'real',
    predictionDomain: inputDomain(kind),
    targetDomain: BINARY,
    derived: ['accuracy'],
    ignoreIndex: null,
    classWeight: null,
    value: (k, b, out) => k[`focal_${kind}_${b.type}`](b.prediction, b.target, b.rows, gamma, up, down, out),
    gradient: (k, b, out) =>
      k[`focal_${kind}_gradient_${b.type}`](b.prediction, b.target, b.rows, gamma, up, down, out),
    curvature: each((x, y) => {
      const [a, right] = y === 1 ? [up, x] : [down, kind === 'logits' ? -x : 1 - x];
      return kind === 'logits'
        ? curvature.binary.focalLogits(right, gamma, a)
        : curvature.binary.focalProbabilities(right, gamma, a);
    }),
  };
}

export const focal: LossDefinition = {
  name: 'focal',
  aliases: ['focal_loss', 'binary_focal_crossentropy', 'sigmoid_focal_loss'],
  family: 'binary',
  about: 'Binary cross-entropy that counts easy rows less (Lin et al. 2017).',
  formula:
    'a q^gamma ce  with p_t the probability of the right answer,  q = 1 - p_t, ce = -log(p_t);  a = alpha for y = 1, 1 - alpha for y = 0, 1 without alpha',
  gradient:
    'logits: -s a q^gamma (gamma p_t ce + q);  probabilities: -s a q^gamma (gamma ce / q + 1 / p_t),  s = +-1 the sign of the target',
  curvature:
    'logits: a p_t q^gamma ((2 gamma + 1) q - gamma ce (q - gamma p_t));  probabilities: a (gamma (gamma - 1) q^(gamma - 2) ce  + 2 gamma q^(gamma - 1) / p_t + q^gamma / p_t^2)',
  domain: 'logits: any real or +-Infinity; probabilities: 0 … 1; target: 0 or 1 (two class names, too)',
  stability:
    'q is computed by itself, never as 1 - p_t; both terms of the gradient have one sign; a gamma other than 0, 1, 2, 3, 4 goes through exp(gamma log q)',
  elsewhere: {
    torchvision: 'sigmoid_focal_loss (alpha = 0.25 by default)',
    keras: 'BinaryFocalCrossentropy (alpha only with apply_class_balancing)',
    optax: 'sigmoid_focal_loss',
  },
  parameters: [
    {
      name: 'gamma',
      kind: 'number',
      default: 2,
      low: 0,
      high: Number.MAX_VALUE,
      about: 'how much less easy rows count; 0 is binary cross-entropy',
    },
    { name: 'alpha', kind: 'number', default: null, low: 0, high: 1, about: 'weight of y = 1; y = 0 has 1 - alpha' },
  ],
  inputs: ['logits', 'probabilities'],
  bind,
};
