import type { DescribedFile } from './formats/format.js';
import type { Pin } from './pin.js';
import type { Column } from './types.js';

/** A described file in its place. */
export interface TableFile extends DescribedFile, Pin {
  readonly fingerprint: string;
  /** Row of the table that its first row is. */
  readonly start: number;
}

/** Files of one format, chained by rows into one table. */
export interface TableData {
  readonly columns: Column[];
  readonly rows: number;
  readonly files: readonly TableFile[];
}
