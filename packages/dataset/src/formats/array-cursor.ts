import type { LocalFile } from '../storage/file.js';
import type { Buffer as ColumnBuffer, Cursor } from '../types.js';
import type { ArrayReader } from './array-reader.js';

/** Rows of arrays that lie in a file as they are: synchronous. Owns the file. */
export class ArrayCursor implements Cursor {
  readonly #source: LocalFile;
  readonly #readers: readonly ArrayReader[];

  constructor(source: LocalFile, readers: readonly ArrayReader[]) {
    this.#source = source;
    this.#readers = readers;
  }

  get bytesRead(): number {
    return this.#source.bytesRead;
  }

  fill(rows: number, buffers: readonly ColumnBuffer[]): void {
    this.#readers.forEach((reader, index) => {
      reader.fill(rows, buffers[index]);
    });
  }

  close(): void {
    this.#source.close();
  }
}
