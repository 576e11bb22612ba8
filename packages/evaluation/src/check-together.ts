import type { Family, TargetKind } from '@lossmill/losses';
import { EvaluationError } from './errors.js';
import type { NamedLoss } from './named-loss.js';

interface Shape {
  family: Family;
  /** Predictions a row. */
  classes: number;
  target: TargetKind;
}

/** Checks what each loss and its parameters want against the data's shape, and the losses against each other. */
export function checkTogether(losses: readonly NamedLoss[], shape: Shape): void {
  for (const loss of losses) {
    checkTarget(loss, shape);
    checkClassWeight(loss, shape);
    checkIgnored(loss, shape);
    checkTop(loss, shape);
  }
  if (shape.family !== 'classes') return;
  agree(losses, 'ignore_index', null);
  if (shape.target === 'probabilities') agree(losses, 'log_target', false);
}

function failure(message: string, code: 'SPEC_COMBINATION' | 'CLASSES_MISMATCH' | 'COLUMN_TYPE', path = 'losses') {
  return new EvaluationError(code, `${path}: ${message}`, { path });
}

function checkTarget({ name, definition }: NamedLoss, { family, target }: Shape): void {
  if (family !== 'classes' || !definition.targets || definition.targets.includes(target)) return;
  throw failure(
    target === 'index'
      ? `${name} wants C probabilities a row (a list column, a 2-D array or C columns), not a class. For a class use cross_entropy or nll.`
      : `${name} wants a class (an index or a name), not C probabilities a row. cross_entropy, kl_div and brier take those.`,
    'COLUMN_TYPE',
    'columns.target',
  );
}

function checkClassWeight({ name, parameters }: NamedLoss, { classes }: Shape): void {
  const weights = parameters.class_weight as readonly number[] | undefined;
  if (!weights || weights.length === classes) return;
  throw failure(
    `${name}: class_weight has ${weights.length} weights, but the prediction has ${classes} classes.`,
    'CLASSES_MISMATCH',
  );
}

function checkIgnored({ name, parameters }: NamedLoss, { family, target }: Shape): void {
  const ignored = parameters.ignore_index as number | undefined;
  if (ignored === undefined || (family === 'classes' && target === 'index')) return;
  // torch too takes a negative one beside probability targets: no class has it.
  if (family === 'classes' && ignored < 0) return;
  throw failure(
    `${name}: ignore_index names a class target to leave out, but the target holds no class of C. Leave it out, and give such rows a weight of 0.`,
    'SPEC_COMBINATION',
  );
}

function checkTop({ name, parameters }: NamedLoss, { family, classes }: Shape): void {
  const top = parameters.top_k as number | undefined;
  if (top === undefined || top === 1 || (family === 'classes' && top <= classes)) return;
  throw failure(
    family === 'classes'
      ? `${name}: top_k is ${top}, but there are ${classes} classes.`
      : `${name}: top_k is ${top}, but the prediction is one value a row. It wants C.`,
    'SPEC_COMBINATION',
  );
}

/** A parameter that says what the shared target column holds must be the same for all losses. */
function agree(losses: readonly NamedLoss[], parameter: string, otherwise: boolean | null): void {
  const values = new Set(losses.map(({ parameters }) => parameters[parameter] ?? otherwise));
  if (values.size > 1)
    throw failure(`${parameter} must be the same for all losses of one evaluation. Make two.`, 'SPEC_COMBINATION');
}
