import { distinctValues } from './distinct.js';
import type { FoundFile } from './files.js';
import { fingerprintFile, sampledRanges } from './fingerprint.js';
import type { FileColumn, FileRead, Format } from './formats/format.js';
import { withRanges } from './formats/staged.js';
import type { Part } from './part.js';
import { checkPin } from './pin.js';
import { checkReads, commonColumns } from './schema.js';
import type { Spool } from './storage/spool.js';
import { TableCursor } from './table-cursor.js';
import type { TableData, TableFile } from './table-data.js';
import type { Column, ColumnRead, Cursor, Source } from './types.js';

export interface DescribeOptions {
  /** Name of the single column (arrays), instead of the file's own. */
  rename?: string;
  signal?: AbortSignal | undefined;
  /** Columns that will be read: see DescribeFile. */
  columns?: readonly string[] | undefined;
  /** Where remote files are fetched to. */
  spool: Spool;
}

/** Describes every file. `tableOf` makes a table of them. */
export async function describeFiles(
  format: Format,
  found: readonly FoundFile[],
  { rename, signal, columns: read, spool }: DescribeOptions,
): Promise<TableFile[]> {
  const files: TableFile[] = [];
  let start = 0;
  for (const file of found) {
    const described = await format.describe(file, { signal, columns: read });
    signal?.throwIfAborted();
    const sampled = file.remote ? await withRanges(file, sampledRanges(file.bytes), spool, signal) : file;
    const fingerprint = fingerprintFile(sampled);
    checkPin(file);
    const columns = shareColumns(files, rename === undefined ? described.columns : renamed(described.columns, rename));
    files.push({ ...file, ...described, columns, fingerprint, start });
    start += described.rows;
  }
  return files;
}

/** Checks that files form one table. */
export function tableOf(files: readonly TableFile[], { textual }: Format): TableData {
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  return { columns: commonColumns(files, textual), rows, files };
}

const renamed = (columns: readonly FileColumn[], name: string): FileColumn[] =>
  columns.map((column) => ({ ...column, name }));

/** The column list of the first file if it is equal: thousands of equal files then share one list. */
function shareColumns(files: readonly TableFile[], columns: FileColumn[]): FileColumn[] {
  const first = files[0]?.columns;
  return first && schemaText(first) === schemaText(columns) ? first : columns;
}

/** Why a column is text differs from file to file; the first file's reason will do for all. */
const schemaText = (columns: readonly FileColumn[]): string =>
  JSON.stringify(columns, (key, value: unknown) => (key === 'notNumber' ? undefined : value));

/** Reads a table's rows. */
export class Table implements Part {
  readonly columns: ReadonlyMap<string, Column>;
  readonly rows: number;

  constructor(
    readonly format: Format,
    readonly data: TableData,
  ) {
    this.rows = data.rows;
    this.columns = new Map(data.columns.map((column) => [column.name, column]));
  }

  cursor(start: number, end: number, reads: readonly ColumnRead[]): Cursor {
    const columns = checkReads(this.columns, reads, this.data.files[0].uri);
    const fileReads = reads.map((read, index) => fileRead(read, columns[index]));
    return new TableCursor(this.format, this.data.files, start, end, fileReads);
  }

  async distinct(read: ColumnRead, limit: number): Promise<string[] | null> {
    const [column] = checkReads(this.columns, [read], this.data.files[0].uri);
    if (this.format.distinct) return this.#distinctByFormat(fileRead(read, column), limit);
    return distinctValues(this.cursor(0, this.rows, [read]), this.rows, column.type, limit);
  }

  async #distinctByFormat(read: FileRead, limit: number): Promise<string[] | null> {
    const { files } = this.data;
    files.forEach(checkPin);
    const values = await this.format.distinct?.(files, read, limit);
    files.forEach(checkPin);
    return values ?? null;
  }

  whyText(name: string): string | undefined {
    for (const { uri, columns } of this.data.files) {
      const why = columns.find((column) => column.name === name)?.notNumber;
      if (why !== undefined) return `${uri}, ${why}`;
    }
    return undefined;
  }

  async close(): Promise<void> {
    await this.format.close?.();
  }

  sources(): Source[] {
    const columns = this.data.columns.map((column) => column.name);
    return this.data.files.map((file) => {
      const { uri, start, rows, bytes, fingerprint } = file;
      return { uri, columns, start, rows, bytes, fingerprint, ...stepsOf(file) };
    });
  }
}

function stepsOf({ columns }: TableFile): Pick<Source, 'steps'> {
  const steps = columns.flatMap(({ name, steps }) => (steps === undefined ? [] : [[name, steps]]));
  return steps.length === 0 ? {} : { steps: Object.fromEntries(steps) };
}

const fileRead = (read: ColumnRead, { type, width }: Column): FileRead => ({ ...read, type, width });
