import { DataError } from './errors.js';
import type { FoundFile, Permit } from './files.js';
import type { DataFile, FileColumn, Format } from './formats/format.js';
import { InlineTable, portable } from './formats/inline.js';
import { createNpy } from './formats/npy.js';
import { checkSignature, type FileFormat, formatOf, loadFormat } from './formats/registry.js';
import { StagedFormat, withRanges } from './formats/staged.js';
import { locateList, locateTable } from './locate.js';
import type { Part } from './part.js';
import { PartsDataset } from './parts-dataset.js';
import { alignTables } from './sequence-tables.js';
import { type Access, checkPath, checkRemote } from './storage/access.js';
import { openLocalFile } from './storage/file.js';
import { Spool } from './storage/spool.js';
import { describeFiles, Table, tableOf } from './table.js';
import type { TableData, TableFile } from './table-data.js';
import type { DataSpec, Dataset, DatasetHandle, Description } from './types.js';

export interface OpenOptions {
  /** Folder that relative paths and globs start from; default the current folder. */
  folder?: string;
  /** What may be read; without it every local file and every http, https and s3 URL. */
  access?: Access;
  /** Asked for each file found, before it is opened; throws to refuse it. Where files are asked for, URLs need `access`. */
  permit?: Permit;
  /**
   * Columns that will be read. Tensors of a safetensors file need not be equally long: those named here must be. Without it all
   * must be.
   */
  columns?: readonly string[];
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
 * modification time (its ETag, if it is remote) must still be those of the handle.
 * @throws DataError ACCESS_DENIED for a handle with files that `access` does not allow
 */
export async function reopenDataset(
  handle: DatasetHandle,
  { access }: Pick<OpenOptions, 'access'> = {},
): Promise<Dataset> {
  const { kind, tables, inline } = handle as unknown as HandleDetail;
  if (handle.version !== 1)
    throw new DataError('UNSUPPORTED', `Dataset handle of version ${String(handle.version)}; this version reads 1.`);
  if (kind === 'inline') return new PartsDataset([new InlineTable(inline ?? {})], handle);
  const spool = new Spool(access);
  for (const { uri, path, remote } of tables.flatMap(({ data }) => data.files)) {
    if (remote) checkRemote(path, access);
    else checkPath(uri, path, access);
  }
  const parts = await Promise.all(
    tables.map(async ({ format, data }) => {
      const table = unpack(data);
      return new Table(await createFormat(format, table.files, spool), table);
    }),
  );
  return new PartsDataset(parts, handle);
}

/** The files that the dataset of a handle reads: `path` is absolute, or a URL (which may hold a signature) if it is remote. */
export function filesOfHandle(handle: DatasetHandle): { uri: string; path: string; remote: boolean }[] {
  const { tables } = handle as unknown as HandleDetail;
  return tables.flatMap(({ data }) =>
    data.files.map(({ uri, path, remote }) => ({ uri, path, remote: remote !== undefined })),
  );
}

/** Files of this machine are read directly, without anything in between. */
async function createFormat(name: string, files: readonly DataFile[], spool: Spool): Promise<Format> {
  const format = await (name === 'npy' ? createNpy() : (await loadFormat(name as FileFormat))());
  return files.some(({ remote }) => remote !== undefined) ? new StagedFormat(format, spool) : format;
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
  { folder, access, permit, columns, signal }: OpenOptions,
): Promise<Dataset> {
  const spool = new Spool(access);
  let format: Format | null = null;
  try {
    const found = await locateTable(patterns, spool, { folder, access, permit, signal });
    const name = formatOf(found, given);
    for (const file of found) checkSignature(name, file, await headOf(file, spool));
    format = await createFormat(name, found, spool);
    const table = new Table(format, tableOf(await describeFiles(format, found, { signal, columns, spool }), format));
    const detail: HandleDetail = { kind: 'files', tables: [{ format: name, data: pack(table.data) }] };
    return new PartsDataset([table], handleOf(name, [table], detail));
  } catch (error) {
    await format?.close?.();
    await spool.close();
    throw error;
  }
}

async function headOf(file: FoundFile, spool: Spool): Promise<Uint8Array> {
  const local = file.remote ? await withRanges(file, [], spool) : file;
  const source = openLocalFile(local);
  try {
    return source.read(0, Math.min(file.bytes, 16));
  } finally {
    source.close();
  }
}

async function openArrays(
  arrays: Record<string, string[]>,
  { folder, access, permit, signal }: OpenOptions,
): Promise<Dataset> {
  const names = Object.keys(arrays);
  if (names.length === 0) throw new DataError('VALUE_INVALID', '"arrays" is empty. Name at least one column.');
  const spool = new Spool(access);
  const formats: Format[] = [];
  const described: TableFile[][] = [];
  let tables: Table[];
  try {
    for (const name of names) {
      const found = await locateList(arrays[name], spool, { folder, access, permit, signal });
      const format = await createFormat('npy', found, spool);
      formats.push(format);
      described.push(await describeFiles(format, found, { rename: name, signal, spool }));
    }
    tables = alignTables(described).map((files, index) => new Table(formats[index], tableOf(files, formats[index])));
    refuseDifferentRows(names, tables);
  } catch (error) {
    await spool.close();
    throw error;
  }
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
    `The arrays are not aligned: ${describe(0)}, ${describe(different)}. All arrays need as many rows.${sequenceHint(tables)}`,
    { source: tables[different].data.files[0].uri, column: names[different] },
  );
}

function sequenceHint(tables: readonly Table[]): string {
  const steps = tables.some(({ data }) => data.files.some(({ columns }) => columns[0].steps !== undefined));
  return steps
    ? ' The rows of [N, T, C] are its N x T lists of C values: classes are the last axis (torch has them second), and targets are [N, T] or [N x T].'
    : '';
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
