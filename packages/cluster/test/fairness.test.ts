import { join } from 'node:path';
import { createNpyFile } from '@lossmill/dataset';
import type { Spec } from '@lossmill/evaluation';
import { evaluate } from '@lossmill/pool';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { arraysSpec, type TestCluster, testCluster } from './helpers/cluster.js';

const TASK_MS = 150;
let cluster: TestCluster;

beforeEach(async () => {
  cluster = await testCluster({ threads: 1, taskMs: TASK_MS });
  await cluster.start();
});

afterEach(() => cluster.stop());

/** A minute of work over zeros, which take no room on the disk. */
function hugeSpec(): Spec {
  const [p, y] = ['p', 'y'].map((name) => {
    const path = join(cluster.folder, `huge-${name}.npy`);
    createNpyFile(path, 'f4', [2 ** 30]).finish();
    return path;
  });
  return {
    version: 1,
    data: { arrays: { p: [p], y: [y] } },
    columns: { prediction: 'p', target: 'y' },
    losses: Array.from({ length: 8 }, (_, i) => ({ name: 'huber', delta: (i + 1) / 8 })),
    shard: { rows: 65_536 },
  };
}

/** Milliseconds that threads spent on what is counted of some evaluations. */
async function spent(ids: readonly string[]): Promise<number> {
  const records = await Promise.all(ids.map((id) => cluster.client.status(id)));
  expect(records.map(({ state }) => state)).toEqual(ids.map(() => 'running'));
  return records.reduce((sum, { ms }) => sum + ms, 0);
}

it('lets a small evaluation end after a few tasks of the huge ones before it', async () => {
  const small = arraysSpec(cluster.folder, 12 * 256, { shard: { rows: 256 } });
  const huge = hugeSpec();
  const ids = await Promise.all([1, 2, 3].map(() => cluster.client.submit({ spec: huge })));
  // Until none of them goes first any more.
  const old = 3 * 2 * TASK_MS;
  await Promise.all(ids.map((id) => cluster.client.watch(id, () => {}, { until: ({ ms }) => ms > old })));
  const before = await spent(ids);
  const id = await cluster.client.submit({ spec: small });
  expect((await cluster.client.watch(id, () => {})).state).toBe('done');
  // First come, first served would be 9 tasks before its first one, and as many again after it has shown its pace.
  expect((await spent(ids)) - before).toBeLessThan(12 * TASK_MS);
  expect((await cluster.client.report(id)).digest).toBe((await evaluate(small)).digest);
  for (const one of ids) await cluster.client.cancel(one);
}, 30_000);

it('goes on with a huge evaluation while small ones come and go', async () => {
  const small = arraysSpec(cluster.folder, 20 * 256, { shard: { rows: 256 } });
  const id = await cluster.client.submit({ spec: hugeSpec() });
  await cluster.client.watch(id, () => {}, { until: ({ ms }) => ms > 3 * 2 * TASK_MS });
  const before = await spent([id]);
  for (let i = 0; i < 10; i++) await cluster.client.watch(await cluster.client.submit({ spec: small }), () => {});
  expect(await spent([id])).toBeGreaterThan(before);
  await cluster.client.cancel(id);
}, 30_000);
