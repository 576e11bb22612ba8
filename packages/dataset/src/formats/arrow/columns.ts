import { DataError } from '../../errors.js';
import type { FileRead } from '../format.js';
import { type BatchColumn, NumberCodes, Validity } from './batch-column.js';
import type { Body } from './body.js';
import { DecimalColumn, MomentColumn } from './exact-columns.js';
import { BoolColumn, FixedListColumn, ListColumn, NumberColumn, nullColumn } from './number-columns.js';
import { type ArrowField, type ArrowKind, columnTypeOf } from './plan.js';
import { DictionaryColumn, type DictionaryValues, TextCodes, TextColumn, ViewColumn } from './text-columns.js';

/** One column of a cursor, whatever the batch. */
export interface ReadColumn {
  readonly field: ArrowField;
  readonly read: FileRead;
  readonly uri: string;
  readonly numberCodes: NumberCodes;
  readonly textCodes: TextCodes;
}

/** @throws DataError UNSUPPORTED for a type that cannot be read */
export function readColumn(field: ArrowField, read: FileRead, uri: string): ReadColumn {
  const { layout } = field;
  if (layout.kind === 'refused') throw refused(field.name, layout.what, uri);
  const type = columnTypeOf(layout);
  return {
    field,
    read,
    uri,
    numberCodes: new NumberCodes(type === 'string' ? 'f64' : type, read.type),
    textCodes: new TextCodes(),
  };
}

/**
 * The column in one batch.
 * @param start row of the file that the batch's first row is, for messages
 * @param dictionary loads the values of a dictionary
 */
export function batchColumn(
  column: ReadColumn,
  body: Body,
  start: number,
  dictionary: (id: number, value: ArrowKind) => DictionaryValues,
): BatchColumn {
  const { field } = column;
  const { layout } = field;
  if (layout.kind === 'null') return nullColumn;
  const validity = new Validity(body.nulls(field), body.region(field, 0));
  const encodingError = (row: number) => notUtf8(column, start + row);
  switch (layout.kind) {
    case 'number':
      return new NumberColumn(validity, body.region(field, 1), layout.type, column.numberCodes);
    case 'bool':
      return new BoolColumn(validity, body.region(field, 1), column.numberCodes);
    case 'text':
      return new TextColumn(
        validity,
        body.region(field, 1),
        layout.offsetBytes,
        body.region(field, 2),
        column.textCodes,
        encodingError,
      );
    case 'view': {
      const data = Array.from({ length: body.viewBuffers(field) }, (_, index) => body.region(field, 2 + index));
      return new ViewColumn(validity, body.region(field, 1), data, column.textCodes, encodingError);
    }
    case 'decimal':
      return new DecimalColumn(validity, body.region(field, 1), layout);
    case 'moment':
      return new MomentColumn(validity, body.region(field, 1), layout);
    case 'dictionary':
      return new DictionaryColumn(validity, body.region(field, 1), layout.index, dictionary(layout.id, layout.value));
    case 'fixedList':
      return new FixedListColumn(validity, listItems(body, field, layout.type, layout.width, 1));
    case 'list': {
      const width = column.read.width ?? 1;
      const items = listItems(body, field, layout.type, width, 2);
      const error = (row: number, length: number) => raggedList(column.uri, field.name, start + row, length, width);
      return new ListColumn(validity, body.region(field, 1), layout.offsetBytes, items, error);
    }
    default:
      throw refused(field.name, layout.what, column.uri);
  }
}

function listItems(body: Body, field: ArrowField, type: FileNumberType, width: number, firstBuffer: number) {
  return {
    validity: new Validity(body.nulls(field, 1), body.region(field, firstBuffer)),
    values: body.region(field, firstBuffer + 1),
    type,
    width,
  };
}

type FileNumberType = Extract<ArrowKind, { kind: 'list' }>['type'];

function refused(name: string, what: string, uri: string): DataError {
  return new DataError(
    'UNSUPPORTED',
    `Column ${JSON.stringify(name)} of ${uri} is of the Arrow type ${what}, which cannot be read. Numbers, booleans, text, dates, dictionaries and lists of numbers can; convert it.`,
    { source: uri, column: name },
  );
}

export function raggedList(uri: string, name: string, row: number, length: number, width: number): DataError {
  return new DataError(
    'COLUMN_TYPE',
    `Column ${JSON.stringify(name)} of ${uri} is ragged: row ${row} has ${length} values, the first list has ${width}. Every list needs as many, and at least one.`,
    { source: uri, column: name, row },
  );
}

function notUtf8({ uri, field }: ReadColumn, row: number): DataError {
  return new DataError(
    'TEXT_ENCODING',
    `Column ${JSON.stringify(field.name)} of ${uri} has text that is not UTF-8 in row ${row}. Write the file again with valid text.`,
    { source: uri, column: field.name, row },
  );
}
