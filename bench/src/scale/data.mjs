import { closeSync, openSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Rows of the least shard there is: one canonical block. */
export const LEAST_ROWS = 256;
const HEADER = 128;

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

export const specOf = ([p, y], more = {}) => ({
  version: 1,
  data: { arrays: { p: [p], y: [y] } },
  columns: { prediction: 'p', target: 'y' },
  losses: ['mse'],
  ...more,
});
