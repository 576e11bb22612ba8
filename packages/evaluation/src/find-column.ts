import type { Column, Description } from '@lossmill/dataset';
import { nearest } from '@lossmill/losses';
import { EvaluationError } from './errors.js';

/** The error of a spec's field. */
export function failure(code: EvaluationError['code'], path: string, message: string): EvaluationError {
  return new EvaluationError(code, `${path}: ${message}`, { path });
}

/** "logits (f32, 10 values)". */
export function describeColumn(column: Column): string {
  return column.width === null
    ? `${column.name} (${column.type})`
    : `${column.name} (list of ${column.type}, ${column.width})`;
}

/** Finds a column or explains what there is instead. Throws EvaluationError COLUMN_UNKNOWN. */
export function findColumn(
  name: string,
  path: string,
  description: Description,
  unfit: (column: Column) => string | null = () => null,
): Column {
  const found = description.columns.find((column) => column.name === name);
  if (found) return found;
  const near = nearest(
    name,
    description.columns.map((column) => column.name),
  );
  const has = description.columns.slice(0, 20).map(describeColumn).join(', ');
  const more = description.columns.length > 20 ? `, and ${description.columns.length - 20} more` : '';
  const meant = description.columns.find((column) => column.name === near);
  const but = meant ? unfit(meant) : null;
  const hint = meant ? ` Did you mean "${meant.name}"?${but ? ` ${but}` : ''}` : '';
  throw failure(
    'COLUMN_UNKNOWN',
    path,
    `no column "${name}" in ${sourcesText(description)}. It has: ${has}${more}.${hint}`,
  );
}

function sourcesText(description: Description): string {
  const [first, ...rest] = description.sources;
  if (!first) return 'the data';
  return rest.length > 0 ? `${first.uri} (and ${rest.length} more)` : first.uri;
}

/** A column of one value a row. Throws EvaluationError COLUMN_UNKNOWN or COLUMN_TYPE. */
export function scalar(name: string | undefined, path: string, description: Description): Column | null {
  if (name === undefined) return null;
  const column = findColumn(name, path, description);
  if (column.width !== null)
    throw failure('COLUMN_TYPE', path, `"${name}" has ${column.width} values a row; one is wanted.`);
  return column;
}

/** The name of a column that rows can be grouped by. */
export function sliceColumn(name: string, path: string, description: Description): string {
  scalar(name, path, description);
  return name;
}
