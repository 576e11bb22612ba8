import { DataError } from './errors.js';
import type { DescribedFile, FileColumn } from './formats/format.js';
import type { Column, ColumnRead, ColumnType, NumberType } from './types.js';

/**
 * The columns all files have: same names (in any order), same widths, types equal or promoted without loss.
 * @throws DataError SCHEMA_MISMATCH naming both files and the column, COLUMN_DUPLICATE
 */
export function commonColumns(files: readonly DescribedFile[], textual: boolean): Column[] {
  const [first, ...rest] = files;
  refuseDuplicates(first);
  const merged: Merged[] = first.columns.map((column) => ({ column: { ...column }, from: first.uri }));
  const byName = new Map(merged.map((entry) => [entry.column.name, entry]));
  for (const file of rest) {
    if (file.columns === first.columns) continue;
    refuseDuplicates(file);
    for (const column of file.columns) mergeColumn(byName, column, file, first, textual);
    refuseAbsent(merged, file, first);
  }
  return merged.map(({ column: { name, type, width } }) => ({ name, type, width }));
}

/** A column so far, and the file that decided its type. */
interface Merged {
  column: FileColumn;
  from: string;
}

function mergeColumn(
  byName: Map<string, Merged>,
  column: FileColumn,
  file: DescribedFile,
  first: DescribedFile,
  textual: boolean,
): void {
  const entry = byName.get(column.name);
  if (!entry)
    throw differing(`${file.uri} has a column ${quote(column.name)}, ${first.uri} has not`, file.uri, column.name);
  if (column.empty) return;
  if (entry.column.empty) {
    entry.column = { ...column };
    entry.from = file.uri;
    return;
  }
  if (entry.column.width !== column.width) {
    throw differing(
      `column ${quote(column.name)} has ${widthText(entry.column)} in ${entry.from} and ${widthText(column)} in ${file.uri}`,
      file.uri,
      column.name,
    );
  }
  const type = commonType(entry.column.type, column.type, textual);
  if (!type) {
    throw differing(
      `column ${quote(column.name)} is ${entry.column.type} in ${entry.from} and ${column.type} in ${file.uri}, which have no common type`,
      file.uri,
      column.name,
    );
  }
  if (type !== entry.column.type) entry.from = file.uri;
  entry.column.type = type;
}

function refuseAbsent(merged: readonly Merged[], file: DescribedFile, first: DescribedFile): void {
  if (file.columns.length === merged.length) return;
  const names = new Set(file.columns.map((column) => column.name));
  const absent = merged.find(({ column }) => !names.has(column.name));
  if (absent) {
    const name = absent.column.name;
    throw differing(`${first.uri} has a column ${quote(name)}, ${file.uri} has not`, file.uri, name);
  }
}

function refuseDuplicates(file: DescribedFile): void {
  const names = new Set<string>();
  for (const { name } of file.columns) {
    if (names.has(name)) {
      throw new DataError(
        'COLUMN_DUPLICATE',
        `${file.uri} has two columns named ${quote(name)}. Rename one of them: columns are found by name.`,
        { source: file.uri, column: name },
      );
    }
    names.add(name);
  }
}

/** By what they hold; neither of the 16-bit types holds the other. */
const floatRank = new Map<ColumnType, number>([
  ['f16', 0],
  ['bf16', 0],
  ['f32', 1],
  ['f64', 2],
]);
const rankOf = (type: ColumnType): number => floatRank.get(type) ?? -1;

/**
 * The smallest type that holds the values of both; null if there is none. 64-bit integers and floats meet in f64, in which
 * numbers are computed anyway. `textual`: text and anything meet in text.
 */
export function commonType(left: ColumnType, right: ColumnType, textual: boolean): ColumnType | null {
  if (left === right) return left;
  if (left === 'string' || right === 'string') return textual ? 'string' : null;
  if (left === 'bool' || right === 'bool') return null;
  const leftFloat = rankOf(left) >= 0;
  const rightFloat = rankOf(right) >= 0;
  if (leftFloat && rightFloat) return commonFloat(left, right);
  if (leftFloat) return floatWithInteger(left, right);
  if (rightFloat) return floatWithInteger(right, left);
  return commonInteger(left, right);
}

const bitsOf = (type: ColumnType): number => Number(type.slice(1));

function commonFloat(left: ColumnType, right: ColumnType): ColumnType {
  if (rankOf(left) !== rankOf(right)) return rankOf(left) > rankOf(right) ? left : right;
  return left === right ? left : 'f32';
}

/** float16 and bfloat16 hold every 8-bit integer. */
function floatWithInteger(float: ColumnType, integer: ColumnType): ColumnType {
  const bits = bitsOf(integer);
  return bits <= 8 ? float : commonFloat(float, bits <= 16 ? 'f32' : 'f64');
}

function commonInteger(left: ColumnType, right: ColumnType): ColumnType | null {
  if (left[0] === right[0]) return bitsOf(left) > bitsOf(right) ? left : right;
  const [signed, unsigned] = left[0] === 'i' ? [left, right] : [right, left];
  const bits = Math.max(bitsOf(signed), 2 * bitsOf(unsigned));
  return bits > 64 ? null : (`i${bits}` as NumberType);
}

/**
 * The dataset column of every read.
 * @throws DataError COLUMN_UNKNOWN, COLUMN_TYPE
 */
export function checkReads(
  columns: ReadonlyMap<string, Column>,
  reads: readonly ColumnRead[],
  source: string,
  whyText?: (column: string) => string | undefined,
): Column[] {
  return reads.map((read) => {
    const column = columns.get(read.column);
    if (!column) throw unknownColumn(read.column, [...columns.keys()], source);
    if (read.as !== 'text' && column.type === 'string') {
      const why = whyText?.(read.column);
      throw wrongType(
        source,
        read.column,
        `holds text, but numbers are needed${why === undefined ? '' : ` (${why})`}. Choose a column of numbers, or correct what is none`,
      );
    }
    if (read.as === 'text' && column.width !== null) {
      throw wrongType(
        source,
        read.column,
        `holds lists of ${column.width} numbers, but a single value a row is needed`,
      );
    }
    return column;
  });
}

function wrongType(source: string, column: string, what: string): DataError {
  return new DataError('COLUMN_TYPE', `Column ${quote(column)} of ${source} ${what}.`, { source, column });
}

function unknownColumn(name: string, known: readonly string[], source: string): DataError {
  const shown = known.slice(0, 20).map(quote).join(', ');
  const more = known.length > 20 ? ` and ${known.length - 20} more` : '';
  return new DataError('COLUMN_UNKNOWN', `${source} has no column ${quote(name)}. It has ${shown}${more}.`, {
    source,
    column: name,
  });
}

function differing(what: string, source: string, column: string): DataError {
  return new DataError(
    'SCHEMA_MISMATCH',
    `The files do not form one table: ${what}. Evaluate them apart, or make them agree.`,
    {
      source,
      column,
    },
  );
}

const quote = (name: string): string => JSON.stringify(name);

const widthText = (column: Column): string => (column.width === null ? 'single values' : `lists of ${column.width}`);
