import type { CompatLibrary, CompatShape } from './types.js';

const weight = () => 'weight' as const;

const classTargets = ({ target }: CompatShape): string | null =>
  target === 'probabilities' ? 'it takes class targets, not C probabilities' : null;

/** The loss operators of ONNX (opset 13), reduction `mean`. Neither clips. */
export const ONNX: CompatLibrary = {
  cross_entropy: {
    call: 'SoftmaxCrossEntropyLoss',
    parameters: ['ignore_index', 'class_weight'],
    unfit: (shape) => classTargets(shape) ?? (shape.input === 'logits' ? null : 'it takes logits'),
    denominator: weight,
  },
  nll: { call: 'NegativeLogLikelihoodLoss', parameters: ['ignore_index', 'class_weight'], denominator: weight },
};
