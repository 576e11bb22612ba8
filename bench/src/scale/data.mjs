import { closeSync, openSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Rows of the least shard there is: one canonical block. */
const LEAST_ROWS = 256;
const HEADER = 128;
const LOSSES = ['mse', 'mae', 'huber'];

function npyHeader(descr, rows) {
  const header = Buffer.alloc(HEADER, ' ');
  header.write('\x93NUMPY\x01\x00', 0, 'latin1');
  header.writeUInt16LE(HEADER - 10, 8);
  header.write(`{'descr': '${descr}', 'fortran_order': False, 'shape': (${rows},), }`, 10, 'latin1');
  header[HEADER - 1] = 10;
  return header;
}

/**
 * Two int8 columns of `shards` least shards as .npy files: mostly holes, which take no room on the disk, with numbers in every
 * 64th shard. Returns the spec over them.
 */
export function writeSparse(folder, shards) {
  const rows = shards * LEAST_ROWS;
  const paths = ['p', 'y'].map((name) => join(folder, `${name}-${shards}.npy`));
  for (const [column, path] of paths.entries()) {
    const file = openSync(path, 'w');
    writeSync(file, npyHeader('|i1', rows));
    const block = new Int8Array(LEAST_ROWS);
    for (let shard = 0; shard < shards; shard += 64) {
      for (let i = 0; i < block.length; i++) block[i] = Math.imul(shard + 7 * i + 1, 2654435761 + column) >>> 25;
      writeSync(file, block, 0, block.length, HEADER + shard * LEAST_ROWS);
    }
    closeSync(file);
    truncateSync(path, HEADER + rows);
  }
  return specOf(paths, { shard: { rows: LEAST_ROWS } });
}

const specOf = ([p, y], more = {}) => ({
  version: 1,
  data: { arrays: { p: [p], y: [y] } },
  columns: { prediction: 'p', target: 'y' },
  losses: ['mse'],
  ...more,
});

const TILE = 4 * 2 ** 20;

/** Two float32 columns: a piece of four million numbers, drawn once, again and again. Returns { spec, bytes, files }. */
export function writeTiled(folder, rows) {
  const files = ['p', 'y'].map((name) => join(folder, `${name}-tiled.npy`));
  for (const [column, path] of files.entries()) {
    const tile = new Float32Array(Math.min(TILE, rows));
    let x = 88_172_645 + column;
    for (let i = 0; i < tile.length; i++) {
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
      tile[i] = x / 2 ** 30;
    }
    const file = openSync(path, 'w');
    writeSync(file, npyHeader('<f4', rows));
    for (let at = 0; at < rows; at += tile.length) writeSync(file, tile.subarray(0, Math.min(tile.length, rows - at)));
    closeSync(file);
  }
  return { spec: specOf(files, { losses: LOSSES }), bytes: 2 * (HEADER + 4 * rows), files };
}

/** Two float32 columns of noise as one Parquet file. Returns { spec, bytes, files }. */
export async function writeParquetPair(folder, rows) {
  const path = join(folder, 'pair.parquet');
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const columns = '(hash(i) % 1000003 / 1e6)::float AS p, (hash(i + 7) % 1000033 / 1e6)::float AS y';
  await connection.run(`COPY (SELECT ${columns} FROM range(${rows}) t(i)) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  const columnsOfFile = { columns: { prediction: 'p', target: 'y' }, data: { files: [path] }, losses: LOSSES };
  return { spec: { version: 1, ...columnsOfFile }, bytes: statSync(path).size, files: [path] };
}
