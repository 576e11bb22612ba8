import type { Spec } from '@lossmill/evaluation';
import { evaluate } from '@lossmill/pool';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type TestCluster, testCluster } from './helpers/cluster.js';
import { s3Server } from './helpers/s3-server.js';
import { tableFiles, tableRows } from './helpers/table-files.js';
import { webServer } from './helpers/web-server.js';

const web = await webServer();
const elsewhere = await webServer();
let cluster: TestCluster;
const variables: Record<string, string> = {
  AWS_ACCESS_KEY_ID: 'S3RVER',
  AWS_SECRET_ACCESS_KEY: 'S3RVER',
  AWS_REGION: 'us-east-1',
  LOSSMILL_REMOTE_BACKOFF_MS: '1',
};
const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);

beforeAll(async () => {
  cluster = await testCluster({}, {}, [`${web.url}/data`, 's3://bucket/data/']);
  const files = await tableFiles(cluster.folder);
  const objects = new Map<string, Uint8Array>();
  for (const [name, content] of files) {
    web.files.set(`/data/${name}`, content);
    objects.set(`data/${name}`, content);
  }
  variables.AWS_ENDPOINT_URL_S3 = await s3Server('bucket', objects);
  // Threads have the environment of their start.
  Object.assign(process.env, variables);
  await cluster.start();
});

afterEach(() => {
  web.redirects.clear();
  web.onRequest = () => {};
});

afterAll(async () => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  await cluster.stop();
});

const specOf = (data: Spec['data'], more: Partial<Spec> = {}): Spec => ({
  version: 1,
  data,
  columns: { prediction: 'p', target: 'y' },
  losses: ['mse', 'huber'],
  shard: { rows: 2048 },
  ...more,
});

async function end(spec: Spec) {
  const id = await cluster.client.submit({ spec });
  return { id, record: await cluster.client.watch(id, () => {}) };
}

async function expectAsHere(spec: Spec) {
  const { id, record } = await end(spec);
  expect([record.state, record.error]).toEqual(['done', null]);
  const report = await cluster.client.report(id);
  const { run: _, ...local } = await evaluate(spec);
  expect(report).toMatchObject(local);
  return report;
}

const names = ['t.csv', 't.tsv', 't.jsonl', 't.parquet', 't.arrow', 't.arrows', 't.npz'];

