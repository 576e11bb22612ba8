import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { ClusterWorker, Coordinator } from '@lossmill/cluster';
import type { Spec } from '@lossmill/evaluation';
import { evaluate } from '@lossmill/pool';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arraysSpec, type TestCluster, testCluster } from './helpers/cluster.js';

const ROWS = 9000;
let cluster: TestCluster;
let coordinator: Coordinator;
let specs: Record<string, Spec>;
const digests = new Map<string, string>();

/** Two Parquet files of several row groups, with strings to slice by, weights, and rows without a target. */
async function parquetSpec(folder: string): Promise<Spec> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  for (const [part, from, to] of [
    [0, 0, 6500],
    [1, 6500, ROWS],
  ]) {
    const columns = `sin(i) * pow(10, i % 5) AS p, CASE WHEN i % 997 > 0 THEN cos(i / 3) END AS y,
      (1 + i % 3)::float AS w, 'group ' || i % 7 AS g`;
    const path = join(folder, `same-${part}.parquet`);
    await connection.run(
      `COPY (SELECT ${columns} FROM range(${from}, ${to}) t(i)) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`,
    );
  }
  connection.closeSync();
  instance.closeSync();
  return {
    version: 1,
    data: { files: [join(folder, 'same-[01].parquet')] },
    columns: { prediction: 'p', target: 'y', weight: 'w' },
    losses: ['mae', 'huber'],
    slices: ['g'],
    badRows: 'skip',
  };
}

/** Logits stored as uint8, and a tensor of another length that nothing uses. */
function quantisedSpec(folder: string): Spec {
  const stored = Uint8Array.from({ length: 3 * ROWS }, (_, i) => (i * 97 + (i >> 6)) % 256);
  const label = Uint8Array.from({ length: ROWS }, (_, i) => (i * 7 + (i >> 4)) % 3);
  const header = Buffer.from(
    JSON.stringify({
      logits: { dtype: 'U8', shape: [ROWS, 3], data_offsets: [0, 3 * ROWS] },
      label: { dtype: 'U8', shape: [ROWS], data_offsets: [3 * ROWS, 4 * ROWS] },
      other: { dtype: 'BF16', shape: [1], data_offsets: [4 * ROWS, 4 * ROWS + 2] },
    }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const path = join(folder, 'same.safetensors');
  writeFileSync(path, Buffer.concat([length, header, stored, label, Buffer.alloc(2)]));
  return {
    version: 1,
    data: { files: [path] },
    columns: { prediction: 'logits', target: 'label' },
    losses: ['cross_entropy'],
    quantization: { scale: [0.05, 0.04, 0.1], zeroPoint: 128 },
  };
}

beforeAll(async () => {
  cluster = await testCluster();
  specs = {
    npy: arraysSpec(cluster.folder, ROWS),
    parquet: await parquetSpec(cluster.folder),
    quantised: quantisedSpec(cluster.folder),
  };
  for (const [format, spec] of Object.entries(specs))
    digests.set(format, (await evaluate(spec, { threads: 1 })).digest);
  coordinator = await Coordinator.start(cluster.options());
});

afterAll(async () => {
  await coordinator.close();
  await cluster.stop();
});

describe('the digest is that of one thread on one machine', () => {
  for (const workers of [1, 2])
    for (const threads of [1, 2])
      it(`with ${workers} workers of ${threads} threads, for .npy, Parquet and quantised safetensors, in shards of any size`, async () => {
        const started = Array.from({ length: workers }, () => ClusterWorker.start(cluster.options({ threads })));
        const sizes = [{ rows: 256 }, { rows: 1280 }, undefined];
        const submitted = Object.entries(specs).flatMap(([format, spec]) =>
          sizes.map(async (shard) => {
            const id = await cluster.client.submit({ spec: { ...spec, shard } });
            const { state, error } = await cluster.client.watch(id, () => {});
            expect([format, shard, state, error]).toEqual([format, shard, 'done', null]);
            expect([format, shard, (await cluster.client.report(id)).digest]).toEqual([
              format,
              shard,
              digests.get(format),
            ]);
          }),
        );
        await Promise.all(submitted);
        await Promise.all(started.map(async (worker) => (await worker).close()));
      }, 30_000);
});
