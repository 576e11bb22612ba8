import { readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Spec } from '@lossmill/evaluation';
import { evaluate } from '@lossmill/pool';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { arraysSpec, type TestCluster, testCluster } from './helpers/cluster.js';
import { Processes } from './helpers/processes.js';
import { requireNative } from './helpers/redis.js';

let cluster: TestCluster;
let processes: Processes;
let spec: Spec;
let digest: string;

const SHARDS = 1000;

beforeEach(async (ctx) => {
  requireNative(ctx);
  cluster = await testCluster({ threads: 1, taskMs: 10 }, { native: true });
  processes = new Processes(cluster);
  spec = arraysSpec(cluster.folder, SHARDS * 256, { shard: { rows: 256 } });
  digest = (await evaluate(spec)).digest;
});

afterEach(async () => {
  await processes?.stop();
  await cluster?.stop();
});

const until = (id: string, done: number) =>
  cluster.client.watch(id, () => {}, { until: (record) => record.done >= done });

async function expectExact(id: string): Promise<void> {
  const record = await cluster.client
    .watch(id, () => {}, { signal: AbortSignal.timeout(45_000) })
    .catch((error) => {
      throw new Error(`${error}\n${processes.logs().slice(-3000)}`);
    });
  expect(record).toMatchObject({ state: 'done', done: SHARDS, failed: 0, rows: SHARDS * 256 });
  expect((await cluster.client.report(id)).digest).toBe(digest);
}

async function running(): Promise<string> {
  await Promise.all([processes.start('coordinator'), processes.start('worker'), processes.start('worker')]);
  const id = await cluster.client.submit({ spec });
  await until(id, 50);
  return id;
}

/** Cuts the end off the append-only file: what a machine loses that loses its power. */
function cutTail(folder: string, share: number): void {
  const files = readdirSync(join(folder, 'appendonlydir')).filter((name) => name.endsWith('.incr.aof'));
  for (const name of files) {
    const path = join(folder, 'appendonlydir', name);
    truncateSync(path, Math.floor(statSync(path).size * (1 - share)));
  }
}

describe('the number is the same', () => {
  it('when Redis is killed and comes back', async () => {
    const id = await running();
    for (let round = 0; round < 2; round++) {
      await cluster.server.restart({ signal: 'SIGKILL' });
      await sleep(700);
    }
    await expectExact(id);
  });

  it('when Redis loses its last second', async () => {
    const id = await running();
    await cluster.server.restart({
      signal: 'SIGKILL',
      whileDown: () => cutTail(cluster.server.folder as string, 0.1),
    });
    await expectExact(id);
  });

  it('when Redis is away for a while', async () => {
    const id = await running();
    await cluster.server.restart({ signal: 'SIGTERM', whileDown: () => sleep(6000) });
    await expectExact(id);
  });

  it('when Redis is full for a while', async () => {
    const id = await running();
    const redis = new Redis(cluster.url);
    await redis.config('SET', 'maxmemory', '1mb');
    await sleep(5000);
    await redis.config('SET', 'maxmemory', '0');
    redis.disconnect();
    await expectExact(id);
  });

  it('when connections are cut again and again', async () => {
    const id = await running();
    const redis = new Redis(cluster.url);
    for (let round = 0; round < 10; round++) {
      await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      await sleep(150);
    }
    redis.disconnect();
    await expectExact(id);
  });
});

it('an evaluation that Redis has forgotten is lost, and says so', async () => {
  const id = await running();
  const redis = new Redis(cluster.url);
  await redis.flushall();
  redis.disconnect();
  await expect(cluster.client.watch(id, () => {})).rejects.toMatchObject({ code: 'EVALUATION_LOST' });
  await expectExact(await cluster.client.submit({ spec }));
});

it('a worker ends in time though Redis is gone', async () => {
  const worker = await processes.start('worker');
  await cluster.server.kill('SIGKILL');
  const since = performance.now();
  worker.kill('SIGTERM');
  await worker.ended;
  expect(performance.now() - since).toBeLessThan(25_000);
});
