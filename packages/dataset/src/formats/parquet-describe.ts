import type { DuckDBConnection } from '@duckdb/node-api';
import { DataError } from '../errors.js';
import { looksLike } from '../magic.js';
import { openLocalFile } from '../storage/file.js';
import { columnIndex } from './column-index.js';
import { type DuckDB, duckdbError, pathLiteral, quoted } from './duckdb.js';
import type { DataFile, DescribedFile, Fetch, FileColumn, FileDescription, FileRead } from './format.js';
import { parquetSegments } from './parquet-footer.js';
import { parquetType } from './parquet-types.js';

/** DuckDB's column of row numbers, unless a column of the file is called so. */
export const ROW_NUMBER = 'file_row_number';

/** What is needed to read rows without another look at the footer's schema; one entry a column. */
export interface ParquetLayout {
  /** Names in SQL: DuckDB renames columns that differ only in case. */
  names: readonly string[];
  /** DuckDB's names of the types. */
  types: readonly string[];
  /** Compressed bytes. */
  bytes: readonly number[];
  /** Bytes of one vector (2048 rows) of a list column in memory; 0 for others. */
  vectors: readonly number[];
}

/** The file as a table in SQL; nothing is guessed from its path. */
export function tableSql(path: string): string {
  return `read_parquet(${pathLiteral(path)}, hive_partitioning = false)`;
}

/** A column's place in the file, its type and the SQL that selects it. */
export function partOf(file: DescribedFile, read: FileRead): { column: number; type: string; sql: string } {
  const layout = file.layout as unknown as ParquetLayout;
  const column = columnIndex(file.columns, read.column);
  const type = layout.types[column];
  return { column, type, sql: parquetType(type).select(quoted(layout.names[column])) };
}

/** @param fetch of a remote file, whose footer is there: fetches what else is looked at */
export async function describeParquet(file: DataFile, duckdb: DuckDB, fetch?: Fetch): Promise<FileDescription> {
  checkEnds(file);
  const connection = await duckdb.connect();
  try {
    return await describe(file, duckdb, connection, fetch);
  } catch (error) {
    throw duckdbError(error, file, 'reading the Parquet footer');
  } finally {
    connection.closeSync();
  }
}

async function describe(
  file: DataFile,
  duckdb: DuckDB,
  connection: DuckDBConnection,
  fetch: Fetch | undefined,
): Promise<FileDescription> {
  const path = pathLiteral(file.path);
  const columns = await rowsOf(connection, `DESCRIBE SELECT * FROM ${tableSql(file.path)}`);
  const [{ num_rows }] = await rowsOf(connection, `SELECT num_rows FROM parquet_file_metadata(${path})`);
  const schema = await rowsOf(connection, `SELECT name, num_children, logical_type FROM parquet_schema(${path})`);
  const rows = Number(num_rows);
  const names = columns.map((column) => String(column.column_name));
  const types = columns.map((column) => String(column.column_type));
  const roots = rootsOf(schema);
  const sizes = await sizesOf(connection, path, roots.owners, types);
  checkStored(rows, sizes.stored, names, file);
  await duckdb.allow(connection, Math.max(0, ...sizes.vectors));
  const widths = await widthsOf(
    connection,
    file,
    { names, types, roots: roots.names, rows, stored: sizes.stored },
    fetch,
  );
  const { bytes, vectors, present } = sizes;
  return {
    rows,
    layout: { names, types, bytes, vectors },
    columns: types.map((type, at) =>
      columnOf(roots.names[at], type, widths[at], rows === 0 || present[at] === 0 || roots.empty.has(at)),
    ),
  };
}

/** Per column, from the footer: compressed bytes, bytes of a vector of lists, values, those that are not null (null if unknown). */
async function sizesOf(
  connection: DuckDBConnection,
  path: string,
  owners: readonly number[],
  types: readonly string[],
) {
  const chunks = await rowsOf(
    connection,
    `SELECT column_id, sum(total_compressed_size) AS bytes, sum(num_values) AS stored, sum(stats_null_count) AS nulls,
       max(num_values / greatest(row_group_num_rows, 1) * least(row_group_num_rows, 2048)) AS elements
     FROM parquet_metadata(${path}) GROUP BY column_id ORDER BY column_id`,
  );
  const bytes = types.map(() => 0);
  const vectors = types.map(() => 0);
  const stored = types.map(() => 0);
  const present = types.map((): number | null => null);
  for (const chunk of chunks) {
    const column = owners[Number(chunk.column_id)];
    bytes[column] += Number(chunk.bytes);
    stored[column] += Number(chunk.stored);
    present[column] = chunk.nulls === null ? null : Number(chunk.stored) - Number(chunk.nulls);
    const { list, elementBytes } = parquetType(types[column]);
    if (list) vectors[column] = Math.ceil(Number(chunk.elements) * elementBytes);
  }
  return { bytes, vectors, stored, present };
}

function columnOf(name: string, type: string, width: number | null, none: boolean): FileColumn {
  const { number, list } = parquetType(type);
  if (number === null)
    return {
      name,
      type: 'string',
      width: null,
      notNumber: `its Parquet type is ${type}`,
      ...(none ? { empty: true } : {}),
    };
  if (!list) return { name, type: number, width: null, ...(none ? { empty: true } : {}) };
  return { name, type: number, width: width ?? 1, ...(width === null ? { empty: true } : {}) };
}

type Row = Record<string, unknown>;

