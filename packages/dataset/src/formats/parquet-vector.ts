import type { DuckDBVector } from '@duckdb/node-api';
import { type RawNumbers, rawView, sizeOf } from '../numbers.js';
import type { NumberType } from '../types.js';

/**
 * The memory of DuckDB's vectors as typed arrays. @duckdb/node-api keeps these fields private in its types, and offers
 * only one value at a time in public (0.4 us each); its version is pinned exactly and the tests read every type.
 */
interface VectorFields {
  items?: ArrayBufferView;
  dataView?: ArrayBufferView;
  entryData?: ArrayBufferView;
  childData?: DuckDBVector;
  validity?: { data: BigUint64Array | null; offset: number };
}

const fieldsOf = (vector: DuckDBVector): VectorFields => vector as unknown as VectorFields;

function memoryOf(vector: DuckDBVector): ArrayBufferView {
  const fields = fieldsOf(vector);
  const memory = fields.items ?? fields.dataView ?? fields.entryData;
  if (memory === undefined) throw new Error(`no memory in a ${vector.constructor.name}`);
  return memory;
}

/** Elements [from, from + count) as stored. */
export function rawNumbers(vector: DuckDBVector, type: NumberType, from: number, count: number): RawNumbers {
  const memory = memoryOf(vector);
  return rawView(type, memory.buffer, memory.byteOffset + from * sizeOf(type), count);
}

/** 16-byte records of strings: length, then the bytes themselves (up to 12) or a prefix of 4 and a pointer. */
export function stringRecords(vector: DuckDBVector): { words: Uint32Array; bytes: Uint8Array } {
  const { buffer, byteOffset, byteLength } = memoryOf(vector);
  return {
    words: new Uint32Array(buffer, byteOffset, byteLength >> 2),
    bytes: new Uint8Array(buffer, byteOffset, byteLength),
  };
}

/** Numbers of the levels of an ENUM, in as many bytes as the number of levels needs. */
export function enumCodes(vector: DuckDBVector, from: number, count: number): Uint8Array | Uint16Array | Uint32Array {
  const memory = memoryOf(vector);
  if (memory instanceof Uint8Array || memory instanceof Uint16Array || memory instanceof Uint32Array) {
    return memory.subarray(from, from + count);
  }
  throw new Error(`no codes in a ${vector.constructor.name}`);
}

/** Lists: per row, offset and length in the elements, 64-bit each (4 words a row). */
export function listEntries(vector: DuckDBVector): { entries: Uint32Array; elements: DuckDBVector } {
  const { buffer, byteOffset, byteLength } = memoryOf(vector);
  const elements = fieldsOf(vector).childData;
  if (elements === undefined) throw new Error(`no elements in a ${vector.constructor.name}`);
  return { entries: new Uint32Array(buffer, byteOffset, byteLength >> 2), elements };
}

/** Bit i of word i >> 5 is 1 when element i is present; null when all are. */
export function presentBits(vector: DuckDBVector): Uint32Array | null {
  const data = fieldsOf(vector).validity?.data;
  return data ? new Uint32Array(data.buffer, data.byteOffset, data.length * 2) : null;
}

export function isPresent(bits: Uint32Array, at: number): boolean {
  return ((bits[at >>> 5] >>> (at & 31)) & 1) === 1;
}
