import { brier, zeroOne } from './answers.js';
import { bce } from './binary.js';
import { crossEntropy, nll } from './classes.js';
import { cosine, klDiv } from './divergence.js';
import { LossError } from './errors.js';
import { focal } from './focal.js';
import { gammaNll, gaussianNll, poissonNll, tweedie } from './likelihood.js';
import { crammerSinger, multiMargin } from './margins.js';
import { nearest } from './nearest.js';
import { error, huber, mae, mse } from './regression.js';
import { mape, msle, smape } from './relative.js';
import { expectile, logCosh, pseudoHuber, quantile, smoothL1 } from './residual.js';
import { exponential, hinge, softMargin, squaredHinge } from './score.js';
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
  klDiv,
  focal,
  hinge,
  squaredHinge,
  multiMargin,
  crammerSinger,
  exponential,
  softMargin,
  cosine,
  brier,
  zeroOne,
];

const byName = new Map(CATALOGUE.flatMap((loss) => [loss.name, ...loss.aliases].map((name) => [name, loss] as const)));

/** Finds a loss by name or alias. Throws LossError LOSS_UNKNOWN with the nearest name. */
export function findLoss(name: string): LossDefinition {
  const found = byName.get(name);
  if (found) return found;
  const names = CATALOGUE.map((loss) => loss.name).join(', ');
  const near = nearest(name, [...byName.keys()]);
  const hint = near ? ` Did you mean "${near}"?` : '';
  throw new LossError('LOSS_UNKNOWN', `There is no loss "${name}".${hint} Available: ${names}.`);
}
