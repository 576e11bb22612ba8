import { DataError } from '../errors.js';
import { looksLike } from '../magic.js';
import { sizeOf } from '../numbers.js';
import type { NumberType } from '../types.js';
import type { FileColumn } from './format.js';
import { type PythonValue, parsePythonLiteral } from './python-literal.js';

/** Header of a NumPy array of rank 1 to 3. Of rank 3, [N, T, C], the rows are the N x T rows of C values. */
export type NpyHeader = {
  type: NumberType;
  bigEndian: boolean;
  /** Column-major; false for rank 1, where it makes no difference. */
  fortran: boolean;
  rows: number;
  /** Null for rank 1. */
  width: number | null;
  /** Rows of one entry of the leading axis, T, where there are two leading axes. */
  steps?: number;
  /** Where the first element stands, in bytes from the start of the array file. */
  dataOffset: number;
};

/** The column that an array is. */
export const headerColumn = (name: string, { type, width, steps }: NpyHeader): FileColumn => ({
  name,
  type,
  width,
  ...(steps === undefined ? {} : { steps }),
});

/** Bytes that are enough for the header of every array this reader accepts. */
export const npyHeaderBytes = 70_000;

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/**
 * Parses the header of a .npy file (format versions 1 to 3).
 * @param head the first min(total, npyHeaderBytes) bytes
 * @param total size of the array file in bytes
 * @param name what to call the file in messages
 * @throws DataError FILE_CORRUPT (not .npy, truncated, shape and size disagree) or UNSUPPORTED (dtype, rank)
 */
export function parseNpyHeader(head: Uint8Array, total: number, name: string): NpyHeader {
  const { start, length } = headerRange(head, total, name);
  const text = Buffer.from(head.buffer, head.byteOffset + start, length).toString(head[6] >= 3 ? 'utf8' : 'latin1');
  const fields = headerFields(text, name);
  const { type, bigEndian } = elementType(fields.descr, name);
  if (!Array.isArray(fields.shape)) throw corrupt(name, `its header's 'shape' is not a tuple`);
  const shape = arrayShape(fields.shape, name);
  const { rows, width, steps } = shape;
  if (fields.fortran && steps !== undefined) throw columnMajor(name, fields.shape);
  const dataOffset = start + length;
  const expected = rows * (width ?? 1) * sizeOf(type);
  if (dataOffset + expected !== total) throw wrongSize(name, fields.shape, type, expected, total - dataOffset);
  return { type, bigEndian, fortran: fields.fortran && width !== null && width > 1, ...shape, dataOffset };
}

function headerRange(head: Uint8Array, total: number, name: string): { start: number; length: number } {
  if (total === 0) throw corrupt(name, 'it is empty (0 bytes)');
  if (!magic.every((byte, at) => at >= head.length || head[at] === byte)) {
    const found = looksLike(head);
    throw corrupt(name, `it does not start with the .npy signature${found ? `; it looks like ${found}` : ''}`);
  }
  if (head.length < 8) throw corrupt(name, `it is cut off inside the signature, at byte ${total}`);
  const version = head[6];
  if (version < 1 || version > 3) {
    throw new DataError(
      'UNSUPPORTED',
      `${name} is .npy format version ${version}.${head[7]}; versions 1 to 3 can be read.`,
      {
        source: name,
      },
    );
  }
  const start = version === 1 ? 10 : 12;
  if (head.length < start) throw corrupt(name, `it is cut off inside the header length, at byte ${total}`);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (start + length > total) {
    throw corrupt(name, `its header should end at byte ${start + length}, but the file ends at byte ${total}`);
  }
  if (start + length > head.length)
    throw corrupt(name, `its header has ${length} bytes, more than any array of numbers needs`);
  return { start, length };
}

interface HeaderFields {
  descr: PythonValue;
  fortran: boolean;
  shape: PythonValue;
}

function headerFields(text: string, name: string): HeaderFields {
  const value = parsePythonLiteral(text);
  if (!(value instanceof Map))
    throw corrupt(name, `its header is not a Python dictionary: ${JSON.stringify(text.slice(0, 80))}`);
  for (const key of ['descr', 'fortran_order', 'shape']) {
    if (!value.has(key)) throw corrupt(name, `its header has no '${key}'`);
  }
  const fortran = value.get('fortran_order');
  if (typeof fortran !== 'boolean') throw corrupt(name, `its header's 'fortran_order' is neither True nor False`);
  return { descr: value.get('descr') ?? null, fortran, shape: value.get('shape') ?? null };
}