describe('an evaluation of URLs on a cluster', () => {
  it.each(names)('gives the report of a local one for %s on the web', async (name) => {
    const report = await expectAsHere(specOf({ files: [`${web.url}/data/${name}`] }));
    expect(report.run.shards).toMatchObject({ planned: 10, counted: 10, retried: 0 });
    expect(report.run.bytesRead).toBeGreaterThan(0);
  });

  it('gives the report of a local one for .npy files on the web, and says what it read', async () => {
    const arrays = { p: [`${web.url}/data/p.npy`], y: [`${web.url}/data/y.npy`] };
    const report = await expectAsHere(specOf({ arrays }));
    expect(report.run.bytesRead).toBe(tableRows * 8);
  });

  it.each(names)('gives the report of a local one for %s in an object storage', async (name) => {
    await expectAsHere(specOf({ files: [`s3://bucket/data/${name}`] }));
  });

  it('lists an object storage', async () => {
    const report = await expectAsHere(specOf({ files: ['s3://bucket/data/*.{csv,none}'] }));
    expect(report.spec.sources).toMatchObject([{ uri: 's3://bucket/data/t.csv' }]);
  });

  it('reads of a wide Parquet file only what it needs', async () => {
    const since = web.bytes;
    const { id } = await end(specOf({ files: [`${web.url}/data/t.parquet`] }));
    const size = web.files.get('/data/t.parquet')?.length ?? 0;
    const { run } = await cluster.client.report(id);
    expect(web.bytes - since).toBeLessThan(size / 2);
    expect(run.bytesRead).toBeLessThan(size / 4);
  });

  it('fails when a source changed after planning', async () => {
    const content = web.files.get('/data/p.npy') as Uint8Array;
    web.files.set('/data/changing.npy', content);
    let asked = 0;
    web.onRequest = (path) => {
      // One request a shard, and a few to plan.
      if (path === '/data/changing.npy' && ++asked === 40)
        web.files.set(
          path,
          content.map((byte) => byte ^ 1),
        );
    };
    const arrays = { p: [`${web.url}/data/changing.npy`], y: [`${web.url}/data/y.npy`] };
    const { record } = await end(specOf({ arrays }, { shard: { rows: 256 } }));
    expect(record).toMatchObject({ state: 'failed', total: 79, error: { code: 'FILE_CHANGED' } });
    expect(record.done).toBeGreaterThan(0);
    expect(record.done).toBeLessThan(79);
    expect(record.error?.message).toMatch(/changing\.npy changed while the dataset was in use: .*rows are counted/);
  });

  it.each([
    'HOST/private/t.csv',
    'HOST/data2/t.csv',
    'HOST/data/../private/t.csv',
    'HOST/data/%2e%2e/private/t.csv',
    'HOST/data/..%2fprivate/t.csv',
    'HOST.evil.test/data/t.csv',
    'http://user@AUTHORITY/data/t.csv',
    'http://AUTHORITY@127.0.0.1:1/data/t.csv',
    'https://AUTHORITY/data/t.csv',
    'http://127.0.0.1:1/data/t.csv',
    'http://localhost:PORT/data/t.csv',
    's3://bucket/t.csv',
    's3://bucket/database/t.csv',
    's3://bucket/*/t.csv',
    's3://other/data/t.csv',
    'file:///etc/passwd',
    'FILE://localhost/etc/passwd',
    'ftp://AUTHORITY/data/t.csv',
  ])('refuses %s without asking for it', async (pattern) => {
    const { host, port } = new URL(web.url);
    const url = pattern.replace('HOST', web.url).replace('AUTHORITY', host).replace('PORT', port);
    web.files.set('/private/t.csv', Buffer.from('p,y\n1,2\n'));
    const asked = web.requests.length;
    const { record } = await end(specOf({ files: [url] }));
    expect(record).toMatchObject({ state: 'failed', total: 0 });
    expect(['ACCESS_DENIED', 'VALUE_INVALID']).toContain(record.error?.code);
    if (record.error?.code === 'ACCESS_DENIED') expect(record.error.message).toContain('LOSSMILL_ALLOWED_URLS');
    expect(web.requests.length).toBe(asked);
  });

  it('follows a redirect to where it may read, and no other', async () => {
    web.redirects.set('/data/way.csv', '/data/t.csv').set('/data/out.csv', `${elsewhere.url}/data/t.csv`);
    elsewhere.files.set('/data/t.csv', web.files.get('/data/t.csv') as Uint8Array);
    await expectAsHere(specOf({ files: [`${web.url}/data/way.csv`] }));
    const { record } = await end(specOf({ files: [`${web.url}/data/out.csv`] }));
    expect(record).toMatchObject({ state: 'failed', error: { code: 'ACCESS_DENIED' } });
    expect(record.error?.message).toContain(`out.csv leads to ${elsewhere.url}/data/t.csv, which may not be read`);
    expect(elsewhere.requests).toEqual([]);
  });

  it('does not follow a redirect that only workers meet', async () => {
    web.files.set('/data/later.npy', web.files.get('/data/p.npy') as Uint8Array);
    let asked = 0;
    web.onRequest = (path) => {
      if (path === '/data/later.npy' && ++asked === 40) web.redirects.set(path, `${elsewhere.url}/data/t.csv`);
    };
    const arrays = { p: [`${web.url}/data/later.npy`], y: [`${web.url}/data/y.npy`] };
    const { record } = await end(specOf({ arrays }, { shard: { rows: 256 } }));
    expect(record).toMatchObject({ state: 'failed', total: 79, error: { code: 'ACCESS_DENIED' } });
    expect(record.done).toBeGreaterThan(0);
    expect(elsewhere.requests).toEqual([]);
  });
});
