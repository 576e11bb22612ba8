import { FlatTable } from './flatbuffer.js';

/** Type ids of the format (Schema.fbs). */
export const typeId = {
  null: 1,
  int: 2,
  float: 3,
  binary: 4,
  utf8: 5,
  bool: 6,
  decimal: 7,
  date: 8,
  time: 9,
  timestamp: 10,
  interval: 11,
  list: 12,
  struct: 13,
  union: 14,
  fixedSizeBinary: 15,
  fixedSizeList: 16,
  map: 17,
  duration: 18,
  largeBinary: 19,
  largeUtf8: 20,
  largeList: 21,
  runEndEncoded: 22,
  binaryView: 23,
  utf8View: 24,
  listView: 25,
  largeListView: 26,
};

export interface IntType {
  bitWidth: number;
  signed: boolean;
}

/** A field of a schema, as far as it decides how columns are laid out. */
export interface Field {
  name: string;
  /** Of the values; for a dictionary-encoded field, of the dictionary's. */
  type: number;
  int: IntType;
  /** 0 half, 1 single, 2 double. */
  precision: number;
  listSize: number;
  decimal: { scale: number; bitWidth: number };
  /** Of a timestamp: 0 seconds, 1 milliseconds, 2 microseconds, 3 nanoseconds. */
  timestamp: { unit: number; zoned: boolean };
  /** Of a date: 0 days, 1 milliseconds. */
  dateUnit: number;
  denseUnion: boolean;
  /** Set for dictionary-encoded fields: their columns hold indices of type `index`. */
  dictionary: { id: number; index: IntType } | null;
  children: Field[];
}

export interface Schema {
  bigEndian: boolean;
  fields: Field[];
}

const deepest = 64;
const mostFields = 1_000_000;

/**
 * Decodes the metadata of a schema message.
 * @throws RangeError if it is damaged
 */
export function decodeSchema(metadata: Uint8Array): Schema {
  const schema = FlatTable.root(metadata).table(2);
  if (!schema) throw new RangeError('the schema message has no schema');
  let fields = 0;
  const decode = (table: FlatTable, depth: number): Field => {
    fields += 1;
    // Damaged offsets can make a field contain itself.
    if (depth > deepest || fields > mostFields) throw new RangeError('the schema has too many nested fields');
    return decodeField(table, (child) => decode(child, depth + 1));
  };
  return { bigEndian: schema.int16(0) !== 0, fields: schema.tables(1).map((table) => decode(table, 0)) };
}

function decodeField(table: FlatTable, decodeChild: (table: FlatTable) => Field): Field {
  const id = table.int8(2);
  // Each kind of type is a table with fields of its own: reading another kind's would reach beyond it.
  const typeOf = (wanted: number): FlatTable | null => (id === wanted ? table.table(3) : null);
  const encoding = table.table(4);
  return {
    name: table.text(0),
    type: id,
    int: decodeInt(typeOf(typeId.int)),
    precision: typeOf(typeId.float)?.int16(0) ?? 0,
    listSize: typeOf(typeId.fixedSizeList)?.int32(0) ?? 0,
    decimal: decodeDecimal(typeOf(typeId.decimal)),
    timestamp: decodeTimestamp(typeOf(typeId.timestamp)),
    dateUnit: typeOf(typeId.date)?.int16(0, 1) ?? 1,
    denseUnion: typeOf(typeId.union)?.int16(0) === 1,
    dictionary: encoding ? { id: encoding.int64(0), index: dictionaryIndex(encoding) } : null,
    children: table.tables(5).map(decodeChild),
  };
}

const decodeInt = (type: FlatTable | null): IntType => ({
  bitWidth: type?.int32(0) ?? 0,
  signed: type ? type.int8(1) !== 0 : false,
});

const decodeDecimal = (type: FlatTable | null): Field['decimal'] => ({
  scale: type?.int32(1) ?? 0,
  bitWidth: type?.int32(2, 128) ?? 128,
});

const decodeTimestamp = (type: FlatTable | null): Field['timestamp'] => ({
  unit: type?.int16(0) ?? 0,
  zoned: type ? type.text(1) !== '' : false,
});

/** Signed 32-bit unless something else is said. */
function dictionaryIndex(encoding: FlatTable): IntType {
  const index = encoding.table(1);
  return index ? decodeInt(index) : { bitWidth: 32, signed: true };
}
