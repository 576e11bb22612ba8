import { sizeOf } from '../numbers.js';
import type { ByteRange } from '../storage/storage.js';
import type { Segment } from './format.js';
import type { NpyHeader } from './npy-header.js';

const SEGMENT = 4 * 2 ** 20;

/** An array stored as it is, whose file begins at byte `offset`. */
export interface StoredArray {
  readonly header: NpyHeader;
  readonly offset: number;
}

/** Rows [start, end) of arrays in segments of about 4 MiB, with exactly the bytes of their rows; `always` are needed by all. */
export function arraySegments(
  arrays: readonly StoredArray[],
  start: number,
  end: number,
  always: readonly ByteRange[] = [],
): Segment[] {
  const rowBytes = arrays.reduce((sum, { header }) => sum + (header.width ?? 1) * sizeOf(header.type), 0);
  const rows = rowBytes === 0 ? end - start : Math.max(1, Math.floor(SEGMENT / rowBytes));
  const segments: Segment[] = [];
  for (let from = start; from < end; from += rows) {
    const to = Math.min(end, from + rows);
    segments.push({ end: to, ranges: [...always, ...arrays.flatMap((array) => rangesOf(array, from, to))] });
  }
  return segments;
}

function rangesOf({ header, offset }: StoredArray, from: number, to: number): ByteRange[] {
  const size = sizeOf(header.type);
  const width = header.width ?? 1;
  const first = offset + header.dataOffset;
  if (!header.fortran) return [[first + from * width * size, first + to * width * size]];
  return Array.from({ length: width }, (_, column): ByteRange => {
    const strip = first + column * header.rows * size;
    return [strip + from * size, strip + to * size];
  });
}
