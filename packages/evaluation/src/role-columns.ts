import type { Column, Description } from '@lossmill/dataset';
import type { Family } from '@lossmill/losses';
import { chooseFamily, isWide } from './family.js';
import { failure, findColumn } from './find-column.js';
import type { NamedLoss } from './named-loss.js';
import type { Spec } from './spec-schema.js';

// The columns of predictions, targets and variances: each is one column, or several of one value a row each.

/** Values a row. */
export const widthOf = (columns: readonly Column[]): number =>
  columns.length > 1 ? columns.length : (columns[0].width ?? 1);

/** The family's rows may be of several outputs, each with a target of its own. */
const hasOutputs = (family: Family): boolean => family === 'regression' || family === 'binary';

/** @throws EvaluationError COLUMN_UNKNOWN, COLUMN_TYPE or SPEC_COMBINATION */
export function predictionColumns(spec: Spec, description: Description, losses: readonly NamedLoss[]): Column[] {
  const path = 'columns.prediction';
  const names = [spec.columns.prediction].flat();
  const definitions = losses.map(({ definition }) => definition);
  const familyFor = (columns: readonly Column[]) => chooseFamily(definitions, columns, spec);
  const loss = losses[0].name;
  const several = hasSeveralTargets(spec, description);
  const unfit = (column: Column): string | null =>
    names.length > 1 ? unfitForClass(column) : unfitPrediction(column, familyFor([column]), loss, several);
  const columns = names.map((name) => findColumn(name, path, description, unfit));
  const family = familyFor(columns);
  if (columns.length > 1 && !isWide(family) && !(several && hasOutputs(family)))
    throw failure(
      'SPEC_COMBINATION',
      path,
      `${columns.length} columns are given, but ${loss} wants one prediction a row. cross_entropy takes ${columns.length} classes${MANY}.`,
    );
  for (const column of columns) {
    const why = unfit(column);
    if (why) throw failure('COLUMN_TYPE', path, why);
  }
  return columns;
}

const MANY = '. Several outputs a row want as many targets';

/** Whether the spec gives each row several targets; a column that is not there is complained about later. */
function hasSeveralTargets({ columns }: Spec, description: Description): boolean {
  const names = [columns.target].flat();
  const found = description.columns.find((column) => column.name === names[0]);
  return names.length > 1 || !found || (found.width ?? 1) > 1;
}

function unfitForClass({ name, width }: Column): string | null {
  return width === null ? null : `"${name}" has ${width} values a row; a list of columns wants one each.`;
}

/** Why a column cannot be the only prediction column, or null if it can. */
function unfitPrediction({ name, width }: Column, family: Family, loss: string, several: boolean): string | null {
  if (family === 'classes')
    return (width ?? 1) >= 2
      ? null
      : `"${name}" has one value a row: ${loss} wants C at least 2 (a list column, a 2-D array, or C columns). For two classes and one score use bce.`;
  if (family === 'vectors')
    return width === null
      ? `"${name}" has one value a row: ${loss} wants vectors (a list column or a 2-D array).`
      : null;
  if (width === null || width === 1 || (several && hasOutputs(family))) return null;
  const more = family === 'binary' ? `; cross_entropy takes ${width} classes` : '';
  return `"${name}" has ${width} values a row: ${loss} wants one${more}${hasOutputs(family) ? MANY : ''}.`;
}

/** @throws EvaluationError COLUMN_UNKNOWN, COLUMN_TYPE, SPEC_COMBINATION or CLASSES_MISMATCH */
export function targetColumns(
  spec: Spec,
  description: Description,
  family: Family,
  prediction: readonly Column[],
): Column[] {
  const path = 'columns.target';
  const columns = [spec.columns.target].flat().map((name) => findColumn(name, path, description));
  const outputs = hasOutputs(family) ? widthOf(prediction) : 1;
  const single = !isWide(family) && outputs === 1;
  if (columns.length > 1 && (single || columns.some((column) => column.width !== null))) {
    const wrong = columns.find((column) => column.width !== null);
    const why =
      single || !wrong ? `${columns.length} columns are given, but one target is wanted.` : unfitForClass(wrong);
    throw failure('SPEC_COMBINATION', path, why ?? '');
  }
  if (single && columns[0].width !== null && columns[0].width !== 1) {
    throw failure(
      'COLUMN_TYPE',
      path,
      `"${columns[0].name}" has ${columns[0].width} values a row; one target is wanted.`,
    );
  }
  if (outputs > 1) checkOutputs(columns, path, 'targets', outputs);
  return columns;
}

/** As many variances as predictions. @throws EvaluationError COLUMN_UNKNOWN, COLUMN_TYPE or CLASSES_MISMATCH */
export function varianceColumns(spec: Spec, description: Description, prediction: readonly Column[]): Column[] {
  const path = 'columns.variance';
  const names = [spec.columns.variance ?? []].flat();
  const columns = names.map((name) => findColumn(name, path, description));
  const list = columns.find(({ width }) => width !== null && (columns.length > 1 || widthOf(prediction) === 1));
  if (list && (columns.length > 1 || list.width !== 1))
    throw failure('COLUMN_TYPE', path, `"${list.name}" has ${list.width} values a row; one is wanted.`);
  if (columns.length > 0) checkOutputs(columns, path, 'variances', widthOf(prediction));
  return columns;
}

function checkOutputs(columns: readonly Column[], path: string, what: string, outputs: number): void {
  const names = columns.map((column) => `"${column.name}"`).join(', ');
  const text = columns.find((column) => column.type === 'string');
  if (text)
    throw failure('COLUMN_TYPE', path, `"${text.name}" holds text; of several outputs a row, ${what} are numbers.`);
  const width = widthOf(columns);
  if (width === outputs) return;
  const are = columns.length > 1 ? `${names} are ${width}` : `${names} has ${width}`;
  throw failure('CLASSES_MISMATCH', path, `${are} ${what} a row, but the prediction has ${outputs} outputs.`);
}
