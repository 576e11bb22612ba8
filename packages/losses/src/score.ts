import { curvature, type KernelExports } from '@lossmill/kernels';
import { eachMargin, flat } from './curvature.js';
import { REAL, SIGN } from './domains.js';
import type { BoundLoss, Curvature, LossDefinition, Parameters } from './types.js';

type Name = 'hinge' | 'squared_hinge' | 'exponential' | 'soft_margin';

/** A loss of one score a row against a sign. */
function scoreLoss(
  definition: { name: Name } & Pick<
    LossDefinition,
    'aliases' | 'about' | 'formula' | 'gradient' | 'curvature' | 'stability' | 'elsewhere'
  >,
  bend: Curvature,
): LossDefinition {
  const { name } = definition;
  const bind = (parameters: Parameters): BoundLoss => ({
    name,
    parameters,
    family: 'binary',
    input: 'logits',
    target: 'real',
    predictionDomain: REAL,
    targetDomain: SIGN,
    derived: ['accuracy'],
    ignoreIndex: null,
    classWeight: null,
    value: (k: KernelExports, b, out) => k[`${name}_${b.type}`](b.prediction, b.target, b.rows, out),
    gradient: (k: KernelExports, b, out) => k[`${name}_gradient_${b.type}`](b.prediction, b.target, b.rows, out),
    curvature: bend,
  });
  return {
    ...definition,
    family: 'binary',
    domain:
      'score z: any real or +-Infinity; target: 1 against -1 or 0 (two class names, too); s is its sign, +1 or -1',
    parameters: [],
    inputs: ['logits'],
    bind,
  };
}

export const hinge = scoreLoss(
  {
    name: 'hinge',
    aliases: ['hinge_loss'],
    about: 'How far a score falls short of a margin of 1.',
    formula: 'max(0, 1 - s z)',
    gradient: '-s where s z < 1, else 0',
    curvature: '0',
    stability: 'computed in float64 from float32 scores too: one rounding',
    elsewhere: {
      keras: 'Hinge',
      sklearn: 'hinge_loss, SGD loss="hinge"',
      optax: 'hinge_loss',
      torchmetrics: 'HingeLoss',
      tfjs: 'hingeLoss',
      xgboost: 'binary:hinge',
    },
  },
  flat,
);

export const squaredHinge = scoreLoss(
  {
    name: 'squared_hinge',
    aliases: [],
    about: 'The square of the hinge loss.',
    formula: 'max(0, 1 - s z)^2',
    gradient: '-2 s max(0, 1 - s z)',
    curvature: '2 where s z < 1, else 0',
    stability: 'computed in float64 from float32 scores too; Infinity where the square leaves float64',
    elsewhere: {
      keras: 'SquaredHinge',
      sklearn: 'SGD loss="squared_hinge", LinearSVC',
      torchmetrics: 'HingeLoss(squared=True)',
    },
  },
  eachMargin(curvature.binary.squaredHinge),
);

export const exponential = scoreLoss(
  {
    name: 'exponential',
    aliases: ['exponential_loss'],
    about: 'The loss of boosting: grows exponentially with a wrong score.',
    formula: 'e^(-s z)',
    gradient: '-s e^(-s z)',
    curvature: 'e^(-s z)',
    stability:
      'row losses are float64: finite to s z = -709, Infinity beyond, never held back; denormal, then 0 for s z above 708',
    elsewhere: { sklearn: 'ExponentialLoss, GradientBoostingClassifier loss="exponential"' },
  },
  eachMargin(curvature.binary.exponential),
);

export const softMargin = scoreLoss(
  {
    name: 'soft_margin',
    aliases: ['soft_margin_loss'],
    about: 'The logistic loss of a score: binary cross-entropy with targets of 1 and -1.',
    formula: 'max(-s z, 0) + log1p(e^-|z|)',
    gradient: '-s / (1 + e^(s z))',
    curvature: 't / (1 + t)^2,  t = e^-|z|',
    stability: 'never e^(-s z) by itself: s z = -200 is 200 in float32 (torch: Infinity), and s z = 36 is 2.3e-16',
    elsewhere: { torch: 'SoftMarginLoss', sklearn: 'SGD loss="log_loss"' },
  },
  eachMargin(curvature.binary.logistic),
);
