import { DataError } from '../errors.js';
import type { Column } from '../types.js';

/** An inline column, parsed. */
export interface InlineColumn extends Column {
  /** rows x (width ?? 1) values, NaN where missing; empty for text. */
  numbers: Float64Array;
  /** 1 = present, one a row. */
  present: Uint8Array;
  /** One text a row ("" where missing); only for text. */
  texts?: string[];
}

type Kind = 'number' | 'boolean' | 'string' | 'list' | 'null';

const named: Record<string, number> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/** A number, or the name of one that JSON cannot hold; undefined otherwise. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && Object.hasOwn(named, value) ? named[value] : undefined;
}

/** @throws DataError COLUMN_TYPE for mixed or ragged values, VALUE_INVALID for values of no known kind; both with the row */
export function parseInlineColumn(name: string, values: readonly unknown[]): InlineColumn {
  if (!Array.isArray(values)) {
    throw new DataError('VALUE_INVALID', `Inline column ${JSON.stringify(name)} is not a list of values.`, {
      source: 'inline',
      column: name,
    });
  }
  const kind = columnKind(name, values);
  if (kind === 'list') return parseLists(name, values);
  const present = Uint8Array.from(values, (value) => (value === null ? 0 : 1));
  if (kind === 'string') {
    const texts = values.map((value) => (value === null ? '' : String(value)));
    return { name, type: 'string', width: null, numbers: new Float64Array(0), present, texts };
  }
  const type = kind === 'boolean' ? 'bool' : 'f64';
  const numbers = Float64Array.from(values, (value) =>
    value === null ? Number.NaN : (numberOf(value) ?? Number(value)),
  );
  return { name, type, width: null, numbers, present };
}

/** The one kind of all values: "NaN" and the infinities are numbers unless other text stands in the column. */
function columnKind(name: string, values: readonly unknown[]): Kind {
  const hasText = values.some((value) => typeof value === 'string' && numberOf(value) === undefined);
  let kind: Kind = 'null';
  let since = 0;
  for (let row = 0; row < values.length; row++) {
    const one = kindOf(name, values[row], row, hasText);
    if (one === 'null' || one === kind) continue;
    if (kind !== 'null') throw mixed(name, row, values[row], one, since, kind);
    kind = one;
    since = row;
  }
  return kind;
}

function kindOf(name: string, value: unknown, row: number, hasText: boolean): Kind {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'boolean' || typeof value === 'number') return typeof value as Kind;
  if (typeof value === 'string') return hasText ? 'string' : 'number';
  throw invalid(name, row, value, 'a number, boolean, text, null or a list of numbers');
}

function parseLists(name: string, values: readonly unknown[]): InlineColumn {
  const first = values.findIndex((value) => value !== null);
  const width = (values[first] as unknown[]).length;
  if (width === 0) throw invalid(name, first, values[first], 'a list with at least one number');
  const numbers = new Float64Array(values.length * width).fill(Number.NaN);
  const present = new Uint8Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const list = values[row] as unknown[] | null;
    if (list === null) continue;
    if (list.length !== width) throw ragged(name, row, list.length, first, width);
    const parsed = list.map((value) => {
      const number = value === null ? Number.NaN : numberOf(value);
      if (number === undefined) throw invalid(name, row, value, 'a number in every place of the list');
      return number;
    });
    if (list.includes(null)) continue;
    present[row] = 1;
    numbers.set(parsed, row * width);
  }
  return { name, type: 'f64', width, numbers, present };
}

function mixed(column: string, row: number, value: unknown, kind: Kind, since: number, before: Kind): DataError {
  const found = kind === 'list' ? 'a list' : `a ${kind} (${JSON.stringify(value).slice(0, 60)})`;
  return new DataError(
    'COLUMN_TYPE',
    `Inline column ${JSON.stringify(column)} is mixed: row ${row} is ${found}, row ${since} a ${before}. Give values of one kind (null for missing).`,
    { source: 'inline', column, row },
  );
}

function ragged(column: string, row: number, length: number, first: number, width: number): DataError {
  return new DataError(
    'COLUMN_TYPE',
    `Inline column ${JSON.stringify(column)} is ragged: row ${row} has ${length} values, row ${first} has ${width}. Every list needs as many.`,
    { source: 'inline', column, row },
  );
}

function invalid(column: string, row: number, value: unknown, wanted: string): DataError {
  const found = Array.isArray(value) ? 'a list' : (JSON.stringify(value) ?? String(value));
  return new DataError(
    'VALUE_INVALID',
    `Inline column ${JSON.stringify(column)} has ${found.slice(0, 60)} in row ${row}; it should be ${wanted}.`,
    { source: 'inline', column, row },
  );
}