const refusedKinds: Record<string, string> = {
  O: 'an object array (pickled Python objects)',
  U: 'an array of unicode text',
  S: 'an array of byte strings',
  a: 'an array of byte strings',
  V: 'an array of raw or structured records',
  c: 'an array of complex numbers',
  M: 'an array of dates (datetime64)',
  m: 'an array of durations (timedelta64)',
};

function elementType(descr: PythonValue, name: string): { type: NumberType; bigEndian: boolean } {
  if (Array.isArray(descr))
    throw unsupportedType(name, 'a structured array (named fields)', 'Save each field as an array of its own.');
  if (typeof descr !== 'string') throw corrupt(name, `its header's 'descr' is not text`);
  const match = /^([<>|=]?)([A-Za-z?])(\d*)/.exec(descr);
  if (!match) throw corrupt(name, `its header's 'descr' is ${JSON.stringify(descr)}, which is no dtype`);
  const [whole, order, kind, size] = match;
  if (kind === 'V' && size === '2')
    throw unsupportedType(
      name,
      `an array of raw records, dtype ${JSON.stringify(descr)} (bfloat16 is saved so)`,
      'Save bfloat16 with astype("float32"), or as .safetensors, which has it.',
    );
  const refused = refusedKinds[kind];
  if (refused)
    throw unsupportedType(
      name,
      `${refused}, dtype ${JSON.stringify(descr)}`,
      'Convert it to numbers, for example class indices, before saving.',
    );
  const type = whole === descr ? numberTypes[kind === '?' ? 'b1' : `${kind}${size}`] : undefined;
  if (!type)
    throw unsupportedType(name, `dtype ${JSON.stringify(descr)}`, 'Convert it, for example with astype("float64").');
  return { type, bigEndian: order === '>' };
}

const numberTypes: Record<string, NumberType> = {
  f2: 'f16',
  f4: 'f32',
  f8: 'f64',
  i1: 'i8',
  i2: 'i16',
  i4: 'i32',
  i8: 'i64',
  u1: 'u8',
  u2: 'u16',
  u4: 'u32',
  u8: 'u64',
  b1: 'bool',
};

/**
 * Rows and values a row of an array of a shape; of three dimensions also the rows of an entry of the leading axis.
 * @param name what to call the array in messages
 * @throws DataError FILE_CORRUPT (no sizes), UNSUPPORTED (rank, rows without values)
 */
export function arrayShape(shape: readonly unknown[], name: string): Pick<NpyHeader, 'rows' | 'width' | 'steps'> {
  for (const size of shape) {
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
      throw corrupt(name, `its header's 'shape' holds ${JSON.stringify(size)}, which is no size`);
    }
  }
  if (shape.length === 0 || shape.length > 3) throw unsupportedRank(name, shape);
  const sizes = shape as number[];
  if (sizes.length > 1 && sizes[sizes.length - 1] === 0)
    throw unsupportedType(name, `of shape (${sizes.join(', ')})`, 'A row needs at least one value.');
  if (sizes.length < 3) return { rows: sizes[0], width: sizes[1] ?? null };
  const [entries, steps, width] = sizes;
  return { rows: entries * steps, width, steps };
}

function unsupportedRank(name: string, shape: readonly unknown[]): DataError {
  const what =
    shape.length === 0 ? 'a single value (shape ())' : `of shape (${shape.join(', ')}), ${shape.length} dimensions`;
  return unsupportedType(
    name,
    what,
    'One dimension (a number a row), two (a list of numbers a row) or three (such a list for every step of every sequence) can be read; reshape it.',
  );
}

function columnMajor(name: string, shape: PythonValue): DataError {
  const sizes = Array.isArray(shape) ? shape.join(', ') : '';
  return new DataError(
    'UNSUPPORTED',
    `${name} of shape (${sizes}) is column-major (fortran_order): of three dimensions only row-major arrays can be read. Save numpy.ascontiguousarray of it.`,
    { source: name },
  );
}

function unsupportedType(name: string, what: string, todo: string): DataError {
  return new DataError(
    'UNSUPPORTED',
    `${name} is ${what}. Arrays of float16/32/64, int8 to int64, uint8 to uint64 and bool with one to three dimensions can be read. ${todo}`,
    { source: name },
  );
}

function wrongSize(name: string, shape: PythonValue, type: NumberType, expected: number, actual: number): DataError {
  const sizes = Array.isArray(shape) ? shape.join(', ') : '';
  const relation = actual < expected ? 'it is cut off' : 'something follows the array';
  return corrupt(
    name,
    `shape (${sizes}) of ${type} needs ${expected} bytes of data, but the file has ${actual}: ${relation}`,
  );
}

function corrupt(name: string, what: string): DataError {
  return new DataError('FILE_CORRUPT', `${name} cannot be read as .npy: ${what}.`, { source: name });
}
