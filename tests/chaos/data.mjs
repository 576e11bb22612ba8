import { mkdirSync, writeFileSync } from 'node:fs';
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

function npy(values) {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${values.length},), }`.padEnd(117);
  const head = Buffer.from(`\x93NUMPY\x01\x00\x76\x00${header}\n`, 'latin1');
  return Buffer.concat([head, new Uint8Array(values.buffer)]);
}
