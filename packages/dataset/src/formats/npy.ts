import { openLocalFile } from '../storage/file.js';
import type { Cursor } from '../types.js';
import { ArrayCursor } from './array-cursor.js';
import { createArrayReader } from './array-reader.js';
import { arraySegments } from './array-segments.js';
import type { DataFile, DescribedFile, FileDescription, FileRead, Format, Segment } from './format.js';
import { headerColumn, type NpyHeader, npyHeaderBytes, parseNpyHeader } from './npy-header.js';

/** NumPy .npy files: one column, whose name the caller decides. Cursors are synchronous. */
export function createNpy(): Format {
  return { name: 'npy', textual: false, describe, open, segments };
}

function describe(file: DataFile): FileDescription {
  const source = openLocalFile(file);
  try {
    const head = source.read(0, Math.min(file.bytes, npyHeaderBytes));
    const header = parseNpyHeader(head, file.bytes, file.uri);
    return { columns: [headerColumn('values', header)], rows: header.rows, layout: header };
  } finally {
    source.close();
  }
}

function open(file: DescribedFile, start: number, end: number, reads: readonly FileRead[]): Cursor {
  const header = file.layout as NpyHeader;
  const source = openLocalFile(file);
  return new ArrayCursor(
    source,
    reads.map((read) => createArrayReader(source, header, start, end, read)),
  );
}

function segments(file: DescribedFile, start: number, end: number): Segment[] {
  return arraySegments([{ header: file.layout as NpyHeader, offset: 0 }], start, end);
}
