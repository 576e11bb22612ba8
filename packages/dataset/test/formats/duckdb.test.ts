import { describe, expect, it } from 'vitest';
import { DataError } from '../../src/errors.js';
import { DuckDB, duckdbError, literal, pathLiteral, quoted } from '../../src/formats/duckdb.js';

const setting = async (duckdb: DuckDB, name: string): Promise<unknown> => {
  const connection = await duckdb.connect();
  const rows = (await connection.runAndReadAll(`SELECT current_setting('${name}')`)).getRowsJS();
  connection.closeSync();
  return rows[0][0];
};

describe('DuckDB', () => {
  it('runs on one core, in UTC, without files of its own', async () => {
    const duckdb = new DuckDB();
    expect(Number(await setting(duckdb, 'threads'))).toBe(1);
    expect(await setting(duckdb, 'TimeZone')).toBe('UTC');
    expect(await setting(duckdb, 'temp_directory')).toBe('');
    expect(await setting(duckdb, 'memory_limit')).toBe('488.2 MiB');
    await duckdb.close();
  });

  it('is one instance for all its users, and lives until the last of them is closed', async () => {
    const [one, other] = [new DuckDB(), new DuckDB()];
    const connection = await one.connect();
    await connection.run('CREATE TABLE shared (x INTEGER)');
    connection.closeSync();
    const again = await other.connect();
    expect((await again.runAndReadAll('SELECT count(*) FROM shared')).getRowsJS()).toEqual([[0n]]);
    await one.close();
    await one.close();
    expect((await again.runAndReadAll('SELECT count(*) FROM shared')).getRowsJS()).toEqual([[0n]]);
    again.closeSync();
    await other.close();
    const fresh = await one.connect();
    await expect(fresh.run('SELECT * FROM shared')).rejects.toThrow('shared');
    fresh.closeSync();
    await one.close();
  });

  it('is started once when several ask at the same time', async () => {
    const users = [new DuckDB(), new DuckDB(), new DuckDB()];
    const connections = await Promise.all(users.flatMap((user) => [user.connect(), user.connect()]));
    await connections[0].run('CREATE TABLE t (x INTEGER)');
    for (const connection of connections) await connection.run('SELECT * FROM t');
    for (const connection of connections) connection.closeSync();
    for (const user of users) await user.close();
  });
});

describe('SQL text', () => {
  it('keeps quotes and globs what they are', () => {
    expect(literal("it's")).toBe("'it''s'");
    expect(quoted('a"b')).toBe('"a""b"');
    expect(pathLiteral("/x/a[1]*?'.parquet")).toBe("'/x/a[[]1][*][?]''.parquet'");
  });
});

describe('duckdbError', () => {
  const file = { uri: 'p.parquet', path: '/data/p.parquet', bytes: 1 };

  it('is one paragraph that names the file as the user did', () => {
    const error = duckdbError(
      new Error("Invalid Input Error: bad page in '/data/p.parquet'\n\nLINE 1: SELECT x\n   ^"),
      file,
      'reading rows',
    );
    expect(error).toBeInstanceOf(DataError);
    expect((error as DataError).code).toBe('FILE_CORRUPT');
    expect((error as DataError).message).toBe(
      "p.parquet: reading rows failed, so the file is damaged or not complete. DuckDB says: Invalid Input Error: bad page in 'p.parquet'. Write or copy it again.",
    );
  });

  it('tells memory and missing features from damage, and leaves bugs alone', () => {
    expect(duckdbError(new Error('Out of Memory Error: could not allocate'), file, 'x')).toMatchObject({
      code: 'LIMIT_EXCEEDED',
    });
    expect(duckdbError(new Error('Not implemented Error: LZO'), file, 'x')).toMatchObject({ code: 'UNSUPPORTED' });
    const bug = new TypeError('x is undefined');
    expect(duckdbError(bug, file, 'x')).toBe(bug);
  });
});