async function rowsOf(connection: DuckDBConnection, sql: string): Promise<Row[]> {
  return (await connection.runAndReadAll(sql)).getRowObjectsJS();
}

interface Listed {
  names: readonly string[];
  types: readonly string[];
  roots: readonly string[];
  rows: number;
  /** Values in all rows, as the footer has it. */
  stored: readonly number[];
}

/** Length of the first list of each list column; null where there is none. Other rows are held against it when they are read. */
async function widthsOf(
  connection: DuckDBConnection,
  file: DataFile,
  { names, types, roots, rows, stored }: Listed,
  fetch: Fetch | undefined,
) {
  const widths = names.map((): number | null => null);
  for (let at = 0; at < names.length; at++) {
    if (!parquetType(types[at]).list) continue;
    const column = quoted(names[at]);
    const sql = `SELECT len(${column}) AS width FROM ${tableSql(file.path)} WHERE len(${column}) > 0`;
    let start = 0;
    for (const { end, where } of await spansOf(file, roots[at], rows, names, fetch)) {
      if (widths[at] !== null) break;
      const [first] = await rowsOf(connection, `${sql} ${await where(start)} LIMIT 1`);
      if (first) widths[at] = checkWidth(Number(first.width), stored[at], names[at], file);
      start = end;
    }
  }
  return widths;
}

/** Every row has a place in every column chunk, be it null. Where one has fewer, DuckDB reads memory that nobody wrote. */
function checkStored(rows: number, stored: readonly number[], names: readonly string[], file: DataFile): void {
  const at = stored.findIndex((values) => values < rows);
  if (at < 0) return;
  throw new DataError(
    'FILE_CORRUPT',
    `${file.uri}: its footer has ${rows} rows, but ${stored[at]} values in column ${names[at]}, so the file is damaged. Write or copy it again.`,
    { source: file.uri, column: names[at] },
  );
}

/** From damaged pages DuckDB makes lists of any length. */
function checkWidth(width: number, stored: number, column: string, file: DataFile): number {
  if (width <= stored) return width;
  throw new DataError(
    'FILE_CORRUPT',
    `${file.uri}: the first list of column ${column} has ${width} values, but the whole column has ${stored}, so the file is damaged. Write or copy it again.`,
    { source: file.uri, column },
  );
}

/** The rows in which a first list is looked for: all at once in a local file, a few row groups at a time of a remote one. */
async function spansOf(
  file: DataFile,
  column: string,
  rows: number,
  names: readonly string[],
  fetch: Fetch | undefined,
): Promise<{ end: number; where(start: number): Promise<string> | string }[]> {
  if (!fetch) return [{ end: rows, where: () => '' }];
  const segments = parquetSegments(file, { start: 0, end: rows, columns: new Set([column]), counted: false });
  if (names.includes(ROW_NUMBER)) {
    await fetch(segments.flatMap(({ ranges }) => ranges));
    return [{ end: rows, where: () => '' }];
  }
  return segments.map(({ end, ranges }) => ({
    end,
    where: async (start) => {
      await fetch(ranges);
      return `AND ${ROW_NUMBER} >= ${start} AND ${ROW_NUMBER} < ${end}`;
    },
  }));
}

/** Top-level names as the file spells them, those without a type (pyarrow writes them when all is null), and for every leaf (column chunk) the number of its top-level column. */
function rootsOf(schema: readonly Row[]): { names: string[]; owners: number[]; empty: ReadonlySet<number> } {
  const empty = new Set<number>();
  const names: string[] = [];
  const owners: number[] = [];
  let at = 1;
  const pass = (column: number): void => {
    const children = Number(schema[at].num_children ?? 0);
    at++;
    if (children === 0) owners.push(column);
    for (let child = 0; child < children; child++) pass(column);
  };
  while (at < schema.length) {
    if (String(schema[at].logical_type).startsWith('NullType')) empty.add(names.length);
    names.push(String(schema[at].name));
    pass(names.length - 1);
  }
  return { names, owners, empty };
}

/** Says plainly what is wrong with a file that is not Parquet, or only the beginning of one. */
function checkEnds(file: DataFile): void {
  const { uri, bytes } = file;
  const where = { source: uri };
  const local = openLocalFile(file);
  try {
    const head = local.read(0, Math.min(bytes, 16));
    const magic = Buffer.from(head).toString('latin1', 0, 4);
    if (bytes === 0)
      throw new DataError(
        'FILE_CORRUPT',
        `${uri} is empty (0 bytes), not a Parquet file. Write it again, or leave it out.`,
        where,
      );
    if (magic === 'PARE')
      throw new DataError('UNSUPPORTED', `${uri} is an encrypted Parquet file. Write it without encryption.`, where);
    if (magic !== 'PAR1') {
      const kind = looksLike(head);
      throw new DataError(
        'FILE_CORRUPT',
        `${uri} is not a Parquet file: it does not begin with PAR1${kind ? ` but looks like ${kind}` : ''}. Name the right format, or write it again.`,
        where,
      );
    }
    const tail = Buffer.from(bytes < 12 ? [] : local.read(bytes - 8, 8));
    const footer = tail.length === 8 && tail.toString('latin1', 4) === 'PAR1' ? tail.readUInt32LE(0) : -1;
    if (footer < 0 || footer + 12 > bytes) {
      throw new DataError(
        'FILE_CORRUPT',
        `${uri} is cut off: a Parquet file ends with its footer and PAR1, this one does not. Copy or write it again, to the end.`,
        where,
      );
    }
  } finally {
    local.close();
  }
}
