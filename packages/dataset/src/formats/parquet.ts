import { createDictionary } from '../dictionary.js';
import { sortedTexts } from '../distinct.js';
import { DataError } from '../errors.js';
import type { Cursor, TextBuffer } from '../types.js';
import { DuckDB, duckdbError } from './duckdb.js';
import type {
  DataFile,
  DescribedFile,
  DescribeFile,
  Fetch,
  FileDescription,
  FileRead,
  Format,
  FormatFactory,
  Segment,
} from './format.js';
import { copierOf } from './parquet-copy.js';
import { ParquetCursor } from './parquet-cursor.js';
import { describeParquet, type ParquetLayout, partOf, ROW_NUMBER, tableSql } from './parquet-describe.js';
import { fetchFooter, parquetSegments } from './parquet-footer.js';
import { parquetType } from './parquet-types.js';

/**
 * Parquet by DuckDB: every codec and encoding it reads. Numbers as stored, DECIMAL as float64, lists of one length a
 * column; dates, times and binary as text; structs, maps and lists of anything else are refused when they are used.
 */
class ParquetFormat implements Format {
  readonly name = 'parquet';
  readonly textual = false;
  readonly #duckdb = new DuckDB();

  async describe(file: DataFile, { fetch }: DescribeFile = {}): Promise<FileDescription> {
    if (fetch) await fetchFooter(file, fetch);
    return describeParquet(file, this.#duckdb, fetch);
  }

  async segments(
    file: DescribedFile,
    start: number,
    end: number,
    reads: readonly FileRead[],
    fetch: Fetch,
  ): Promise<Segment[]> {
    await fetchFooter(file, fetch);
    const columns = new Set(reads.map(({ column }) => column));
    // Without row numbers of DuckDB's own the rows are counted off from the first.
    const { names } = file.layout as unknown as ParquetLayout;
    return parquetSegments(file, { start, end, columns, counted: names.includes(ROW_NUMBER) });
  }

  async open(file: DescribedFile, start: number, end: number, reads: readonly FileRead[]): Promise<Cursor> {
    for (const read of reads) checkRead(file, read);
    const connection = await this.#duckdb.connect();
    await this.#duckdb.allow(connection, vectorBytes(file, reads));
    return new ParquetCursor(file, connection, start, end, reads);
  }

  /** Asks DuckDB for the distinct values of each file: it looks at dictionaries where it can. */
  async distinct(files: readonly DescribedFile[], read: FileRead, limit: number): Promise<string[] | null> {
    const dictionary = createDictionary();
    for (const file of files) {
      checkRead(file, read);
      if (!(await this.#distinctOf(file, read, dictionary, limit))) return null;
    }
    return sortedTexts([...dictionary.values], read.type);
  }

  async #distinctOf(file: DescribedFile, read: FileRead, dictionary: TextBuffer['dictionary'], limit: number) {
    const { type, sql } = partOf(file, read);
    const copy = copierOf(file, { ...read, as: 'text' }, parquetType(type));
    const connection = await this.#duckdb.connect();
    try {
      // Not streamed: a stream that fails ends without a word.
      const result = await connection.run(
        `SELECT DISTINCT ${sql} AS c0 FROM ${tableSql(file.path)} WHERE ${sql} IS NOT NULL LIMIT ${limit + 1}`,
      );
      for (const chunk of await result.fetchAllChunks()) {
        const rows = chunk.rowCount;
        const buffer: TextBuffer = { as: 'text', codes: new Int32Array(rows), dictionary };
        copy(chunk.getColumnVector(0), { from: 0, count: rows, to: 0, rows, row: 0 }, buffer);
      }
      return dictionary.values.length <= limit;
    } catch (error) {
      throw duckdbError(error, file, `reading column ${read.column}`);
    } finally {
      connection.closeSync();
    }
  }

  close(): Promise<void> {
    return this.#duckdb.close();
  }
}

function vectorBytes(file: DescribedFile, reads: readonly FileRead[]): number {
  const { vectors } = file.layout as unknown as ParquetLayout;
  return reads.reduce((sum, read) => sum + vectors[partOf(file, read).column], 0);
}

function checkRead(file: DescribedFile, read: FileRead): void {
  const { type } = partOf(file, read);
  const known = parquetType(type);
  const where = { source: file.uri, column: read.column };
  if (read.as === 'text' ? known.text : known.number !== null) return;
  throw new DataError(
    known.text ? 'COLUMN_TYPE' : 'UNSUPPORTED',
    `${file.uri}, column ${read.column}: its Parquet type ${type} cannot be read as ${read.as === 'text' ? 'text' : 'numbers'}. Numbers, booleans, text, dates and lists of numbers can; write the fields that are needed as columns of their own.`,
    where,
  );
}

export const createParquet: FormatFactory = () => new ParquetFormat();
