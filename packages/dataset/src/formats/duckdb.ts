import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { DataError } from '../errors.js';
import type { DataFile } from './format.js';

/**
 * The one DuckDB of this thread: started on first use, stopped when its last user is closed. One core, 512 MB (more
 * only for very long lists), no files of its own, no downloads: it reads what it is told and nothing else.
 *
 * Its queries run on libuv's thread pool, which all threads of the process share: UV_THREADPOOL_SIZE should be at least
 * the number of threads that read. A thread that is terminated while a query runs takes the process with it (an uncaught
 * Napi::Error in @duckdb/node-bindings 1.5.6), so let a running fill end, then close, then stop the thread.
 */
let shared: { instance: Promise<DuckDBInstance>; users: number; megabytes: number } | null = null;

const MEGABYTES = 512;

const settings = {
  threads: '1',
  memory_limit: `${MEGABYTES}MB`,
  temp_directory: '',
  preserve_insertion_order: 'true',
  enable_external_file_cache: 'false',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
};

/** A user of the shared DuckDB; keep one while its connections are in use. */
export class DuckDB {
  #held: typeof shared = null;

  /** A connection of its own for each stream of rows: a connection holds one result at a time. Close it with closeSync. */
  async connect(): Promise<DuckDBConnection> {
    if (this.#held === null) {
      shared ??= { instance: DuckDBInstance.create(':memory:', settings), users: 0, megabytes: MEGABYTES };
      shared.users++;
      this.#held = shared;
    }
    const instance = await this.#held.instance;
    const connection = await instance.connect();
    await connection.run(`SET TimeZone = 'UTC'`);
    return connection;
  }

  /**
   * Lets queries take more memory if they need it.
   * @param bytes of one vector (2048 rows) of every column that is read: DuckDB holds it, and while it grows its copies
   */
  async allow(connection: DuckDBConnection, bytes: number): Promise<void> {
    const megabytes = MEGABYTES + Math.ceil((4 * bytes) / 1e6);
    if (this.#held === null || bytes < 2 ** 24 || megabytes <= this.#held.megabytes) return;
    this.#held.megabytes = megabytes;
    await connection.run(`SET memory_limit = '${megabytes}MB'`);
  }

  async close(): Promise<void> {
    const held = this.#held;
    this.#held = null;
    if (held === null) return;
    held.users--;
    if (held.users > 0) return;
    if (shared === held) shared = null;
    (await held.instance).closeSync();
  }
}

/** A string in SQL. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A column name in SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A path in SQL, for functions that would take it for a glob. */
export function pathLiteral(path: string): string {
  return literal(path.replace(/[*?[]/g, (wild) => `[${wild}]`));
}

/** What DuckDB says about a file, as a DataError with its text in one line. */
export function duckdbError(error: unknown, file: DataFile, doing: string): unknown {
  // DuckDB's errors are plain Errors; a TypeError is a bug of ours and stays one.
  if (!(error instanceof Error) || error.constructor !== Error) return error;
  const text = error.message
    .split(/\n\s*\n?(?:LINE \d+:|Database is launched|Possible solutions)/)[0]
    .replace(/\s+/g, ' ')
    .replaceAll(file.path, file.uri)
    .trim()
    .replace(/[^.!?]$/, '$&.');
  const where = { source: file.uri };
  if (/^Out of Memory/i.test(text)) {
    return new DataError(
      'LIMIT_EXCEEDED',
      `${file.uri}: ${doing} needs more memory than the reader may take. DuckDB says: ${text} Write the file with smaller row groups.`,
      where,
    );
  }
  if (/^Not implemented|encrypt/i.test(text)) {
    return new DataError(
      'UNSUPPORTED',
      `${file.uri}: ${doing} is not possible. DuckDB says: ${text} Write the file without that feature.`,
      where,
    );
  }
  if (/not valid UTF-?8|invalid string encoding/i.test(text)) {
    return new DataError(
      'TEXT_ENCODING',
      `${file.uri}: ${doing} met text that is not UTF-8. DuckDB says: ${text} Write the column as UTF-8, or as binary.`,
      where,
    );
  }
  return new DataError(
    'FILE_CORRUPT',
    `${file.uri}: ${doing} failed, so the file is damaged or not complete. DuckDB says: ${text} Write or copy it again.`,
    where,
  );
}
