import { DataError } from './errors.js';
import { type FoundFile, findFiles, listFiles, type Permit } from './files.js';
import type { FileColumn, Format } from './formats/format.js';
import { InlineTable, portable } from './formats/inline.js';
import { createNpy } from './formats/npy.js';
import { checkSignature, type FileFormat, formatOf, loadFormat } from './formats/registry.js';
import type { Part } from './part.js';
import { PartsDataset } from './parts-dataset.js';
import { openLocalFile } from './storage/file.js';
import { describeTable, Table } from './table.js';
import type { TableData, TableFile } from './table-data.js';
import type { DataSpec, Dataset, DatasetHandle, Description } from './types.js';

export interface OpenOptions {
  /** Folder that relative paths and globs start from; default the current folder. */
  folder?: string;
  /** Asked for each file found, before it is opened; throws to refuse it. */
  permit?: Permit;
  /** Ends the description of files early; it then rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** What a handle holds beyond the description; file columns are kept once per different list. */
interface HandleDetail {
  kind: 'files' | 'arrays' | 'inline';
  tables: { format: string; data: PackedTable }[];
  inline?: Record<string, unknown[]>;
}

type PackedTable = Omit<TableData, 'files'> & {
  files: (Omit<TableFile, 'columns'> & { schema: number })[];
  schemas: FileColumn[][];
};

/**
 * Finds the files, describes each once (headers, footers, or one pass over a text file) and checks that they form one table.
 * @throws DataError with every code but FILE_CHANGED
 */
export async function openDataset(data: DataSpec, options: OpenOptions = {}): Promise<Dataset> {
  if (data.inline) return openInline(data.inline);
  if (data.arrays) return openArrays(data.arrays, options);
  if (data.files) return openFiles(data.files, data.format, options);
  throw new DataError('VALUE_INVALID', 'The data has none of "files", "arrays" and "inline". Give exactly one.');
}

/**
 * Opens the dataset of a handle in this thread or process; no file is touched until a cursor opens it, where its size and
 * modification time must still be those of the handle.
 */
export async function reopenDataset(handle: DatasetHandle): Promise<Dataset> {
  const { kind, tables, inline } = handle as unknown as HandleDetail;
  if (handle.version !== 1)
    throw new DataError('UNSUPPORTED', `Dataset handle of version ${String(handle.version)}; this version reads 1.`);
  if (kind === 'inline') return new PartsDataset([new InlineTable(inline ?? {})], handle);
  const parts = await Promise.all(
    tables.map(async ({ format, data }) => new Table(await createFormat(format), unpack(data))),
  );
  return new PartsDataset(parts, handle);
}

/** Absolute paths of the files that the dataset of a handle reads. */
export function filesOfHandle(handle: DatasetHandle): { uri: string; path: string }[] {
  const { tables } = handle as unknown as HandleDetail;
  return tables.flatMap(({ data }) => data.files.map(({ uri, path }) => ({ uri, path })));
}

async function createFormat(name: string): Promise<Format> {
  if (name === 'npy') return createNpy();
  const create = await loadFormat(name as FileFormat);
  return create();
}

function openInline(inline: Record<string, unknown[]>): Dataset {
  const part = new InlineTable(inline);
  const detail: HandleDetail = {
    kind: 'inline',
    tables: [],
    inline: Object.fromEntries(Object.entries(inline).map(([name, values]) => [name, portable(values)])),
  };
  return new PartsDataset([part], handleOf('inline', [part], detail));
}

async function openFiles(
  patterns: string[],
  given: FileFormat | undefined,
  { folder, signal, permit }: OpenOptions,
): Promise<Dataset> {
  const found = findFiles(patterns, folder, permit);
  const name = formatOf(found, given);
  for (const file of found) checkSignature(name, file, headOf(file));
  const format = await createFormat(name);
  try {
    const table = new Table(format, await describeTable(format, found, { signal }));
    const detail: HandleDetail = { kind: 'files', tables: [{ format: name, data: pack(table.data) }] };
    return new PartsDataset([table], handleOf(name, [table], detail));
  } catch (error) {
    await format.close?.();
    throw error;
  }
}

function headOf(file: FoundFile): Uint8Array {
  const source = openLocalFile(file);
  try {
    return source.read(0, Math.min(file.bytes, 16));
  } finally {
    source.close();
  }
}

async function openArrays(arrays: Record<string, string[]>, { folder, signal, permit }: OpenOptions): Promise<Dataset> {
  const names = Object.keys(arrays);
  if (names.length === 0) throw new DataError('VALUE_INVALID', '"arrays" is empty. Name at least one column.');
  const format = createNpy();
  const tables: Table[] = [];
  for (const name of names) {
    tables.push(
      new Table(format, await describeTable(format, listFiles(arrays[name], folder, permit), { rename: name, signal })),
    );
  }
  refuseDifferentRows(names, tables);
  const detail: HandleDetail = {
    kind: 'arrays',
    tables: tables.map(({ data }) => ({ format: 'npy', data: pack(data) })),
  };
  return new PartsDataset(tables, handleOf('npy', tables, detail));
}

function refuseDifferentRows(names: readonly string[], tables: readonly Table[]): void {
  const different = tables.findIndex((table) => table.rows !== tables[0].rows);
  if (different < 0) return;
  const describe = (index: number) => {
    const { files, rows } = tables[index].data;
    const where =
      files.length === 1
        ? files[0].uri
        : `${files.length} files from ${files[0].uri} to ${files[files.length - 1].uri}`;
    return `${JSON.stringify(names[index])} (${where}) has ${rows} rows`;
  };
  throw new DataError(
    'ROWS_MISMATCH',
    `The arrays are not aligned: ${describe(0)}, ${describe(different)}. All arrays need as many rows.`,
    { source: tables[different].data.files[0].uri, column: names[different] },
  );
}

function handleOf(format: string, parts: readonly Part[], detail: HandleDetail): DatasetHandle {
  const description: Description = {
    format,
    columns: parts.flatMap((part) => [...part.columns.values()]),
    rows: parts[0].rows,
    sources: parts.flatMap((part) => part.sources()),
  };
  return { version: 1, description, ...detail };
}

function pack(data: TableData): PackedTable {
  const schemas: FileColumn[][] = [];
  const indices = new Map<FileColumn[], number>();
  const files = data.files.map(({ columns, ...file }) => {
    let schema = indices.get(columns);
    if (schema === undefined) {
      schema = schemas.push(columns) - 1;
      indices.set(columns, schema);
    }
    return { ...file, schema };
  });
  return { columns: data.columns, rows: data.rows, files, schemas };
}

function unpack({ columns, rows, files, schemas }: PackedTable): TableData {
  return { columns, rows, files: files.map(({ schema, ...file }) => ({ ...file, columns: schemas[schema] })) };
}
