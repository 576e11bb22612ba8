import type { Column, Dataset } from '@lossmill/dataset';
import type { TargetKind } from '@lossmill/losses';
import { EvaluationError } from './errors.js';
import type { Spec } from './spec-schema.js';

interface Shape {
  family: string;
  classes: number;
  target: Column;
  targetKind: TargetKind;
  targetText: boolean;
}

/** More distinct values than this are no classes. */
const MOST_CLASSES = 1_000_000;

/**
 * The classes' names in order: as the spec gives them, else the sorted distinct values of a text target, else null (the target is an
 * index). Throws CLASSES_MISMATCH where their number is not the prediction's.
 */
export async function resolveClasses(spec: Spec, dataset: Dataset, shape: Shape): Promise<string[] | null> {
  const wanted = shape.family === 'binary' ? 2 : shape.classes;
  if (spec.classes) {
    if (shape.family === 'regression' || shape.family === 'vectors')
      throw mismatch('classes', 'a regression loss has no classes.', 'SPEC_COMBINATION');
    if (shape.family === 'labels')
      throw mismatch(
        'classes',
        'the prediction is itself a class, compared with the target as it is. Leave classes out.',
        'SPEC_COMBINATION',
      );
    if (spec.classes.length !== wanted) {
      throw mismatch('classes', `${spec.classes.length} classes are given, but the prediction has ${wanted}.`);
    }
    return spec.classes;
  }
  if (!shape.targetText || shape.targetKind === 'probabilities' || shape.family === 'labels') return null;
  const found = await dataset.distinct(shape.target.name, Math.min(MOST_CLASSES, wanted + 1000));
  const values = found?.filter((value) => value !== '');
  if (values?.length === wanted) return values;
  const count = values ? String(values.length) : `more than ${wanted + 1000}`;
  const shown =
    values && values.length > 0 ? ` (${values.slice(0, 8).join(', ')}${values.length > 8 ? ', …' : ''})` : '';
  throw mismatch(
    'columns.target',
    `"${shape.target.name}" has ${count} distinct values${shown}, but the prediction has ${wanted} classes. Name all classes in order with classes (--classes A,B,…).`,
  );
}

function mismatch(
  path: string,
  message: string,
  code: 'CLASSES_MISMATCH' | 'SPEC_COMBINATION' = 'CLASSES_MISMATCH',
): EvaluationError {
  return new EvaluationError(code, `${path}: ${message}`, { path });
}
