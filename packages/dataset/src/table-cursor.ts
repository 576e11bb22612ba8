import { mergeMissing, sliceBuffer } from './buffer-slice.js';
import type { FileRead, Format } from './formats/format.js';
import { checkPin } from './pin.js';
import type { TableFile } from './table-data.js';
import type { Buffer as ColumnBuffer, Cursor } from './types.js';

/** Chains the cursors of a table's files; synchronous wherever the format's cursors are. */
export class TableCursor implements Cursor {
  readonly #format: Format;
  readonly #files: readonly TableFile[];
  readonly #reads: readonly FileRead[];
  readonly #end: number;
  /** Next row of the table. */
  #row: number;
  /** Index of the file that holds `#row`, or a later one if it has no rows. */
  #file: number;
  #open: Cursor | null = null;
  #finishedBytes = 0;

  constructor(format: Format, files: readonly TableFile[], start: number, end: number, reads: readonly FileRead[]) {
    this.#format = format;
    this.#files = files;
    this.#reads = reads;
    this.#row = start;
    this.#end = end;
    this.#file = fileOf(files, start);
  }

  get bytesRead(): number {
    return this.#finishedBytes + (this.#open?.bytesRead ?? 0);
  }

  fill(rows: number, buffers: readonly ColumnBuffer[]): void | Promise<void> {
    if (rows > this.#end - this.#row) {
      throw new RangeError(`A fill of ${rows} rows was asked for where ${this.#end - this.#row} remain`);
    }
    for (const buffer of buffers) if (buffer.as !== 'text') buffer.missing = 0;
    return this.#fillFrom(0, rows, buffers);
  }

  #fillFrom(done: number, rows: number, buffers: readonly ColumnBuffer[]): void | Promise<void> {
    let filled = done;
    while (filled < rows) {
      const cursor = this.#open ?? this.#openNext();
      if (cursor instanceof Promise) return cursor.then(() => this.#fillFrom(filled, rows, buffers));
      const part = Math.min(rows - filled, this.#remaining());
      const waiting = this.#fillPart(cursor, filled, part, rows, buffers);
      filled += part;
      if (waiting) return waiting.then(() => this.#fillFrom(filled, rows, buffers));
    }
  }

  /** Rows of the open file that this cursor still has to read. */
  #remaining(): number {
    const file = this.#files[this.#file];
    return Math.min(file.start + file.rows, this.#end) - this.#row;
  }

  #openNext(): Cursor | Promise<Cursor> {
    while (this.#files[this.#file].start + this.#files[this.#file].rows <= this.#row) this.#file += 1;
    const file = this.#files[this.#file];
    checkPin(file);
    const opened = this.#format.open(
      file,
      this.#row - file.start,
      this.#row - file.start + this.#remaining(),
      this.#reads,
    );
    if (!(opened instanceof Promise)) {
      this.#open = opened;
      return opened;
    }
    return opened.then((cursor) => {
      this.#open = cursor;
      return cursor;
    });
  }

  #fillPart(
    cursor: Cursor,
    at: number,
    part: number,
    rows: number,
    buffers: readonly ColumnBuffer[],
  ): void | Promise<void> {
    if (at === 0 && part === rows) {
      const waiting = cursor.fill(part, buffers);
      return waiting ? waiting.then(() => this.#advance(part)) : this.#advance(part);
    }
    const slices = buffers.map((buffer, index) => sliceBuffer(buffer, at, part, this.#reads[index].width ?? 1));
    const merge = () => {
      buffers.forEach((buffer, index) => {
        mergeMissing(buffer, slices[index], at, part);
      });
      return this.#advance(part);
    };
    const waiting = cursor.fill(part, slices);
    return waiting ? waiting.then(merge) : merge();
  }

  /** Moves on; a file whose rows are all read is closed and must not have changed meanwhile. */
  #advance(rows: number): void | Promise<void> {
    this.#row += rows;
    if (this.#remaining() > 0) return;
    const file = this.#files[this.#file];
    const closing = this.close();
    if (closing) return closing.then(() => checkPin(file));
    checkPin(file);
  }

  close(): void | Promise<void> {
    const cursor = this.#open;
    if (!cursor) return;
    this.#finishedBytes += cursor.bytesRead;
    this.#open = null;
    return cursor.close();
  }
}

/** The last file that starts at or before `row` (binary search: there may be very many). */
function fileOf(files: readonly TableFile[], row: number): number {
  let low = 0;
  let high = files.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (files[middle].start <= row) low = middle;
    else high = middle - 1;
  }
  return low;
}
