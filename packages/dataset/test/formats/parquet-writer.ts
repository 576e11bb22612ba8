import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll } from 'vitest';
import type { DataFile } from '../../src/formats/format.js';
import { fileOf, pathOf } from './one-file.js';

let instance: DuckDBInstance | null = null;
afterAll(() => instance?.closeSync());

/** A DuckDB of the tests' own: writes fixtures and is the second opinion. */
export async function oracle(): Promise<DuckDBConnection> {
  instance ??= await DuckDBInstance.create(':memory:', { threads: '1' });
  return instance.connect();
}

/** Writes the rows of a query as Parquet. */
export async function writeParquet(name: string, query: string, options = ''): Promise<DataFile> {
  const connection = await oracle();
  await connection.run(
    `COPY (${query}) TO '${pathOf(name).replaceAll("'", "''")}' (FORMAT parquet${options && `, ${options}`})`,
  );
  connection.closeSync();
  return fileOf(name);
}
