import type { Buffer as ColumnBuffer, NumberBuffer } from './types.js';

/** A view of rows [at, at + rows) of a buffer of rows with `width` numbers each. */
export function sliceBuffer(buffer: ColumnBuffer, at: number, rows: number, width: number): ColumnBuffer {
  if (buffer.as === 'text') return { ...buffer, codes: buffer.codes.subarray(at, at + rows) };
  return {
    as: buffer.as,
    values: buffer.values.subarray(at * width, (at + rows) * width),
    present: buffer.present.subarray(at, at + rows),
    missing: 0,
    widen: buffer.widen,
  };
}

/** Keeps the promise that `present` is written for every row once one is missing. */
export function mergeMissing(buffer: ColumnBuffer, part: ColumnBuffer, at: number, rows: number): void {
  if (buffer.as === 'text') return;
  const { missing } = part as NumberBuffer;
  if (missing === 0 && buffer.missing === 0) return;
  if (buffer.missing === 0) buffer.present.fill(1, 0, at);
  if (missing === 0) buffer.present.fill(1, at, at + rows);
  buffer.missing += missing;
}
