import { setTimeout as sleep } from 'node:timers/promises';
import type { EvaluationRecord } from '@lossmill/cluster';
import type { Spec } from '@lossmill/evaluation';
import { evaluate } from '@lossmill/pool';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { arraysSpec, type TestCluster, testCluster } from './helpers/cluster.js';
import { Processes } from './helpers/processes.js';

let cluster: TestCluster;
let processes: Processes;
let spec: Spec;
let digest: string;

const SHARDS = 400;

beforeAll(async () => {
  cluster = await testCluster({ threads: 1, taskMs: 10 });
  spec = arraysSpec(cluster.folder, SHARDS * 256, { shard: { rows: 256 } });
  digest = (await evaluate(spec)).digest;
});

afterAll(() => cluster.stop());

beforeEach(() => {
  processes = new Processes(cluster);
});

afterEach(() => processes.stop());

/** Waits for the end and compares with the evaluation on one thread. */
async function expectExact(id: string): Promise<EvaluationRecord> {
  const record = await cluster.client
    .watch(id, () => {}, { signal: AbortSignal.timeout(50_000) })
    .catch((error) => {
      throw new Error(`${error}\n${processes.logs().slice(-3000)}`);
    });
  expect(record).toMatchObject({
    state: 'done',
    total: SHARDS,
    done: SHARDS,
    failed: 0,
    rows: SHARDS * 256,
    error: null,
  });
  const report = await cluster.client.report(id);
  expect(report.digest).toBe(digest);
  expect(report.run.shards).toMatchObject({ planned: SHARDS, counted: SHARDS });
  return record;
}

const until = (id: string, done: number) =>
  cluster.client.watch(id, () => {}, { until: (record) => record.done >= done });

describe('the number is the same', () => {
  for (const failpoint of ['before-compute:5', 'before-commit:5', 'after-commit:5']) {
    it(`when a worker dies at ${failpoint}`, async () => {
      await processes.start('coordinator');
      const doomed = await processes.start('worker', failpoint);
      const id = await cluster.client.submit({ spec });
      expect(await doomed.ended).toBe('SIGKILL');
      await processes.start('worker');
      const record = await expectExact(id);
      if (!failpoint.startsWith('after')) expect(record.retried).toBeGreaterThan(0);
    });
  }

  for (const failpoint of [
    'before-plan',
    'after-plan',
    'before-advance:1',
    'before-advance:3',
    'before-report',
    'after-report',
  ]) {
    it(`when a coordinator dies at ${failpoint} and another takes over`, async () => {
      const doomed = await processes.start('coordinator', failpoint);
      await processes.start('worker');
      const id = await cluster.client.submit({ spec });
      expect(await doomed.ended).toBe('SIGKILL');
      await processes.start('coordinator');
      await expectExact(id);
    });
  }

  it('when workers and coordinators are killed all the time', async () => {
    const kept = [
      processes.keep('worker'),
      processes.keep('worker'),
      processes.keep('coordinator'),
      processes.keep('coordinator'),
    ];
    const id = await cluster.client.submit({ spec });
    for (let round = 0; round < 6; round++) {
      await sleep(400);
      kept[round % kept.length].current()?.kill('SIGKILL');
    }
    await expectExact(id);
    for (const one of kept) one.stop();
  });

  it('when a worker hangs longer than its lock and wakes up again', async () => {
    await processes.start('coordinator');
    const sleepy = await processes.start('worker');
    const id = await cluster.client.submit({ spec });
    await until(id, 1);
    sleepy.kill('SIGSTOP');
    await processes.start('worker');
    await sleep(1500);
    sleepy.kill('SIGCONT');
    await expectExact(id);
  });

  it('when a coordinator hangs, another takes over, and the first wakes up again', async () => {
    const sleepy = await processes.start('coordinator');
    const id = await cluster.client.submit({ spec });
    await processes.start('worker');
    await until(id, 1);
    sleepy.kill('SIGSTOP');
    await processes.start('coordinator');
    await sleep(4000);
    sleepy.kill('SIGCONT');
    await expectExact(id);
  });

  it('when all are asked to end in turn, and nothing is tried twice', async () => {
    const first = [await processes.start('coordinator'), await processes.start('worker')];
    const id = await cluster.client.submit({ spec });
    await until(id, 1);
    await Promise.all([processes.start('coordinator'), processes.start('worker')]);
    for (const one of first) {
      one.kill('SIGTERM');
      expect(await one.ended).toBe(0);
    }
    const record = await expectExact(id);
    expect(record.duplicates).toBe(0);
  });
});

it('hands tasks back that do not end in time, without counting it as an attempt', async () => {
  const settings = { ...cluster.settings };
  Object.assign(cluster.settings, { drainMs: 1 });
  const hasty = await processes.start('worker');
  Object.assign(cluster.settings, settings);
  await processes.start('coordinator');
  const id = await cluster.client.submit({ spec });
  await until(id, 20);
  hasty.kill('SIGTERM');
  expect(await hasty.ended).toBe(0);
  await processes.start('worker');
  expect(await expectExact(id)).toMatchObject({ retried: 0, duplicates: 0 });
});

describe('cancelling', () => {
  it('frees the workers, and a retry goes on with what was counted', async () => {
    await processes.start('coordinator');
    await processes.start('worker');
    const id = await cluster.client.submit({ spec });
    await until(id, 10);
    await cluster.client.cancel(id);
    const { done } = await cluster.client.status(id);
    await sleep(1500);
    expect(await cluster.client.status(id)).toMatchObject({ state: 'cancelled', done });
    expect(done).toBeLessThan(SHARDS);
    await cluster.client.retry(id);
    await expectExact(id);
  });
});

describe('a shard that', () => {
  for (const [what, failpoint, how] of [
    ['ends its process', 'shard-7', 'SIGKILL'],
    ['never ends', 'shard-7:1:hang', 'no answer within 1.5 s'],
  ]) {
    it(`${what} is named, and its neighbours are counted`, async () => {
      const settings = { ...cluster.settings };
      Object.assign(cluster.settings, { lockMs: 1000, stalledMs: 300, taskLimitMs: 1500 });
      const small = arraysSpec(cluster.folder, 5000, { shard: { rows: 256 } });
      await processes.start('coordinator');
      const kept = processes.keep('worker', failpoint);
      const id = await cluster.client.submit({ spec: small, allowDegraded: 0.1 });
      const record = await cluster.client.watch(id, () => {}, { signal: AbortSignal.timeout(50_000) });
      kept.stop();
      Object.assign(cluster.settings, settings);
      expect(record).toMatchObject({ state: 'degraded', total: 20, done: 19, failed: 1 });
      const report = await cluster.client.report(id);
      expect(report.rows.read).toBe(5000 - 256);
      expect(report.warnings.join()).toContain('1 of 20 shards failed (5.00 %); 4,744 of 5,000 rows are counted');
      expect(report.run.missing).toMatchObject([{ index: 7, start: 1792, end: 2048, code: 'SHARD_CRASHED' }]);
      expect(report.run.missing?.[0].message).toMatch(/^Shard 7 \(.*p5000\.npy rows 1,792 … 2,048, /);
      expect(report.run.missing?.[0].message).toContain(how);
    });
  }
});
