import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNpyFile, DataError, reopenDataset } from '@lossmill/dataset';
import { answer, decodePartial, evaluateInline, Partial, type Plan, type Spec } from '@lossmill/evaluation';
import { planOf, ShardPool, type ShardRun } from '@lossmill/pool';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const rows = 20_000;
let folder: string;
let spec: Spec;
let pool: ShardPool;

function write(name: string, values: Float32Array): string {
  const path = join(folder, name);
  const file = createNpyFile(path, 'f4', [values.length]);
  file.write(0, values);
  file.finish();
  return path;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lossmill-shard-pool-'));
  const p = Float32Array.from({ length: rows }, (_, i) => Math.sin(i) * 10 ** (i % 5));
  const y = Float32Array.from({ length: rows }, (_, i) => Math.cos(i / 3));
  spec = {
    version: 1,
    data: { arrays: { p: [write('p.npy', p)], y: [write('y.npy', y)] } },
    columns: { prediction: 'p', target: 'y' },
    losses: ['mse', 'mae'],
    shard: { rows: 1024 },
  };
  pool = new ShardPool({ threads: 2 });
});

afterAll(async () => {
  await pool.close();
  rmSync(folder, { recursive: true });
});

async function digestOf(plan: Plan, runs: readonly ShardRun[]): Promise<string> {
  const total = new Partial(plan.spec);
  for (const { partial } of runs) total.merge(decodePartial(partial, plan.spec));
  const dataset = await reopenDataset(plan.handle);
  const { digest } = await answer(plan, dataset, total);
  await dataset.close();
  return digest;
}

describe('ShardPool', () => {
  it('gives the digest of the inline evaluation, whatever shards run together', async () => {
    const plan = await planOf(spec);
    const known = pool.plan(plan);
    const lists = [[3, 4, 5, 9], [0], [1, 2, 6, 7, 8], Array.from({ length: plan.shards - 10 }, (_, i) => i + 10)];
    const results = await Promise.all(lists.map((shards) => pool.run(known, shards)));
    const runs = results.flatMap((result) => result.runs);
    expect(runs.map(({ first, count }) => [first, count])).toEqual([
      [3, 3],
      [9, 1],
      [0, 1],
      [1, 2],
      [6, 3],
      [10, plan.shards - 10],
    ]);
    expect(runs.reduce((sum, run) => sum + run.rows, 0)).toBe(rows);
    expect(runs[0].bytes).toBeGreaterThanOrEqual(3 * 1024 * 8);
    expect(await digestOf(plan, runs)).toBe((await evaluateInline(spec)).digest);
  });

  it('runs several plans by turns and opens again what was put down', async () => {
    const names = Array.from({ length: 6 }, (_, i) => 256 * (i + 1));
    const plans = await Promise.all(names.map((shardRows) => planOf({ ...spec, shard: { rows: shardRows } })));
    const { digest } = await evaluateInline(spec);
    for (let round = 0; round < 2; round++) {
      await Promise.all(
        plans.map(async (plan) => {
          const known = pool.plan(plan);
          const { runs } = await pool.run(
            known,
            Array.from({ length: plan.shards }, (_, i) => i),
          );
          known.forget();
          expect(await digestOf(plan, runs)).toBe(digest);
        }),
      );
    }
  });

  it('names the shards that fail and keeps their neighbours', async () => {
    const path = join(folder, 'rows.csv');
    const line = (i: number) => `${i},${i + 1}\n`;
    writeFileSync(path, `p,y\n${Array.from({ length: 2000 }, (_, i) => line(i)).join('')}`);
    const csv: Spec = { ...spec, data: { files: [path] }, shard: { rows: 256 } };
    const known = pool.plan(await planOf(csv));
    writeFileSync(path, 'p,y\n');
    const { runs, failures } = await pool.run(known, [0, 1]);
    expect(runs).toEqual([]);
    expect(failures.map(({ shard }) => shard)).toEqual([0, 1]);
    expect(failures[0].error).toBeInstanceOf(DataError);
    expect(failures[0].error).toMatchObject({ code: 'FILE_CHANGED' });
    const good = await planOf(spec);
    expect((await pool.run(pool.plan(good), [0])).runs).toHaveLength(1);
  });

  it('stops at the next chunk and returns what is done', async () => {
    const plan = await planOf(spec);
    const known = pool.plan(plan);
    known.stop();
    expect(known.stopped).toBe(true);
    expect(await pool.run(known, [0, 1])).toMatchObject({ runs: [], failures: [], stopped: true });
  });

  it('waits for what runs when it is closed', async () => {
    const own = new ShardPool({ threads: 1 });
    const plan = await planOf(spec);
    const known = own.plan(plan);
    const runs = [own.run(known, [0, 1, 2]), own.run(known, [3])];
    await own.close();
    expect((await Promise.all(runs)).map((result) => result.runs[0].count)).toEqual([3, 1]);
  });
});
