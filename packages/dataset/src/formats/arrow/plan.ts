import type { DataType, Field } from '@uwdata/flechette';
import type { ColumnType, NumberType } from '../../types.js';

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
  | { kind: 'refused'; what: string };

/** A top-level field: what it is and where its parts are in every record batch. */
export type ArrowField = {
  name: string;
  layout: ArrowKind;
  node: number;
  buffer: number;
  /** Columns of view type before it: each adds a varying number of buffers that the batch tells. */
  views: number;
};

/** flechette's type ids (Schema.fbs; -1 is a dictionary). */
const id = {
  dictionary: -1,
  null: 1,
  int: 2,
  float: 3,
  binary: 4,
  utf8: 5,
  bool: 6,
  list: 12,
  struct: 13,
  union: 14,
  fixedSizeList: 16,
  map: 17,
  largeBinary: 19,
  largeUtf8: 20,
  largeList: 21,
  runEndEncoded: 22,
  binaryView: 23,
  utf8View: 24,
  listView: 25,
  largeListView: 26,
};

/** Plans all fields of a schema. */
export function planFields(fields: readonly Field[]): ArrowField[] {
  const place = { node: 0, buffer: 0, views: 0 };
  return fields.map((field) => {
    const planned = { name: field.name, layout: kindOf(field.type), ...place };
    count(field.type, place);
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

/** Moves past the nodes and buffers of a type (Columnar.html, "Recordbatch message"). */
function count(type: DataType, place: Place): void {
  place.node += 1;
  place.buffer += ownBuffers(type);
  if (type.typeId === id.binaryView || type.typeId === id.utf8View) place.views += 1;
  if (type.typeId === id.dictionary) return;
  for (const child of childrenOf(type)) count(child.type, place);
}

function ownBuffers(type: DataType): number {
  switch (type.typeId) {
    case id.null:
    case id.runEndEncoded:
      return 0;
    case id.fixedSizeList:
    case id.struct:
      return 1;
    case id.union:
      return 'mode' in type && type.mode === 1 ? 2 : 1;
    case id.utf8:
    case id.largeUtf8:
    case id.binary:
    case id.largeBinary:
    case id.listView:
    case id.largeListView:
      return 3;
    default:
      return 2;
  }
}

const childrenOf = (type: DataType): readonly Field[] => ('children' in type && type.children ? type.children : []);

function kindOf(type: DataType): ArrowKind {
  switch (type.typeId) {
    case id.null:
      return { kind: 'null' };
    case id.bool:
      return { kind: 'bool' };
    case id.utf8:
      return { kind: 'text', offsetBytes: 4 };
    case id.largeUtf8:
      return { kind: 'text', offsetBytes: 8 };
    case id.utf8View:
      return { kind: 'view' };
    case id.list:
    case id.largeList:
    case id.fixedSizeList:
      return listKind(type);
    case id.dictionary:
      return dictionaryKind(type);
  }
  const number = numberType(type);
  return number ? { kind: 'number', type: number } : { kind: 'refused', what: typeName(type) };
}

function numberType(type: DataType): NumberType | null {
  if (type.typeId === id.float && 'precision' in type) return (['f16', 'f32', 'f64'] as const)[type.precision] ?? null;
  if (type.typeId !== id.int || !('signed' in type)) return null;
  return `${type.signed ? 'i' : 'u'}${type.bitWidth}` as NumberType;
}

function listKind(type: DataType): ArrowKind {
  const item = childrenOf(type)[0]?.type;
  const number = item ? numberType(item) : null;
  if (!number) return { kind: 'refused', what: typeName(type) };
  if (type.typeId !== id.fixedSizeList || !('stride' in type)) {
    return { kind: 'list', type: number, offsetBytes: type.typeId === id.list ? 4 : 8 };
  }
  return type.stride > 0
    ? { kind: 'fixedList', type: number, width: type.stride }
    : { kind: 'refused', what: 'lists of 0 values' };
}

function dictionaryKind(type: DataType): ArrowKind {
  if (!('dictionary' in type)) return { kind: 'refused', what: typeName(type) };
  const value = kindOf(type.dictionary);
  const index = numberType(type.indices);
  if (!index || !['number', 'bool', 'text', 'view'].includes(value.kind))
    return { kind: 'refused', what: typeName(type) };
  return { kind: 'dictionary', id: type.id, index, value };
}

const names: Record<number, string> = {
  4: 'binary',
  7: 'decimal',
  8: 'date',
  9: 'time',
  10: 'timestamp',
  11: 'interval',
  12: 'list',
  13: 'struct',
  14: 'union',
  15: 'fixed-size binary',
  16: 'fixed-size list',
  17: 'map',
  18: 'duration',
  19: 'large binary',
  21: 'large list',
  22: 'run-end encoded',
  23: 'binary view',
  25: 'list view',
  26: 'large list view',
};

function typeName(type: DataType): string {
  if (type.typeId === id.dictionary && 'dictionary' in type) return `dictionary of ${typeName(type.dictionary)}`;
  const item = childrenOf(type)[0];
  const name = names[type.typeId] ?? columnTypeOf(kindOf(type));
  return item && name.includes('list') ? `${name} of ${typeName(item.type)}` : name;
}
