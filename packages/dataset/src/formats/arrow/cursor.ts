import { DataError } from '../../errors.js';
import { type LocalFile, openLocalFile } from '../../storage/file.js';
import type { Buffer as ColumnBuffer, Cursor } from '../../types.js';
import type { DescribedFile } from '../format.js';
import type { BatchColumn } from './batch-column.js';
import { Body } from './body.js';
import { batchColumn, type ReadColumn } from './columns.js';
import { Dictionaries } from './dictionaries.js';
import type { InflatedCache } from './inflated-cache.js';
import type { ArrowLayout } from './layout.js';
import { corruptArrow } from './messages.js';

/** Rows read at once: bounds the memory for text and validity, not for numbers, which go straight to the caller. */
const pieceRows = 65536;

/** Rows of one Arrow file; synchronous. */
export class ArrowCursor implements Cursor {
  readonly #file: DescribedFile;
  readonly #layout: ArrowLayout;
  readonly #columns: readonly ReadColumn[];
  readonly #source: LocalFile;
  readonly #dictionaries: Dictionaries;
  readonly #inflated: InflatedCache;
  readonly #present = new Uint8Array(pieceRows);
  #row: number;
  #batch = 0;
  /** Row of the file that the current batch's first row is. */
  #batchStart = 0;
  #open: BatchColumn[] | null = null;

  constructor(
    file: DescribedFile,
    layout: ArrowLayout,
    start: number,
    columns: readonly ReadColumn[],
    inflated: InflatedCache,
  ) {
    this.#file = file;
    this.#layout = layout;
    this.#columns = columns;
    this.#inflated = inflated;
    this.#row = start;
    this.#source = openLocalFile(file);
    this.#dictionaries = new Dictionaries(this.#source, file.uri, layout.dictionaries, layout.stream);
  }

  get bytesRead(): number {
    return this.#source.bytesRead;
  }

  fill(rows: number, buffers: readonly ColumnBuffer[]): void {
    for (const buffer of buffers) if (buffer.as !== 'text') buffer.missing = 0;
    try {
      for (let done = 0; done < rows; ) {
        const columns = this.#openBatch();
        const left = this.#batchStart + this.#layout.batches[this.#batch].rows - this.#row;
        const part = Math.min(rows - done, left, pieceRows);
        columns.forEach((column, index) => {
          this.#read(column, this.#columns[index].read.width ?? 1, buffers[index], done, part);
        });
        this.#row += part;
        done += part;
      }
    } catch (error) {
      if (error instanceof DataError || !(error instanceof RangeError)) throw error;
      throw corruptArrow(this.#file.uri, `in record batch ${this.#batch}, ${error.message}`);
    }
  }

  /** Opens the batch that holds the next row. */
  #openBatch(): BatchColumn[] {
    const { batches } = this.#layout;
    while (this.#row >= this.#batchStart + batches[this.#batch].rows) {
      this.#batchStart += batches[this.#batch].rows;
      this.#batch += 1;
      this.#open = null;
    }
    if (this.#open) return this.#open;
    const place = batches[this.#batch];
    const body = new Body(this.#source, place, { inflated: this.#inflated.of(this.#file.path, this.#batch) });
    this.#open = this.#columns.map((column) =>
      batchColumn(column, body, this.#batchStart, (id, value) =>
        this.#dictionaries.valuesAt(place.metadata, id, value),
      ),
    );
    return this.#open;
  }

  #read(column: BatchColumn, width: number, buffer: ColumnBuffer, at: number, rows: number): void {
    const row = this.#row - this.#batchStart;
    const present = this.#present.subarray(0, rows);
    if (buffer.as === 'text') {
      const codes = buffer.codes.subarray(at, at + rows);
      if (column.read(row, rows, { codes, dictionary: buffer.dictionary, present }) === 0) return;
      for (let index = 0; index < rows; index++) if (present[index] === 0) codes[index] = -1;
      return;
    }
    const numbers = buffer.values.subarray(at * width, (at + rows) * width);
    const missing = column.read(row, rows, { numbers, present });
    if (missing === 0 && buffer.missing === 0) return;
    if (buffer.missing === 0) buffer.present.fill(1, 0, at);
    if (missing === 0) present.fill(1);
    buffer.present.set(present, at);
    buffer.missing += missing;
    for (let index = 0; index < rows; index++) {
      if (present[index] === 0) numbers.fill(Number.NaN, index * width, (index + 1) * width);
    }
  }

  close(): void {
    this.#source.close();
  }
}
