import { curvature } from '@lossmill/kernels';
import { IGNORE_INDEX } from './class-parameters.js';
import { each, eachMargin, flat, massesOf } from './curvature.js';
import { BINARY, inputDomain, PROBABILITY, REAL, SCORED, WHOLE } from './domains.js';
import type { BoundLoss, Curvature, Family, InputKind, LossDefinition, Parameters, TargetKind } from './types.js';

const bendLogits: Curvature = (row, out) => {
  if (row.target.length === 1 && row.target[0] < 0) out.fill(0);
  else curvature.rows.brierLogits(row.prediction, massesOf(row, null, 0), out);
};

const bendProbabilities: Curvature = ({ target }, out) => {
  out.fill(target.length === 1 && target[0] < 0 ? 0 : 2);
};

function bindBrier(parameters: Parameters, input: InputKind | null, target: TargetKind, family: Family): BoundLoss {
  const kind = input === 'logits' ? 'logits' : 'probabilities';
  const shared = {
    name: 'brier',
    parameters,
    input: kind,
    predictionDomain: inputDomain(kind),
    derived: ['accuracy'],
    classWeight: null,
  } as const;
  if (family === 'binary') {
    return {
      ...shared,
      family,
      target: 'real',
      targetDomain: BINARY,
      ignoreIndex: null,
      value: (k, b, out) => k[`brier_${kind}_${b.type}`](b.prediction, b.target, b.rows, out),
      gradient: (k, b, out) => k[`brier_${kind}_gradient_${b.type}`](b.prediction, b.target, b.rows, out),
      curvature: kind === 'logits' ? eachMargin(curvature.binary.brierLogits) : each(() => 2),
    };
  }
  const form = target === 'probabilities' ? 'soft' : 'classes';
  return {
    ...shared,
    family: 'classes',
    target,
    targetDomain: target === 'probabilities' ? PROBABILITY : REAL,
    ignoreIndex: (parameters.ignore_index as number | undefined) ?? null,
    value: (k, b, out) => k[`brier_${form}_${kind}_${b.type}`](b.prediction, b.target, b.rows, b.classes, out),
    gradient: (k, b, out) =>
      k[`brier_${form}_${kind}_gradient_${b.type}`](b.prediction, b.target, b.rows, b.classes, out),
    curvature: kind === 'logits' ? bendLogits : bendProbabilities,
  };
}

export const brier: LossDefinition = {
  name: 'brier',
  aliases: ['brier_score', 'brier_score_loss'],
  family: 'binary',
  also: ['classes'],
  about: 'Brier score: squared error of a probability, or summed over C probabilities.',
  formula:
    'one probability: (p - y)^2;  C probabilities: sum over k of (p_k - 1[k = y])^2,  or with C target probabilities sum of (p_k - q_k)^2;  logits: of their logistic function or softmax',
  gradient:
    'one: 2 (p - y);  C: 2 (p_k - t_k);  one logit: -2 s q^2 (1 - q),  q the probability of the wrong answer, s = +-1;  C logits: 2 p_k ((p_k - t_k) - sum of (p_j - t_j) p_j)',
  curvature:
    'probabilities: 2;  one logit: 2 q^2 (1 - q) (2 - 3 q);  C logits: 2 p_k ((1 - p_k) (d_k - S + p_k)  - p_k (p_k + d_k - Q - S)),  d = p - t, S = sum of d_j p_j, Q = sum of p_j^2',
  domain:
    'probabilities: 0 … 1; logits: any real or +-Infinity; target: 0 or 1 (two class names, too) for one, class index 0 … C-1, class name or C probabilities for C',
  stability: 'of logits: the wrong classes are added up, never 1 - p_y; a confident right answer keeps its digits',
  elsewhere: {
    sklearn: 'brier_score_loss (of one probability: the one-sided form)',
    torchmetrics: 'MeanSquaredError of probabilities and one-hot targets',
  },
  parameters: [IGNORE_INDEX],
  inputs: ['probabilities', 'logits'],
  bind: bindBrier,
};

/** Predictions above it are the positive class, as in accuracy; logits and scores: 0. */
const THRESHOLDS: Partial<Record<InputKind, number>> = { probabilities: 0.5, log_probabilities: -Math.LN2 };

function bindZeroOne(parameters: Parameters, input: InputKind | null, _target: TargetKind, family: Family): BoundLoss {
  const shared = {
    name: 'zero_one',
    parameters,
    input,
    predictionDomain: input === null ? REAL : inputDomain(input),
    derived: ['accuracy'],
    shareOfWrong: true,
    classWeight: null,
    curvature: flat,
    gradient: (k, b, out) => k[`zero_gradient_${b.type}`](b.rows * b.classes, out),
  } as const satisfies Partial<BoundLoss>;
  if (family === 'classes') {
    const top = parameters.top_k as number;
    return {
      ...shared,
      family,
      target: 'index',
      targetDomain: REAL,
      ignoreIndex: (parameters.ignore_index as number | undefined) ?? null,
      value: (k, b, out) => k[`zero_one_ranks_${b.type}`](b.prediction, b.target, b.rows, b.classes, top, out),
    };
  }
  const binary = { ...shared, target: 'real', ignoreIndex: null } as const;
  if (family === 'labels') {
    return {
      ...binary,
      family,
      predictionDomain: WHOLE,
      targetDomain: WHOLE,
      value: (k, b, out) => k[`zero_one_labels_${b.type}`](b.prediction, b.target, b.rows, out),
    };
  }
  const threshold = THRESHOLDS[input ?? 'logits'] ?? 0;
  return {
    ...binary,
    family: 'binary',
    targetDomain: SCORED,
    value: (k, b, out) => k[`zero_one_scores_${b.type}`](b.prediction, b.target, b.rows, threshold, out),
  };
}

export const zeroOne: LossDefinition = {
  name: 'zero_one',
  aliases: ['error_rate', 'zero_one_loss', 'misclassification'],
  family: 'classes',
  also: ['binary', 'labels'],
  about: 'Share of wrong answers: 1 for a wrong row, 0 for a right one.',
  formula:
    "C values: 0 if fewer than top_k classes are ahead of the target's,  else 1;  one score: 0 if (z > 0) = (y = 1);  one probability: 0 if (p > 0.5) = (y = 1);  one class: 0 if it equals the target",
  gradient: '0',
  curvature: '0',
  domain:
    'C logits, scores, probabilities or log-probabilities against a class index or name; one score or probability (floating-point column, or input given) against 0 or 1, or -1 or 1; one class (whole numbers or text) against a class',
  stability: 'exact; of equal values the first class is ahead; 0 and p = 0.5 are the negative class',
  elsewhere: { sklearn: 'zero_one_loss, 1 - accuracy_score, 1 - top_k_accuracy_score', torchmetrics: '1 - Accuracy' },
  parameters: [
    {
      name: 'top_k',
      kind: 'integer',
      default: 1,
      low: 1,
      high: 2 ** 31 - 1,
      about: 'of C values, the k greatest count as the answer',
    },
    IGNORE_INDEX,
  ],
  inputs: ['logits', 'probabilities', 'log_probabilities'],
  anyInput: true,
  targets: ['index'],
  bind: bindZeroOne,
};
