import type { DuckDBVector } from '@duckdb/node-api';
import type { Buffer as ColumnBuffer } from '../types.js';

/** Rows of a vector and where they go. */
export interface Span {
  /** First row in the vector. */
  from: number;
  count: number;
  /** First row in the buffer, and the rows of the whole fill. */
  to: number;
  rows: number;
  /** Row of the file that `from` is. */
  row: number;
}

/** Copies a span of one column; one per cursor and column. */
export type Copier = (vector: DuckDBVector, span: Span, buffer: ColumnBuffer) => void;
