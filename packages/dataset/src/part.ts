import type { Column, ColumnRead, Cursor, Source } from './types.js';

/** Columns that come together: the table of `files`, one column of `arrays`, or the inline table. */
export interface Part {
  readonly columns: ReadonlyMap<string, Column>;
  readonly rows: number;
  cursor(start: number, end: number, reads: readonly ColumnRead[]): Cursor;
  sources(): Source[];
  /** A faster way to the distinct values than reading all rows, if the part has one. */
  distinct?(read: ColumnRead, limit: number): Promise<string[] | null>;
  /** Of a text column: where and why it is no number, such as `preds.csv, row 48,211: "n/a" is not a number`. */
  whyText?(column: string): string | undefined;
  close?(): Promise<void>;
}
