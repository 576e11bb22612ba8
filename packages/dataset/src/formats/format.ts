import type { ByteRange, RemotePin } from '../storage/storage.js';
import type { Column, ColumnRead, ColumnType, Cursor } from '../types.js';

/** A value that survives JSON and structured clone: layouts travel to threads and other processes. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** One data file, found and stat-ed; its pin (size, mtime) is checked by the caller before and after it is read. */
export interface DataFile {
  /** The path as the user gave it (globs expanded), a URL without its query: for messages and `Source.uri`. */
  readonly uri: string;
  /** Absolute local path: what to open. Of a remote file its URL, which may hold a signature: not to be shown. */
  readonly path: string;
  readonly bytes: number;
  /** Of a remote file: its version. `path` is then its URL, and of the copy that a format gets the copy's path. */
  readonly remote?: RemotePin;
}

/** Fetches ranges of a remote file into the copy that a format reads. */
export type Fetch = (ranges: readonly ByteRange[]) => Promise<void>;

export interface DescribeFile {
  signal?: AbortSignal | undefined;
  fetch?: Fetch;
  /**
   * Columns that will be read, of formats whose columns need not be equally long (safetensors): these must be, and give the rows.
   * Without it all are described.
   */
  columns?: readonly string[] | undefined;
}

/** Rows up to `end` that are read by one cursor of their own, and the bytes it needs. */
export interface Segment {
  /** Row after the last one. */
  readonly end: number;
  readonly ranges: readonly ByteRange[];
}

/** A column of one file. */
export interface FileColumn extends Column {
  /** True when the file holds no value of it (all rows missing, or no rows): it then agrees with any type of the other files. */
  empty?: boolean;
  /** Of a string column: why it cannot be read as numbers, to end a message with: `row 48,211: "n/a" is not a number`. */
  notNumber?: string;
  /** Of an array with two leading axes [N, T]: T, the rows of one entry of the first. */
  steps?: number;
}

/** What a format finds out about one file, once; nothing is scanned again when the file is opened by its layout. */
export interface FileDescription {
  /** In file order. Names need not be checked for duplicates by the format: the table does. */
  columns: FileColumn[];
  rows: number;
  /** Whatever the format needs to open a row range without describing again (offsets, dtype, an index of rows). */
  layout: Json;
}

export interface DescribedFile extends DataFile, FileDescription {}

/** A column to read from one file. */
export interface FileRead extends ColumnRead {
  /** Type of the column in the whole dataset: the file's own, or the type it is promoted to (text is made from values of this type). */
  type: ColumnType;
  /** As in `Column`; equal in all files. */
  width: number | null;
}

/**
 * One file format. A dataset makes one Format by its factory, uses it for all its files and closes it.
 *
 * Chaining files, checking pins, common schemas, duplicate names and unknown columns are done by the table; a format
 * describes ONE file and reads row ranges of ONE file. It throws DataError only (code FILE_CORRUPT and so on) and names
 * `file.uri` in the message and in `where.source`. Rows in messages are 0-based rows of the file.
 */
export interface Format {
  /** Name in `Description.format`. */
  readonly name: string;
  /** Values are text in the file (CSV, JSONL): a column that is a number in one file and text in another is text in the dataset. */
  readonly textual: boolean;
  /** Reads headers, footers or - for formats without them - the whole file once; that long read ends when it is aborted. */
  describe(file: DataFile, options?: DescribeFile): FileDescription | Promise<FileDescription>;
  /**
   * What a cursor of a remote file reads, a few MiB at a time, in order and up to `end`: fetched ahead. Without it bytes are
   * fetched when they are found absent.
   */
  segments?(
    file: DescribedFile,
    start: number,
    end: number,
    reads: readonly FileRead[],
    fetch: Fetch,
  ): Segment[] | Promise<Segment[]>;
  /**
   * A cursor over rows [start, end) of the file, 0 <= start <= end <= rows. The reads exist in the file, and `as` fits
   * the type (never f32/f64 of a string column, never text of a list column). `fill` is never asked for more rows than remain.
   */
  open(file: DescribedFile, start: number, end: number, reads: readonly FileRead[]): Cursor | Promise<Cursor>;
  /** Optional short cut for `Dataset.distinct`, same result: see there. */
  distinct?(files: readonly DescribedFile[], read: FileRead, limit: number): Promise<string[] | null>;
  /** Frees what the format holds beyond its cursors (an engine, a temporary folder). */
  close?(): void | Promise<void>;
}

/** Every format module exports one: createCsv, createTsv, createJsonl, createParquet, createArrow, createNpy, createNpz. */
export type FormatFactory = () => Format | Promise<Format>;
