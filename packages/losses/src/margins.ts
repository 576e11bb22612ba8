import { curvature } from '@lossmill/kernels';
import { CLASS_WEIGHT, IGNORE_INDEX } from './class-parameters.js';
import { flat, ofClass } from './curvature.js';
import { REAL } from './domains.js';
import type { BoundLoss, LossDefinition, ParameterDefinition, Parameters } from './types.js';

const MARGIN: ParameterDefinition = {
  name: 'margin',
  kind: 'number',
  default: 1,
  low: 0,
  high: Number.MAX_VALUE,
  about: 'by how much the right class should be ahead',
};

const POWER: ParameterDefinition = {
  name: 'p',
  kind: 'integer',
  default: 1,
  low: 1,
  high: 2,
  about: 'power of each shortfall',
};

/** A loss of C scores against a class, by how much wrong classes come within a margin of the right one. */
function marginLoss(
  definition: { name: 'multi_margin' | 'crammer_singer' } & Pick<
    LossDefinition,
    'aliases' | 'about' | 'formula' | 'gradient' | 'curvature' | 'elsewhere'
  >,
): LossDefinition {
  const { name } = definition;
  const bind = (parameters: Parameters): BoundLoss => {
    const { margin, p } = parameters as { margin: number; p: number };
    const weights = (parameters.class_weight as readonly number[] | undefined) ?? null;
    return {
      name,
      parameters,
      family: 'classes',
      input: 'logits',
      target: 'index',
      predictionDomain: REAL,
      targetDomain: REAL,
      derived: ['accuracy'],
      ignoreIndex: (parameters.ignore_index as number | undefined) ?? null,
      classWeight: weights,
      value: (k, { type, prediction, target, classWeight, rows, classes }, out) =>
        k[`${name}_${type}`](prediction, target, classWeight, rows, classes, margin, p, out),
      gradient: (k, { type, prediction, target, classWeight, rows, classes }, out) =>
        k[`${name}_gradient_${type}`](prediction, target, classWeight, rows, classes, margin, p, out),
      curvature:
        p === 1
          ? flat
          : ofClass((s, y, out) => {
              const weight = weights?.[y] ?? 1;
              curvature.rows.squaredMargins(s, y, margin, weight, name === 'multi_margin', out);
            }),
    };
  };
  return {
    ...definition,
    family: 'classes',
    domain: 'scores s: any real or +-Infinity; target: class index 0 … C-1 or class name',
    stability: 'margin + (s_k - s_y), in float64 from float32 scores too: equal great scores keep the margin',
    parameters: [MARGIN, POWER, IGNORE_INDEX, CLASS_WEIGHT],
    inputs: ['logits'],
    targets: ['index'],
    bind,
  };
}

export const multiMargin = marginLoss({
  name: 'multi_margin',
  aliases: ['multi_margin_loss'],
  about: 'Multiclass hinge over all wrong classes (Weston and Watkins), divided by C as torch does.',
  formula: 'm_k = max(0, margin + s_k - s_y);  class_weight[y] (sum over k != y of m_k^p) / C',
  gradient: 'k != y: class_weight[y] / C where m_k > 0 (p = 2: times 2 m_k), else 0;  k = y: minus their sum',
  curvature: 'p = 1: 0;  p = 2: 2 class_weight[y] / C where m_k > 0, else 0;  k = y: their sum',
  elsewhere: { torch: 'MultiMarginLoss (its mean divides by rows, class weights or not: means.rows)' },
});

export const crammerSinger = marginLoss({
  name: 'crammer_singer',
  aliases: ['categorical_hinge'],
  about: 'Multiclass hinge of the nearest wrong class (Crammer and Singer).',
  formula: 'm = max(0, margin + max over k != y of s_k - s_y);  class_weight[y] m^p',
  gradient:
    'where m > 0: class_weight[y] (p = 2: times 2 m) for the first greatest wrong class, minus that for y;  else 0',
  curvature: 'p = 1: 0;  p = 2: 2 class_weight[y] for the first greatest wrong class and y where m > 0, else 0',
  elsewhere: {
    keras: 'CategoricalHinge',
    sklearn: 'hinge_loss of several classes',
    torchmetrics: 'HingeLoss (multiclass_mode="crammer-singer"; squared=True is p = 2)',
  },
});
