import { DataError } from '../../errors.js';
import type { Buffer as ColumnBuffer, Cursor, NumberBuffer } from '../../types.js';
import type { DataFile } from '../format.js';
import { rowText, TextWindow } from './window.js';

/** Takes the rows of a text file apart; one per cursor. */
export interface RowReader {
  /** Finds the parts of the row that begins at `at`: the place after it, or -1 when the bytes end inside it and `last` is false. */
  scan(bytes: Uint8Array, at: number, end: number, last: boolean, row: number): number;
  /** Called before the rows of a fill. */
  begin(buffers: readonly ColumnBuffer[], rows: number): void;
  /** Copies the values of the row just scanned to place `index` of the buffers. */
  store(bytes: Uint8Array, index: number, row: number): void;
}

/** Rows of a text file from a checkpoint on. */
export class TextCursor implements Cursor {
  readonly #file: DataFile;
  readonly #reader: RowReader;
  readonly #from: { row: number; offset: number };
  #window: TextWindow | null = null;
  #row: number;
  #bytesRead = 0;
  #closed = false;

  /** @param from where a row at or before `start` begins */
  constructor(file: DataFile, reader: RowReader, from: { row: number; offset: number }, start: number) {
    this.#file = file;
    this.#reader = reader;
    this.#from = from;
    this.#row = start;
  }

  get bytesRead(): number {
    return this.#window?.bytesRead ?? this.#bytesRead;
  }

  fill(rows: number, buffers: readonly ColumnBuffer[]): void {
    if (this.#closed) throw new Error('fill after close');
    this.#reader.begin(buffers, rows);
    if (rows === 0) return;
    const window = this.#window ?? this.#open();
    for (let index = 0; index < rows; index++) {
      const row = this.#row;
      const next = this.#scan(window, row);
      this.#reader.store(window.bytes, index, row);
      window.at = next;
      this.#row++;
    }
  }

  /** Opens the file and passes over the rows between the checkpoint and the first wanted one. */
  #open(): TextWindow {
    const window = new TextWindow(this.#file, this.#from.offset);
    this.#window = window;
    for (let row = this.#from.row; row < this.#row; row++) window.at = this.#scan(window, row);
    return window;
  }

  #scan(window: TextWindow, row: number): number {
    for (;;) {
      const { last } = window;
      if (last && window.at >= window.end) throw this.#ended(row);
      const next = window.at < window.end ? this.#reader.scan(window.bytes, window.at, window.end, last, row) : -1;
      if (next >= 0) return next;
      window.more(row);
    }
  }

  #ended(row: number): DataError {
    return new DataError(
      'FILE_CHANGED',
      `${this.#file.uri} ended before row ${rowText(row)}, which it had when it was described: it was changed since. Run again when nothing writes to it.`,
      { source: this.#file.uri, row },
    );
  }

  close(): void {
    this.#closed = true;
    this.#bytesRead = this.bytesRead;
    this.#window?.close();
    this.#window = null;
  }
}

/** Notes that a row of a number buffer is missing; its numbers become NaN. */
export function markMissing(buffer: NumberBuffer, index: number, width: number, rows: number): void {
  if (buffer.missing === 0) buffer.present.fill(1, 0, rows);
  if (buffer.present[index] === 1) {
    buffer.present[index] = 0;
    buffer.missing++;
  }
  buffer.values.fill(Number.NaN, index * width, (index + 1) * width);
}
