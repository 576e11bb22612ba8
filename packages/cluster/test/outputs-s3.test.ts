import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { S3Objects } from '@lossmill/dataset';
import type { Spec } from '@lossmill/evaluation';
import { evaluate } from '@lossmill/pool';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { arraysSpec, csvSpec, type TestCluster, testCluster } from './helpers/cluster.js';
import { Processes } from './helpers/processes.js';
import { s3Server } from './helpers/s3-server.js';

let cluster: TestCluster;
let processes: Processes;
let objects: S3Objects;
const environment = { ...process.env };

beforeAll(async () => {
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'S3RVER',
    AWS_SECRET_ACCESS_KEY: 'S3RVER',
    AWS_ENDPOINT_URL_S3: await s3Server('bucket', new Map()),
    LOSSMILL_ALLOWED_URLS: 's3://bucket/far s3://bucket/cancelled',
  });
  objects = new S3Objects();
  cluster = await testCluster({ threads: 1, taskMs: 10, attempts: 2 });
});

afterAll(async () => {
  await cluster.stop();
  process.env = environment;
});

beforeEach(() => {
  processes = new Processes(cluster);
});

afterEach(() => processes.stop());

/** Keys that begin so. */
async function keys(prefix: string): Promise<string[]> {
  const query = { 'list-type': '2', prefix };
  const { body } = await objects.ask('s3://bucket/any', { method: 'GET', query }, undefined, {
    bucket: 'bucket',
    key: '/',
  });
  return [...body.toString().matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key).sort();
}

async function expectSame(folder: string, prefix: string): Promise<void> {
  const names = readdirSync(folder).sort();
  await expect.poll(() => keys(prefix), { timeout: 20_000 }).toEqual(names.map((name) => `${prefix}/${name}`));
  for (const name of names) {
    const far = await objects.read(`s3://bucket/${prefix}/${name}`);
    expect([name, far && readFileSync(join(folder, name)).equals(far)]).toEqual([name, true]);
  }
}

const into = (spec: Spec, output: string): Spec => ({ ...spec, rows: { output }, gradient: { output } });
const end = (id: string) => cluster.client.watch(id, () => {}, { signal: AbortSignal.timeout(50_000) });

it('takes the files of this machine as objects, larger than one part', async () => {
  const spec = arraysSpec(cluster.folder, 1_300_000, { losses: ['mse'] });
  const near = join(cluster.folder, 'near-large');
  await evaluate(into(spec, near));
  const report = await evaluate(into(spec, 's3://bucket/local/'));
  expect(report.run.outputs).toEqual({
    rows: ['s3://bucket/local/losses.npy'],
    gradient: ['s3://bucket/local/gradient.npy'],
  });
  await expectSame(near, 'local');
});

it('takes nothing of an evaluation of this machine that fails', async () => {
  const spec = csvSpec(cluster.folder, 3000, [77]);
  await expect(evaluate(into(spec, 's3://bucket/failed'))).rejects.toMatchObject({ code: 'BAD_ROW' });
  expect(await keys('failed')).toEqual([]);
});

it('takes the files of a cluster, whose worker is killed: large shards and small ones', async () => {
  const specs = [
    arraysSpec(cluster.folder, 2_200_000, { losses: ['mse'], shard: { rows: 720_896 } }),
    csvSpec(cluster.folder, 9000),
  ];
  await processes.start('coordinator');
  for (const [i, spec] of specs.entries()) {
    const near = join(cluster.folder, `near-${i}`);
    await evaluate(into(spec, near));
    const doomed = await processes.start('worker', 'before-commit');
    const id = await cluster.client.submit({ spec: into(spec, `s3://bucket/far/${i}`) });
    expect(await doomed.ended).toBe('SIGKILL');
    const worker = await processes.start('worker');
    expect(await end(id)).toMatchObject({ state: 'done', error: null });
    await expectSame(near, `far/${i}`);
    worker.kill('SIGKILL');
    await worker.ended;
  }
});

it('holds nothing of an evaluation that was cancelled, and only what is allowed', async () => {
  const spec = arraysSpec(cluster.folder, 400 * 256, { shard: { rows: 256 } });
  await processes.start('coordinator');
  await processes.start('worker');
  const id = await cluster.client.submit({ spec: into(spec, 's3://bucket/cancelled') });
  await cluster.client.watch(id, () => {}, { until: ({ done }) => done > 10 });
  expect((await keys('cancelled')).every((key) => key.startsWith('cancelled/.parts/'))).toBe(true);
  await cluster.client.cancel(id);
  await expect.poll(() => keys('cancelled'), { timeout: 20_000 }).toEqual([]);
  const other = await cluster.client.submit({ spec: into(spec, 's3://bucket/other') });
  expect(await end(other)).toMatchObject({ state: 'failed', error: { code: 'ACCESS_DENIED' } });
  expect([await keys('other'), await keys('cancelled')]).toEqual([[], []]);
});
