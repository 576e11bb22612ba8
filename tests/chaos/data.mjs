import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomOf } from './random.mjs';

export const SHARD_ROWS = 256;

/** Two columns of float32 numbers in [0, 1) as .npy, named NAME-p.npy and NAME-y.npy; returns the spec over them. */
export function writeData(folder, name, shards, seed = 1) {
  mkdirSync(folder, { recursive: true });
  const { next } = randomOf(seed);
  const arrays = {};
  for (const column of ['p', 'y']) {
    const path = join(folder, `${name}-${column}.npy`);
    writeFileSync(path, npy(Float32Array.from({ length: shards * SHARD_ROWS }, next)));
    arrays[column] = [path];
  }
  return {
    version: 1,
    data: { arrays },
    columns: { prediction: 'p', target: 'y' },
    losses: ['mse', 'mae', { name: 'huber', delta: 0.3 }],
    worst: 5,
    shard: { rows: SHARD_ROWS },
  };
}

const SLOW_ROWS = 65_536;
const slowLosses = (length) => Array.from({ length }, (_, i) => ({ name: 'huber', delta: (i + 1) / 16 }));

/** The same as Parquet, in row groups of a million rows; fewer of them and more losses, as rows have to be written. */
export async function writeSlowParquet(folder, shards) {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'slow.parquet');
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT 0.5::float AS p, 0.25::float AS y FROM range(${shards * SLOW_ROWS}))
     TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 1048576)`,
  );
  connection.closeSync();
  instance.closeSync();
  const { data: _, ...spec } = writeData(folder, 'none', 0);
  return { ...spec, data: { files: [path] }, losses: slowLosses(120), shard: { rows: SLOW_ROWS } };
}

/** Much work in few large shards: rows of zeros, which take no room on the disk, and many losses. */
export function writeSlow(folder, shards) {
  const rows = SLOW_ROWS;
  const spec = writeData(folder, 'slow', 0);
  for (const [path] of Object.values(spec.data.arrays)) {
    const head = headOf(shards * rows);
    writeFileSync(path, head);
    truncateSync(path, head.length + shards * rows * 4);
  }
  return { ...spec, losses: slowLosses(12), shard: { rows } };
}

const npy = (values) => Buffer.concat([headOf(values.length), new Uint8Array(values.buffer)]);

function headOf(length) {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${length},), }`.padEnd(117);
  return Buffer.from(`\x93NUMPY\x01\x00\x76\x00${header}\n`, 'latin1');
}
