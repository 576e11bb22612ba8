import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reopenDataset } from '@lossmill/dataset';
import { answer, evaluateInline, type Partial, type Plan } from '@lossmill/evaluation';
import { planOf, ShardPool } from '@lossmill/pool';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Accumulator } from '../src/accumulator.js';
import { Ledger } from '../src/ledger.js';
import { csvSpec } from './helpers/cluster.js';
import { startRedis } from './helpers/redis.js';

let server: Awaited<ReturnType<typeof startRedis>>;
let redis: Redis;
let pool: ShardPool;
let folder: string;

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
  pool = new ShardPool({ threads: 1 });
  folder = mkdtempSync(join(tmpdir(), 'lossmill-accumulator-'));
});

afterAll(async () => {
  await pool.close();
  redis.disconnect();
  await server.stop();
  rmSync(folder, { recursive: true });
});

async function digestOf(plan: Plan, accumulator: Accumulator): Promise<string> {
  const dataset = await reopenDataset(plan.handle);
  const { digest } = await answer(plan, dataset, accumulator.take() as Partial);
  await dataset.close();
  return digest;
}

it('folds in pieces, by several holders of the fence one after the other, to the same digest', async () => {
  const spec = csvSpec(folder, 3000);
  const plan = await planOf(spec);
  const known = pool.plan(plan);
  const ledger = new Ledger(redis, 'folded');
  await ledger.register('{}', 1, 10);
  await ledger.takeOver('f');
  await ledger.storePlan('f', 'e', JSON.stringify(plan), plan.shards, plan.rows);
  let accumulator = new Accumulator(redis, ledger, plan, 'f');
  for (let shard = plan.shards - 1; shard >= 0; shard--) {
    const { runs } = await pool.run(known, [shard]);
    for (const run of runs) await ledger.commit('e', { ...run, ms: 1, retried: false, worker: 'w', threads: 1 });
    if (shard % 2 === 0) continue;
    const fence = `f${shard}`;
    const older = accumulator;
    if (shard % 3 === 0) {
      await ledger.takeOver(fence);
      accumulator = new Accumulator(redis, ledger, plan, fence);
      expect(await older.fold()).toBe('lost');
    }
    if (shard % 5 === 0) accumulator.reset();
    expect(await accumulator.fold()).toBe('folded');
    expect(await redis.hlen(ledger.keys.p)).toBe(0);
  }
  expect(await accumulator.fold()).toBe('folded');
  expect(await digestOf(plan, accumulator)).toBe((await evaluateInline(spec)).digest);
});
