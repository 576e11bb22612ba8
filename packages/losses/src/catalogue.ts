import { bce } from './binary.js';
import { crossEntropy, nll } from './classes.js';
import { LossError } from './errors.js';
import { gammaNll, gaussianNll, poissonNll, tweedie } from './likelihood.js';
import { nearest } from './nearest.js';
import { error, huber, mae, mse } from './regression.js';
import { mape, msle, smape } from './relative.js';
import { expectile, logCosh, pseudoHuber, quantile, smoothL1 } from './residual.js';
import type { LossDefinition } from './types.js';

/** Every loss that can be evaluated, in the catalogue's order. */
export const CATALOGUE: readonly LossDefinition[] = [
  error,
  mse,
  mae,
  huber,
  smoothL1,
  pseudoHuber,
  logCosh,
  quantile,
  expectile,
  msle,
  mape,
  smape,
  poissonNll,
  gammaNll,
  tweedie,
  gaussianNll,
  bce,
  crossEntropy,
  nll,
];

/** Names of the catalogue that are promised but cannot be evaluated yet. */
const PLANNED = [
  'kl_div',
  'kullback_leibler',
  'focal',
  'hinge',
  'squared_hinge',
  'multi_margin',
  'crammer_singer',
  'exponential',
  'soft_margin',
  'cosine',
  'cosine_similarity',
  'brier',
  'brier_score',
  'zero_one',
  'error_rate',
] as const;

const byName = new Map(CATALOGUE.flatMap((loss) => [loss.name, ...loss.aliases].map((name) => [name, loss] as const)));

/** Finds a loss by name or alias. Throws LossError LOSS_UNKNOWN (with the nearest name) or NOT_AVAILABLE_YET. */
export function findLoss(name: string): LossDefinition {
  const found = byName.get(name);
  if (found) return found;
  const names = CATALOGUE.map((loss) => loss.name).join(', ');
  if ((PLANNED as readonly string[]).includes(name)) {
    throw new LossError('NOT_AVAILABLE_YET', `The loss "${name}" is not available yet. Available: ${names}.`);
  }
  const near = nearest(name, [...byName.keys()]);
  const hint = near ? ` Did you mean "${near}"?` : '';
  throw new LossError('LOSS_UNKNOWN', `There is no loss "${name}".${hint} Available: ${names}.`);
}
