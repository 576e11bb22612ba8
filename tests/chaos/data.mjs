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

/** Much work in few large shards: rows of zeros, which take no room on the disk, and many losses. */
export function writeSlow(folder, shards) {
  const rows = 65_536;
  const spec = writeData(folder, 'slow', 0);
  for (const [path] of Object.values(spec.data.arrays)) {
    const head = headOf(shards * rows);
    writeFileSync(path, head);
    truncateSync(path, head.length + shards * rows * 4);
  }
  const losses = Array.from({ length: 12 }, (_, i) => ({ name: 'huber', delta: (i + 1) / 16 }));
  return { ...spec, losses, shard: { rows } };
}

const npy = (values) => Buffer.concat([headOf(values.length), new Uint8Array(values.buffer)]);

function headOf(length) {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${length},), }`.padEnd(117);
  return Buffer.from(`\x93NUMPY\x01\x00\x76\x00${header}\n`, 'latin1');
}
