import type { ColumnType, NumberType } from '../../types.js';
import { type Field, type IntType, typeId } from './schema.js';

/** How the values of a column are laid out in a record batch; `node` and `buffer` count from the column's own first. */
export type ArrowKind =
  | { kind: 'number'; type: NumberType }
  | { kind: 'bool' }
  | { kind: 'null' }
  | { kind: 'text'; offsetBytes: 4 | 8 }
  | { kind: 'view' }
  | { kind: 'list'; type: NumberType; offsetBytes: 4 | 8 }
  | { kind: 'fixedList'; type: NumberType; width: number }
  | { kind: 'dictionary'; id: number; index: NumberType; value: ArrowKind }
  | { kind: 'decimal'; bytes: 4 | 8 | 16 | 32; scale: number }
  | { kind: 'moment'; type: 'i32' | 'i64'; unit: MomentUnit; shown: 'date' | 'timestamp' | 'zoned' }
  | { kind: 'refused'; what: string };

/** What a stored date or timestamp counts since 1970. */
export type MomentUnit = 'days' | 'seconds' | 'milliseconds' | 'microseconds' | 'nanoseconds';

/** A top-level field: what it is and where its parts are in every record batch. */
export type ArrowField = {
  name: string;
  layout: ArrowKind;
  node: number;
  buffer: number;
  /** Columns of view type before it: each adds a varying number of buffers that the batch tells. */
  views: number;
};

/** Plans all fields of a schema. */
export function planFields(fields: readonly Field[]): ArrowField[] {
  const place = { node: 0, buffer: 0, views: 0 };
  return fields.map((field) => {
    const planned = { name: field.name, layout: kindOf(field), ...place };
    count(field, place);
    return planned;
  });
}

/** Type in the dataset; a refused column is text whose reading is refused. */
export function columnTypeOf(layout: ArrowKind): ColumnType {
  switch (layout.kind) {
    case 'number':
    case 'list':
    case 'fixedList':
      return layout.type;
    case 'bool':
      return 'bool';
    case 'null':
    case 'decimal':
      return 'f64';
    case 'dictionary':
      return columnTypeOf(layout.value);
    default:
      return 'string';
  }
}

interface Place {
  node: number;
  buffer: number;
  views: number;
}

/** Moves past the nodes and buffers of a field (Columnar.html, "RecordBatch message"). */
function count(field: Field, place: Place): void {
  place.node += 1;
  place.buffer += ownBuffers(field);
  if (field.dictionary) return;
  if (field.type === typeId.binaryView || field.type === typeId.utf8View) place.views += 1;
  for (const child of field.children) count(child, place);
}

function ownBuffers(field: Field): number {
  if (field.dictionary) return 2;
  switch (field.type) {
    case typeId.null:
    case typeId.runEndEncoded:
      return 0;
    case typeId.fixedSizeList:
    case typeId.struct:
      return 1;
    case typeId.union:
      return field.denseUnion ? 2 : 1;
    case typeId.utf8:
    case typeId.largeUtf8:
    case typeId.binary:
    case typeId.largeBinary:
    case typeId.listView:
    case typeId.largeListView:
      return 3;
    default:
      return 2;
  }
}

function kindOf(field: Field): ArrowKind {
  if (!field.dictionary) return valueKind(field);
  const value = valueKind(field);
  const index = integerType(field.dictionary.index);
  if (!index || !['number', 'bool', 'text', 'view'].includes(value.kind))
    return { kind: 'refused', what: typeName(field) };
  return { kind: 'dictionary', id: field.dictionary.id, index, value };
}

function valueKind(field: Field): ArrowKind {
  switch (field.type) {
    case typeId.null:
      return { kind: 'null' };
    case typeId.bool:
      return { kind: 'bool' };
    case typeId.utf8:
      return { kind: 'text', offsetBytes: 4 };
    case typeId.largeUtf8:
      return { kind: 'text', offsetBytes: 8 };
    case typeId.utf8View:
      return { kind: 'view' };
    case typeId.list:
    case typeId.largeList:
    case typeId.fixedSizeList:
      return listKind(field);
    case typeId.decimal:
      return decimalKind(field);
    case typeId.date:
    case typeId.timestamp:
      return momentKind(field);
  }
  const type = numberType(field);
  return type ? { kind: 'number', type } : { kind: 'refused', what: typeName(field) };
}

function numberType(field: Field): NumberType | null {
  if (field.type === typeId.float) return (['f16', 'f32', 'f64'] as const)[field.precision] ?? null;
  return field.type === typeId.int ? integerType(field.int) : null;
}

const integerType = ({ bitWidth, signed }: IntType): NumberType | null =>
  [8, 16, 32, 64].includes(bitWidth) ? (`${signed ? 'i' : 'u'}${bitWidth}` as NumberType) : null;

function listKind(field: Field): ArrowKind {
  const [item] = field.children;
  const type = item && !item.dictionary ? numberType(item) : null;
  if (!type) return { kind: 'refused', what: typeName(field) };
  if (field.type !== typeId.fixedSizeList)
    return { kind: 'list', type, offsetBytes: field.type === typeId.list ? 4 : 8 };
  if (field.listSize <= 0) return { kind: 'refused', what: 'fixed-size list of 0 values' };
  return { kind: 'fixedList', type, width: field.listSize };
}

function decimalKind(field: Field): ArrowKind {
  const { bitWidth, scale } = field.decimal;
  const bytes = bitWidth / 8;
  if (bytes !== 4 && bytes !== 8 && bytes !== 16 && bytes !== 32) return { kind: 'refused', what: typeName(field) };
  return { kind: 'decimal', bytes, scale };
}

const timestampUnits: MomentUnit[] = ['seconds', 'milliseconds', 'microseconds', 'nanoseconds'];

function momentKind(field: Field): ArrowKind {
  if (field.type === typeId.date) {
    return field.dateUnit === 0
      ? { kind: 'moment', type: 'i32', unit: 'days', shown: 'date' }
      : { kind: 'moment', type: 'i64', unit: 'milliseconds', shown: 'date' };
  }
  const unit = timestampUnits[field.timestamp.unit];
  if (!unit) return { kind: 'refused', what: typeName(field) };
  return { kind: 'moment', type: 'i64', unit, shown: field.timestamp.zoned ? 'zoned' : 'timestamp' };
}

/** A type in words, such as "list of struct". */
function typeName(field: Field): string {
  const name = Object.entries(typeId).find(([, id]) => id === field.type)?.[0] ?? `number ${field.type}`;
  const spaced = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  const [item] = field.children;
  const whole = item && spaced.endsWith('list') ? `${spaced} of ${typeName(item)}` : spaced;
  return field.dictionary ? `dictionary of ${whole}` : whole;
}
