import {
  type BoundLoss,
  bindCompat,
  type CompatShape,
  checkCompat,
  checkCompatShape,
  type Denominator,
  findLoss,
  LossError,
} from '@lossmill/losses';
import { type Spread, spread, spreadOver } from '@lossmill/statistics';
import { EvaluationError } from './errors.js';
import { namedLoss } from './named-loss.js';
import type { Spec } from './spec-schema.js';

/** Another library whose mean is wanted; `edges`: and whose clipping. */
export interface Compat {
  library: NonNullable<Spec['compat']>;
  edges: boolean;
}

/** What of a resolved spec says how a loss runs. */
interface Shaped extends Pick<CompatShape, 'target' | 'family' | 'classes' | 'input'> {
  columns: { weight: string | null; cluster: string | null };
  losses: { name: string; parameters: CompatShape['parameters'] }[];
  compat: Compat | null;
}

/** What is asked for, or null. */
export function compatOf(spec: Spec): Compat | null {
  return spec.compat === undefined ? null : { library: spec.compat, edges: spec.edges === 'compat' };
}

/** Checks that the library has every loss, with its parameters. Throws EvaluationError. */
export function checkLibrary(spec: Spec): void {
  const compat = compatOf(spec);
  if (!compat) {
    if (spec.edges !== 'compat') return;
    throw new EvaluationError(
      'SPEC_COMBINATION',
      'edges: "compat" means the clipping of the library that compat names, but there is no compat. Add one (torch, keras, sklearn, tfjs or onnx), or leave edges out.',
      { path: 'edges' },
    );
  }
  for (const { definition, parameters } of spec.losses.map(namedLoss))
    inField('compat', () => checkCompat(compat.library, definition, parameters, compat.edges));
}

/** The same for the shape of the data. */
export function checkLibraryShapes(spec: Shaped): void {
  const { compat } = spec;
  if (!compat) return;
  for (const loss of spec.losses)
    inField('compat', () => checkCompatShape(compat.library, loss.name, shapeOf(spec, loss)));
  const other = spec.losses.map((loss) => bindLoss(spec, loss)).find((loss) => !averagesWeights(spec, loss));
  if (other && spec.columns.cluster !== null)
    throw new EvaluationError(
      'SPEC_COMBINATION',
      `compat: the error bars of columns.cluster are of a mean over weights, and ${compat.library}'s mean of ${other.name} divides by something else. Leave out one of the two.`,
      { path: 'compat' },
    );
}

/** Whether a loss's mean is sum / weight, if only because all weights are 1: then its error bars may follow clusters. */
export function averagesWeights(spec: Shaped, { compat, classWeight }: BoundLoss): boolean {
  if (!compat || compat.denominator === 'weight') return true;
  const each = compat.denominator === 'elements' || compat.denominator === 'weight_elements';
  return !each && spec.columns.weight === null && classWeight === null;
}

/** A loss of the spec, ready to run, as the library has it where one is asked for. */
export function bindLoss(spec: Shaped, loss: Shaped['losses'][number]): BoundLoss {
  const definition = findLoss(loss.name);
  const shape = shapeOf(spec, loss);
  return spec.compat
    ? bindCompat(spec.compat.library, definition, shape)
    : definition.bind(loss.parameters, shape.input, spec.target, spec.family);
}

function shapeOf(spec: Shaped, { name, parameters }: Shaped['losses'][number]): CompatShape {
  const { target, family, classes } = spec;
  const input = findLoss(name).inputs.length > 0 ? spec.input : null;
  const weighted = spec.columns.weight !== null;
  return { parameters, input, target, family, classes, weighted, edges: spec.compat?.edges ?? false };
}

function inField(path: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (error instanceof LossError) throw new EvaluationError(error.code, `${path}: ${error.message}`, { path });
    throw error;
  }
}

/** Totals that a sum may be divided by. */
export interface Totals {
  weight: number;
  count: number;
  nonzero: number;
  /** Predictions a row. */
  classes: number;
}

/** What the mean of a loss divides by. */
export function divisorOf(denominator: Denominator, { weight, count, nonzero, classes }: Totals): number {
  switch (denominator) {
    case 'weight':
      return weight;
    case 'rows':
      return count;
    case 'nonzero':
      return nonzero;
    case 'elements':
      return count * classes;
    case 'weight_elements':
      return weight * classes;
  }
}

/** Spread of what a mean with this denominator averages, from the moments about sum / weight. */
export function spreadOf(denominator: Denominator, totals: Totals, node: Float64Array, at = 0): Spread {
  const { count, nonzero, classes } = totals;
  const each = denominator === 'elements' || denominator === 'weight_elements' ? classes : 1;
  const byWeight = denominator === 'weight' || denominator === 'weight_elements';
  const { std, stderr } = byWeight
    ? spread(node, at)
    : spreadOver(node, at, denominator === 'nonzero' ? nonzero : count);
  return { std: std / each, stderr: stderr / each };
}
