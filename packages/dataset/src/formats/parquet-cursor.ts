import type { DuckDBConnection, DuckDBDataChunk, DuckDBResult } from '@duckdb/node-api';
import { DataError } from '../errors.js';
import type { Buffer as ColumnBuffer, Cursor } from '../types.js';
import { duckdbError } from './duckdb.js';
import type { DescribedFile, FileRead } from './format.js';
import { type Copier, copierOf } from './parquet-copy.js';
import { type ParquetLayout, partOf, tableSql } from './parquet-describe.js';
import { parquetType } from './parquet-types.js';
import { rawNumbers } from './parquet-vector.js';
import { rowText } from './text/window.js';

const ROW_NUMBER = 'file_row_number';

/** Streams rows [start, end) of one file; DuckDB skips the row groups outside, and reads only the wanted columns. */
export class ParquetCursor implements Cursor {
  readonly #file: DescribedFile;
  readonly #connection: DuckDBConnection;
  readonly #reads: readonly FileRead[];
  readonly #copiers: readonly Copier[];
  readonly #numbered: boolean;
  readonly #bytesPerRow: number;
  readonly #start: number;
  readonly #end: number;
  #result: DuckDBResult | null = null;
  #chunk: DuckDBDataChunk | null = null;
  /** Rows of the chunk, and those already copied. */
  #rows = 0;
  #taken = 0;
  /** File row of the next row to copy. */
  #row: number;
  #closed = false;

  constructor(
    file: DescribedFile,
    connection: DuckDBConnection,
    start: number,
    end: number,
    reads: readonly FileRead[],
  ) {
    this.#file = file;
    this.#connection = connection;
    this.#reads = reads;
    this.#start = start;
    this.#end = end;
    this.#row = start;
    const parts = reads.map((read) => partOf(file, read));
    this.#copiers = reads.map((read, at) => copierOf(file, read, parquetType(parts[at].type)));
    const layout = file.layout as unknown as ParquetLayout;
    this.#numbered = !layout.names.includes(ROW_NUMBER);
    const columns = new Set(parts.map(({ column }) => column));
    this.#bytesPerRow = [...columns].reduce((sum, column) => sum + layout.bytes[column], 0) / Math.max(file.rows, 1);
  }

  /** By the footer's sizes of the wanted columns, in proportion to the rows read. */
  get bytesRead(): number {
    return Math.round((this.#row - this.#start) * this.#bytesPerRow);
  }

  async fill(rows: number, buffers: readonly ColumnBuffer[]): Promise<void> {
    if (this.#closed) throw new Error('fill after close');
    for (const buffer of buffers) if (buffer.as !== 'text') buffer.missing = 0;
    try {
      for (let done = 0; done < rows; ) {
        if (this.#taken === this.#rows) await this.#next();
        const count = Math.min(rows - done, this.#rows - this.#taken);
        this.#copy(count, done, rows, buffers);
        done += count;
      }
    } catch (error) {
      throw duckdbError(error, this.#file, `reading rows from ${rowText(this.#row)} on`);
    }
  }

  #copy(count: number, to: number, rows: number, buffers: readonly ColumnBuffer[]): void {
    const chunk = this.#chunk as DuckDBDataChunk;
    const span = { from: this.#taken, count, to, rows, row: this.#row };
    for (let at = 0; at < buffers.length; at++) this.#copiers[at](chunk.getColumnVector(at), span, buffers[at]);
    this.#taken += count;
    this.#row += count;
  }

  async #next(): Promise<void> {
    this.#result ??= await this.#connection.stream(this.#sql(this.#start));
    const chunk = await this.#result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) throw await this.#ended();
    this.#chunk = chunk;
    this.#rows = chunk.rowCount;
    this.#taken = 0;
    if (this.#numbered) this.#checkOrder(chunk);
  }

  /** The order of rows is what everything rests on, so it is looked at, not believed. */
  #checkOrder(chunk: DuckDBDataChunk): void {
    const words = rawNumbers(chunk.getColumnVector(this.#reads.length), 'i64', 0, this.#rows);
    for (let i = 0; i < this.#rows; i++) {
      const row = (words[2 * i] >>> 0) + words[2 * i + 1] * 2 ** 32;
      if (row !== this.#row + i) throw new Error(`row ${row} came where row ${this.#row + i} was due`);
    }
  }

  #sql(start: number): string {
    const columns = this.#reads.map((read, at) => `${partOf(this.#file, read).sql} AS c${at}`);
    const table = tableSql(this.#file.path);
    // A file with a column of that name hides DuckDB's row number; rows are then counted off, without skipping row groups.
    if (!this.#numbered) {
      const list = columns.length > 0 ? columns.join(', ') : '1';
      return `SELECT ${list} FROM ${table} LIMIT ${this.#end - start} OFFSET ${start}`;
    }
    return `SELECT ${[...columns, `${ROW_NUMBER} AS r`].join(', ')} FROM ${table}
      WHERE ${ROW_NUMBER} >= ${start} AND ${ROW_NUMBER} < ${this.#end}`;
  }

  /** A stream that fails ends without a word; the same rows counted at once make DuckDB say why. */
  async #ended(): Promise<unknown> {
    const { uri } = this.#file;
    const counts = ['count(*)', ...this.#reads.map((_, at) => `count(c${at})`)].join(', ');
    await this.#connection.run(`SELECT ${counts} FROM (${this.#sql(this.#row)})`);
    return new DataError(
      'FILE_CHANGED',
      `${uri} ended before row ${rowText(this.#row)}, which it had when it was described: it was changed since. Run again when nothing writes to it.`,
      { source: uri, row: this.#row },
    );
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#chunk = null;
    this.#result = null;
    this.#connection.closeSync();
  }
}
