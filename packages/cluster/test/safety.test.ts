import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDataset } from '@lossmill/dataset';
import { type Plan, prepare, type Spec } from '@lossmill/evaluation';
import { evaluate } from '@lossmill/pool';
import type { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Ledger } from '../src/ledger.js';
import { evaluationJob, evaluationQueue, taskQueue } from '../src/queues.js';
import { arraysSpec, csvSpec, type TestCluster, testCluster } from './helpers/cluster.js';
import { webServer } from './helpers/web-server.js';

const web = await webServer();
const forbidden = await webServer();
const outside = join(tmpdir(), `lossmill-outside-${process.pid}`);
const warned: string[] = [];
let cluster: TestCluster;
let redis: Redis;
let evaluations: Queue;
let tasks: Queue;

beforeAll(async () => {
  cluster = await testCluster({ mostSpecBytes: 100_000 }, {}, [`${web.url}/data/`]);
  mkdirSync(outside, { recursive: true });
  writeFileSync(join(outside, 'secret.csv'), 'p,y\n1,2\n');
  symlinkSync(outside, join(cluster.folder, 'way'));
  for (const server of [web, forbidden]) server.files.set('/data/a.csv', Buffer.from('p,y\n1,2\n3,5\n'));
  const warn = (_: object, message: string) => void warned.push(message);
  await cluster.start({ debug: () => {}, info: () => {}, warn, error: warn });
  redis = new Redis(cluster.url, { maxRetriesPerRequest: null });
  evaluations = evaluationQueue(redis);
  tasks = taskQueue(redis);
});

afterAll(async () => {
  await Promise.all([evaluations.close(), tasks.close()]);
  redis.disconnect();
  await cluster.stop();
  rmSync(outside, { recursive: true });
});

async function watch(id: string) {
  // What other producers add is known once a coordinator has seen it.
  await expect.poll(() => new Ledger(redis, id).record(), { timeout: 10_000 }).not.toBeNull();
  return cluster.client.watch(id, () => {});
}

/** Workers and coordinators still do what they are asked to. */
async function expectWorking(): Promise<void> {
  const spec = arraysSpec(cluster.folder, 3000);
  const id = await cluster.client.submit({ spec });
  expect((await watch(id)).error).toBeNull();
  expect((await cluster.client.report(id)).digest).toBe((await evaluate(spec)).digest);
}

const specOf = (url: string): Spec => ({
  version: 1,
  data: { files: [url] },
  columns: { prediction: 'p', target: 'y' },
  losses: ['mse'],
});

let numbers = 0;

/** An evaluation whose plan no coordinator has made, as far as the workers and the coordinator that finds it know. */
async function withPlan(text: string, shards: number, rows: number) {
  const id = `forged${++numbers}`;
  const spec = csvSpec(cluster.folder, 10);
  const ledger = new Ledger(redis, id);
  await ledger.register(JSON.stringify({ spec }), Date.now(), 1000);
  await ledger.takeOver('forger');
  await ledger.storePlan('forger', 'epoch', text, shards, rows);
  await evaluations.add('evaluate', { spec }, evaluationJob(id));
  return watch(id);
}

async function planOf(spec: Spec): Promise<Plan> {
  const { plan, dataset } = await prepare(spec);
  await dataset.close();
  return plan;
}

/** A plan over a file that may be read, in which its path is another. */
async function forge(to: string): Promise<Plan> {
  const plan = await planOf(specOf(/^http/.test(to) ? `${web.url}/data/a.csv` : csvPath()));
  const text = JSON.stringify(plan);
  const [{ path }] = (plan.handle as unknown as { tables: { data: { files: { path: string }[] } }[] }).tables[0].data
    .files;
  return JSON.parse(text.replaceAll(`"path":${JSON.stringify(path)}`, `"path":${JSON.stringify(to)}`)) as Plan;
}

function csvPath(): string {
  csvSpec(cluster.folder, 10);
  return join(cluster.folder, 'rows-0.csv');
}

