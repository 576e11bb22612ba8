import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { tableFromArrays, tableToIPC } from '@uwdata/flechette';
import { afterAll } from 'vitest';

let instance: Promise<DuckDBInstance> | null = null;
afterAll(async () => (await instance)?.closeSync());

/** Writes the rows of a query as Parquet. */
export async function writeParquet(folder: string, name: string, query: string, options = ''): Promise<string> {
  const path = join(folder, name);
  instance ??= DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await (await instance).connect();
  await connection.run(`COPY (${query}) TO '${path.replaceAll("'", "''")}' (FORMAT parquet${options})`);
  connection.closeSync();
  return path;
}

/** Bytes of an Arrow IPC file. */
export function arrow(columns: Parameters<typeof tableFromArrays>[0], format: 'file' | 'stream' = 'file'): Uint8Array {
  const bytes = tableToIPC(tableFromArrays(columns), { format });
  if (!bytes) throw new Error('No bytes were written');
  return bytes;
}
