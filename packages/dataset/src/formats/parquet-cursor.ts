import type { DuckDBConnection, DuckDBDataChunk, DuckDBResult } from '@duckdb/node-api';
import { DataError } from '../errors.js';
import type { Buffer as ColumnBuffer, Cursor } from '../types.js';
import { duckdbError } from './duckdb.js';
import type { DescribedFile, FileRead } from './format.js';
import type { Copier } from './parquet-copier.js';
import { copierOf } from './parquet-copy.js';
import { type ParquetLayout, partOf, ROW_NUMBER, tableSql } from './parquet-describe.js';
import { findLevels, type LongTexts, levelsCopier, levelsSql, worthLevels } from './parquet-levels.js';
import { parquetType } from './parquet-types.js';
import { rawNumbers } from './parquet-vector.js';
import { rowText } from './text/window.js';

/** A wanted column: the SQL that selects it and what copies it. */
interface Part {
  sql: string;
  copy: Copier;
  long: LongTexts;
}

/** Streams rows [start, end) of one file; DuckDB skips the row groups outside, and reads only the wanted columns. */
export class ParquetCursor implements Cursor {
  readonly #file: DescribedFile;
  readonly #connection: DuckDBConnection;
  readonly #parts: Part[];
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
    this.#start = start;
    this.#end = end;
    this.#row = start;
    const parts = reads.map((read) => partOf(file, read));
    this.#parts = reads.map((read, at) => {
      const long: LongTexts = { watched: true, fetched: 0, codes: new Set() };
      return { sql: parts[at].sql, copy: copierOf(file, read, parquetType(parts[at].type), long), long };
    });
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
    for (let at = 0; at < buffers.length; at++) this.#parts[at].copy(chunk.getColumnVector(at), span, buffers[at]);
    this.#taken += count;
    this.#row += count;
  }

  async #next(): Promise<void> {
    if (this.#row > this.#start) for (const part of this.#parts) if (part.long.watched) await this.#tryLevels(part);
    this.#result ??= await this.#connection.stream(this.#sql(this.#row));
    const chunk = await this.#result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) throw await this.#ended();
    this.#chunk = chunk;
    this.#rows = chunk.rowCount;
    this.#taken = 0;
    if (this.#numbered) this.#checkOrder(chunk);
  }

  /** The order of rows is what everything rests on, so it is looked at, not believed. */
  #checkOrder(chunk: DuckDBDataChunk): void {
    const words = rawNumbers(chunk.getColumnVector(this.#parts.length), 'i64', 0, this.#rows);
    for (let i = 0; i < this.#rows; i++) {
      const row = (words[2 * i] >>> 0) + words[2 * i + 1] * 2 ** 32;
      if (row !== this.#row + i) throw new Error(`row ${row} came where row ${this.#row + i} was due`);
    }
  }

  #sql(start: number): string {
    const columns = this.#parts.map(({ sql }, at) => `${sql} AS c${at}`);
    return this.#rowsSql(start, this.#numbered ? [...columns, `${ROW_NUMBER} AS r`] : columns);
  }

  /** Columns of rows [start, end) in order. */
  #rowsSql(start: number, columns: readonly string[]): string {
    const table = tableSql(this.#file.path);
    const list = columns.length > 0 ? columns.join(', ') : '1';
    // A file with a column of that name hides DuckDB's row number; rows are then counted off, without skipping row groups.
    const rows = this.#numbered
      ? `WHERE ${ROW_NUMBER} >= ${start} AND ${ROW_NUMBER} < ${this.#end}`
      : `LIMIT ${this.#end - start} OFFSET ${start}`;
    return `SELECT ${list} FROM ${table} ${rows}`;
  }

  /** After the first chunk: a column of few long texts goes on as an ENUM, by a new stream from here. */
  async #tryLevels(part: Part): Promise<void> {
    const { long } = part;
    long.watched = false;
    if (!worthLevels(long, this.#row - this.#start, this.#end - this.#row)) return;
    this.#result = null;
    const levels = await findLevels(this.#connection, this.#rowsSql(this.#row, [`${part.sql} AS t`]));
    if (levels === null) return;
    part.sql = levelsSql(part.sql, levels);
    part.copy = levelsCopier(levels);
  }

  /** A stream that fails ends without a word; the same rows counted at once make DuckDB say why. */
  async #ended(): Promise<unknown> {
    const { uri } = this.#file;
    const counts = ['count(*)', ...this.#parts.map((_, at) => `count(c${at})`)].join(', ');
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
