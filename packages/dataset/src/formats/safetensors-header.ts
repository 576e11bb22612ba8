import { DataError } from '../errors.js';
import { looksLike } from '../magic.js';
import { sizeOf } from '../numbers.js';
import type { LocalFile } from '../storage/file.js';
import type { NumberType } from '../types.js';
import type { DataFile } from './format.js';

/** A tensor of a safetensors file, checked against the file's size. */
export interface Tensor {
  readonly name: string;
  /** As the file calls it. */
  readonly dtype: string;
  /** Null for types that cannot be read. */
  readonly type: NumberType | null;
  readonly shape: readonly number[];
  /** Where its bytes are in the file. */
  readonly start: number;
  readonly end: number;
}

/** The longest header, as in the reference implementation. */
const MOST_HEADER = 100_000_000;

const types: Record<string, NumberType> = {
  F16: 'f16',
  BF16: 'bf16',
  F32: 'f32',
  F64: 'f64',
  I8: 'i8',
  I16: 'i16',
  I32: 'i32',
  I64: 'i64',
  U8: 'u8',
  U16: 'u16',
  U32: 'u32',
  U64: 'u64',
  BOOL: 'bool',
};

/**
 * The tensors of a file in the order of its header: eight bytes with the header's length, a JSON object, the tensors' bytes.
 * These must cover the rest of the file without gap or overlap, as the format demands: what is cut off or damaged shows.
 * @throws DataError FILE_CORRUPT, LIMIT_EXCEEDED
 */
export function readTensors(source: LocalFile, file: DataFile): Tensor[] {
  const dataStart = 8 + headerLength(source, file);
  const entries = headerEntries(source.read(8, dataStart - 8), file);
  const tensors = entries.map(([name, entry]) => tensorOf(name, entry, dataStart, file));
  checkCoverage(tensors, dataStart, file);
  return tensors;
}

function headerLength(source: LocalFile, file: DataFile): number {
  if (file.bytes < 10) throw corrupt(file, `it is cut off inside its header, at byte ${file.bytes}`);
  const head = source.read(0, Math.min(16, file.bytes));
  const length = Buffer.from(head.buffer, head.byteOffset).readBigUInt64LE(0);
  const looks = looksLike(head);
  const hint = looks ? `; it looks like ${looks}` : '';
  if (head[8] !== 0x7b)
    throw corrupt(file, `its header does not begin with "{" but with byte 0x${head[8].toString(16)}${hint}`);
  if (length > BigInt(file.bytes - 8))
    throw corrupt(file, `its header should have ${length} bytes, but the file has ${file.bytes}${hint}`);
  if (length > BigInt(MOST_HEADER)) {
    throw new DataError(
      'LIMIT_EXCEEDED',
      `${file.uri}: its header has ${length} bytes; at most ${MOST_HEADER} are read.`,
      { source: file.uri },
    );
  }
  return Number(length);
}

/** Name and description of each tensor. */
function headerEntries(bytes: Uint8Array, file: DataFile): [string, object][] {
  const header = parseHeader(bytes, file);
  if (!isObject(header)) throw corrupt(file, 'its header is no JSON object');
  return Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => {
      if (!isObject(entry)) throw corrupt(file, `its header says nothing of ${JSON.stringify(name)}`);
      return [name, entry];
    });
}

function parseHeader(bytes: Uint8Array, file: DataFile): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    const why = error instanceof SyntaxError ? error.message : 'it is not UTF-8';
    throw corrupt(file, `its header is not JSON (${why})`);
  }
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function tensorOf(name: string, entry: object, dataStart: number, file: DataFile): Tensor {
  const { dtype, shape, data_offsets: offsets } = entry as Record<string, unknown>;
  const wrong = (what: string) => corrupt(file, `the header of tensor ${JSON.stringify(name)} ${what}`);
  if (typeof dtype !== 'string') throw wrong('has no dtype');
  if (!Array.isArray(shape) || !shape.every(isSize)) throw wrong(`has the shape ${shown(shape)}, which is none`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize) || offsets[0] > offsets[1])
    throw wrong(`has the data_offsets ${shown(offsets)}, which are none`);
  const [start, end] = offsets as [number, number];
  if (dataStart + end > file.bytes)
    throw wrong(`puts its end at byte ${dataStart + end}, but the file ends at byte ${file.bytes}: it is cut off`);
  const type = Object.hasOwn(types, dtype) ? types[dtype] : null;
  const expected = type && shape.reduce((product: number, size: number) => product * size, sizeOf(type));
  if (type && expected !== end - start)
    throw wrong(`needs ${expected} bytes for shape [${shape.join(', ')}] of ${dtype}, but has ${end - start}`);
  return { name, dtype, type, shape, start: dataStart + start, end: dataStart + end };
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function checkCoverage(tensors: readonly Tensor[], dataStart: number, file: DataFile): void {
  const sorted = [...tensors].sort((left, right) => left.start - right.start || left.end - right.end);
  let at = dataStart;
  let before = 'the header';
  for (const { name, start, end } of sorted) {
    const here = `tensor ${JSON.stringify(name)}`;
    if (start < at) throw corrupt(file, `${here} begins at byte ${start}, inside ${before}, which ends at byte ${at}`);
    if (start > at)
      throw corrupt(file, `${start - at} bytes between ${before} and ${here} (from byte ${at} on) belong to no tensor`);
    at = end;
    before = here;
  }
  if (at < file.bytes)
    throw corrupt(file, `${file.bytes - at} bytes after ${before} (from byte ${at} on) belong to none`);
}

function corrupt(file: DataFile, what: string): DataError {
  return new DataError('FILE_CORRUPT', `${file.uri} cannot be read as safetensors: ${what}.`, { source: file.uri });
}