describe('a worker that is given a forged plan', () => {
  it.each([
    ['/etc/passwd', 'PATH_FORBIDDEN'],
    ['FOLDER/../lossmill-outside-PID/secret.csv', 'PATH_FORBIDDEN'],
    ['FOLDER/way/secret.csv', 'PATH_FORBIDDEN'],
    ['file:///etc/passwd', 'PATH_FORBIDDEN'],
    ['FORBIDDEN/data/a.csv', 'ACCESS_DENIED'],
    ['WEB/private/a.csv', 'ACCESS_DENIED'],
    ['WEB/data/../private/a.csv', 'ACCESS_DENIED'],
    ['http://127.0.0.1:1/data/a.csv', 'ACCESS_DENIED'],
  ])('does not read %s', async (pattern, code) => {
    const to = pattern
      .replace('FOLDER', cluster.folder)
      .replace('PID', String(process.pid))
      .replace('FORBIDDEN', forbidden.url)
      .replace('WEB', web.url);
    const plan = await forge(to);
    const asked = [web.requests.length, forbidden.requests.length];
    const record = await withPlan(JSON.stringify(plan), plan.shards, plan.rows);
    expect(record).toMatchObject({ state: 'failed', done: 0, error: { code } });
    expect([web.requests.length, forbidden.requests.length]).toEqual(asked);
    await expectWorking();
  });

  it('does not take a local path for a remote file, or the other way round', async () => {
    const plan = await planOf(specOf(`${web.url}/data/a.csv`));
    const local = JSON.stringify(plan).replaceAll(`"path":"${web.url}/data/a.csv"`, '"path":"/etc/passwd"');
    expect((await withPlan(local, plan.shards, plan.rows)).error).toMatchObject({ code: 'ACCESS_DENIED' });
    const unpinned = JSON.stringify(plan).replaceAll(/"remote":\{[^}]*\}/g, '"x":1');
    expect((await withPlan(unpinned, plan.shards, plan.rows)).error).toMatchObject({ code: 'PATH_FORBIDDEN' });
    const { handle } = await openDataset({ files: [csvPath()] });
    expect(JSON.stringify(handle)).not.toContain('"remote"');
  });

  it('refuses one that is none of its version', async () => {
    const plan = await planOf(specOf(csvPath()));
    for (const wrong of [
      'no JSON',
      'null',
      '[]',
      '{}',
      `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
      JSON.stringify({ ...plan, version: 2 }),
      JSON.stringify({ ...plan, handle: null }),
      JSON.stringify({ ...plan, handle: { ...plan.handle, tables: [{}] } }),
      JSON.stringify({ ...plan, shards: 1e9 }),
      JSON.stringify({ ...plan, rows: -1 }),
    ]) {
      const record = await withPlan(wrong, plan.shards, plan.rows);
      expect([wrong.slice(0, 40), record.state, record.error?.code]).toEqual([
        wrong.slice(0, 40),
        'failed',
        'PLAN_INVALID',
      ]);
    }
    await expectWorking();
  });
});

describe('what is put into the queues', () => {
  const job = async (data: unknown) =>
    watch((await evaluations.add('evaluate', data, { removeOnFail: true })).id as string);
  const good = () => csvSpec(cluster.folder, 10);

  it.each([
    ['of another version', () => ({ ...good(), version: 2 }), 'SPEC_INVALID', /version: found 2/],
    ['without a version', () => ({ ...good(), version: undefined }), 'SPEC_INVALID', /version/],
    ['with unknown fields', () => ({ ...good(), __lossmill: 1 }), 'SPEC_UNKNOWN_KEY', /__lossmill/],
    ['with rows that are none', () => ({ ...good(), rows: { output: 7 } }), 'SPEC_INVALID', /rows\.output/],
    [
      'with columns that are none',
      () => ({ ...good(), columns: { prediction: {}, target: [] } }),
      'SPEC_INVALID',
      /columns/,
    ],
    ['with slices that are none', () => ({ ...good(), slices: [[{}]] }), 'SPEC_INVALID', /slices/],
    ['with shards of no rows', () => ({ ...good(), shard: { rows: 0 } }), 'SPEC_INVALID', /shard/],
    ['with data of two kinds', () => ({ ...good(), data: { files: ['a'], inline: {} } }), 'SPEC_COMBINATION', /data/],
    [
      'with names that objects have',
      () => ({ ...good(), columns: { prediction: '__proto__', target: 'constructor' } }),
      'COLUMN_UNKNOWN',
      /__proto__/,
    ],
    [
      'that is huge',
      () => ({ ...good(), classes: Array.from({ length: 20_000 }, (_, i) => `c${i}`) }),
      'SPEC_TOO_LARGE',
      /100000 bytes/,
    ],
  ])('is refused as a spec %s', async (_, make, code, message) => {
    const record = await job(make());
    expect(record).toMatchObject({
      state: 'failed',
      total: 0,
      error: { code, message: expect.stringMatching(message) },
    });
  });

  it('is refused when it is nested without end', async () => {
    const { id } = await evaluations.add('evaluate', {}, { delay: 600_000 });
    await redis.hset(`{lossmill}:lossmill.evaluations:${id}`, 'data', `${'['.repeat(20_000)}${']'.repeat(20_000)}`);
    await (await evaluations.getJob(id as string))?.promote();
    expect((await watch(id as string)).error).toMatchObject({ code: 'SPEC_INVALID' });
    await expectWorking();
  });

  it('is dropped when it is no task, and put off when it is one of a later version', async () => {
    const running = { v: 1, e: 'nothing', p: 'epoch', a: 0, k: 1 };
    const wrong = [
      17,
      null,
      'x',
      [],
      {},
      { ...running, k: 0 },
      { ...running, a: -1 },
      { ...running, k: 5000 },
      running,
    ];
    for (const data of wrong) await tasks.add('t', data, { removeOnComplete: true });
    const later = await tasks.add('t', { ...running, v: 2 });
    await expectWorking();
    const left = async () => (await tasks.getJobs(['wait', 'active', 'delayed', 'failed'])).map(({ id }) => id);
    await expect.poll(left).toEqual([later.id]);
    expect(await later.getState()).toBe('delayed');
    expect(warned.filter((text) => text.includes('is dropped'))).toHaveLength(wrong.length - 1);
    await later.remove();
  });

  it('is dropped when it is a task beyond the plan of an evaluation', async () => {
    const spec = arraysSpec(cluster.folder, 50_000, { shard: { rows: 256 } });
    const id = await cluster.client.submit({ spec });
    const { epoch, total } = await cluster.client.watch(id, () => {}, { until: ({ state }) => state !== 'queued' });
    for (const [a, k] of [
      [total, 1],
      [total - 1, 2],
      [2 ** 40, 4096],
    ] as const)
      await tasks.add('t', { v: 1, e: id, p: epoch, a, k }, { removeOnComplete: true });
    expect(await watch(id)).toMatchObject({ state: 'done', done: total });
    expect((await cluster.client.report(id)).digest).toBe((await evaluate(spec)).digest);
    // Dropped after the end is told.
    await expect.poll(() => redis.strlen(new Ledger(redis, id).keys.bm), { timeout: 10_000 }).toBe(0);
  });
});
