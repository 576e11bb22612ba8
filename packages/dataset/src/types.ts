/** Element type of a numeric column, as stored. */
export type NumberType =
  | 'f16'
  | 'bf16'
  | 'f32'
  | 'f64'
  | 'i8'
  | 'i16'
  | 'i32'
  | 'i64'
  | 'u8'
  | 'u16'
  | 'u32'
  | 'u64'
  | 'bool';
export type ColumnType = NumberType | 'string';

/** One column of a dataset. */
export interface Column {
  name: string;
  type: ColumnType;
  /** Values per row of a list or 2-D column; null for a scalar column. */
  width: number | null;
}

/** An immutable piece of a dataset: one file (or one inline table), in dataset order. */
export interface Source {
  /** The path or URL as the user gave it (globs expanded), or "inline". */
  uri: string;
  /** Columns this source provides; several sources cover the same rows when arrays are given one file per column. */
  columns: string[];
  /** Absolute index of its first row in the dataset. */
  start: number;
  rows: number;
  bytes: number;
  /** "sha256:..." over size and sampled content: equal on any machine that holds the same bytes. */
  fingerprint: string;
  /** Of its columns with two leading axes [N, T]: T, the rows of one entry of the first. Absent where no column has. */
  steps?: Record<string, number>;
}

/** What a dataset is, known before any row is read. */
export interface Description {
  format: string;
  columns: Column[];
  rows: number;
  sources: Source[];
}

/** Where the data is: exactly one of the three. Already validated. */
export interface DataSpec {
  /** Paths and globs; one table, order = sorted by URI. */
  files?: string[];
  /** Format of `files`; default by extension. */
  format?: 'csv' | 'tsv' | 'jsonl' | 'parquet' | 'arrow' | 'npz' | 'safetensors';
  /** Column name -> .npy paths or globs; rows aligned. */
  arrays?: Record<string, string[]>;
  /** Column name -> values; numbers, booleans, strings, null, or equally long lists of numbers a row. */
  inline?: Record<string, unknown[]>;
}

/** A column to be read and the form it is wanted in. */
export interface ColumnRead {
  column: string;
  /** f32 and f64 widen (or convert) numbers; text gives dictionary codes of the value's text. */
  as: 'f32' | 'f64' | 'text';
}

export type Widen = (type: 'f16' | 'bf16', source: number, count: number, target: number) => void;

/** Receives `rows x (width ?? 1)` numbers, row-major. The caller owns the memory (it may be WebAssembly memory). */
export interface NumberBuffer {
  as: 'f32' | 'f64';
  values: Float32Array | Float64Array;
  /** 1 = present, 0 = missing; only written where `missing` > 0 after a fill (then for every row of it). */
  present: Uint8Array;
  /**
   * Optional: widens `count` 16-bit floats whose bits begin at byte `source` of the memory of `values` to float32 from byte `target` on,
   * faster than this package can. The bits may be the upper half of the target.
   */
  widen?: Widen | undefined;
  /** Set by fill: rows of this fill whose value (or any value of whose list) is missing; their numbers are NaN. */
  missing: number;
}

/** Receives one dictionary code a row; -1 = missing. */
export interface TextBuffer {
  as: 'text';
  codes: Int32Array;
  /** Shared over the fills of a cursor and over cursors; fill appends new values. */
  dictionary: Dictionary;
}

/** Text <-> code, codes in order of first appearance. */
export interface Dictionary {
  readonly values: string[];
  code(value: string): number;
}

export type Buffer = NumberBuffer | TextBuffer;

/** Reads the rows of a range once, in order. */
export interface Cursor {
  /**
   * Reads the next `rows` rows into the buffers (one per ColumnRead, same order). Never reads short: a source that
   * ends early, changed since it was described or cannot be decoded throws a DataError.
   */
  fill(rows: number, buffers: readonly Buffer[]): void | Promise<void>;
  /** Bytes read from storage so far. */
  readonly bytesRead: number;
  close(): void | Promise<void>;
}

export interface Dataset {
  readonly description: Description;
  /** Everything a thread or another process needs to open the same dataset again without describing it: structured-cloneable and JSON-able. */
  readonly handle: DatasetHandle;
  /** Rows [start, end) by absolute index. */
  cursor(start: number, end: number, columns: readonly ColumnRead[]): Cursor | Promise<Cursor>;
  /** The distinct values of a column as text, sorted: numbers by value, text by code point; null if there are more than `limit`. */
  distinct(column: string, limit: number): Promise<string[] | null>;
  close(): Promise<void>;
}

/** Opaque outside this package. */
export interface DatasetHandle {
  version: 1;
  description: Description;
  [detail: string]: unknown;
}
