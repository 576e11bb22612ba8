import type { Spec } from '@lossmill/evaluation';
import { evaluate } from '@lossmill/pool';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestCluster, testCluster } from './helpers/cluster.js';
import { tableFiles } from './helpers/table-files.js';
import { webServer } from './helpers/web-server.js';

const web = await webServer();
const SECRET = 'hunter2';
const QUERY = `?X-Amz-Credential=AKIA&X-Amz-Signature=${SECRET}`;
const logged: string[] = [];
const note = (fields: object, message: string) => void logged.push(`${message} ${JSON.stringify(fields)}`);
let cluster: TestCluster;

beforeAll(async () => {
  cluster = await testCluster({}, {}, [web.url]);
  for (const [name, content] of await tableFiles(cluster.folder)) web.files.set(`/${name}`, content);
  web.files.set('/bad.csv', Buffer.from('p,y\n1,2\n,3\n')).set('/torn.parquet', Buffer.from('PAR1'));
  web.files.set('/ragged.csv', Buffer.from('p,y\n1,2\n3,4,5\n')).set('/not-utf8.jsonl', Buffer.from([123, 255]));
  web.files.set('/t.xyz', Buffer.from('p,y'));
  web.redirects.set('/away.csv', `http://127.0.0.1:1/${QUERY}`);
  await cluster.start({ debug: note, info: note, warn: note, error: note });
});

afterAll(() => cluster.stop());

const specOf = (name: string, more: object = {}): Spec =>
  ({
    version: 1,
    data: { files: [`${web.url}/${name}${QUERY}`] },
    columns: { prediction: 'p', target: 'y' },
    losses: ['mse'],
    shard: { rows: 4096 },
    ...more,
  }) as Spec;

async function end(spec: Spec) {
  const id = await cluster.client.submit({ spec });
  return { id, record: await cluster.client.watch(id, () => {}) };
}

it('sends the query of a URL to its server, and shows it nowhere else', async () => {
  const spec = specOf('t.csv');
  const { id, record } = await end(spec);
  expect([record.state, record.error]).toEqual(['done', null]);
  const report = await cluster.client.report(id);
  expect(web.requests.every((path) => path.endsWith(QUERY))).toBe(true);
  expect(JSON.stringify(report)).not.toContain(SECRET);
  expect(report.spec.data).toEqual({ files: [`${web.url}/t.csv`] });
  expect(report.losses[0].worst?.[0]).toMatchObject({ source: `${web.url}/t.csv` });
  const { run: _, ...local } = await evaluate(spec);
  expect(report).toMatchObject(local);
  // Signed anew it is the same evaluation.
  const signed = await evaluate({ ...spec, data: { files: [`${web.url}/t.csv?X-Amz-Signature=other`] } });
  expect(signed.digest).toBe(report.digest);
});

it('keeps two URLs apart that differ in nothing but their query', async () => {
  const data = { files: [`${web.url}/t.csv?part=1`, `${web.url}/t.csv?part=2`] };
  const { id } = await end(specOf('', { data }));
  const { rows } = await cluster.client.report(id);
  expect(rows.read).toBe(2 * 20_000);
});

it.each([
  ['bad.csv', {}, 'BAD_ROW'],
  ['none.csv', {}, 'FILE_NOT_FOUND'],
  ['torn.parquet', {}, 'FILE_CORRUPT'],
  ['ragged.csv', {}, 'VALUE_INVALID'],
  ['not-utf8.jsonl', {}, 'FILE_CORRUPT'],
  ['away.csv', {}, 'ACCESS_DENIED'],
  ['p.npy', {}, 'FORMAT_UNKNOWN'],
  ['t.xyz', {}, 'FORMAT_UNKNOWN'],
  ['t.csv', { columns: { prediction: 'q', target: 'y' } }, 'COLUMN_UNKNOWN'],
  ['t.csv', { data: { files: `${web.url}/a?${SECRET}` } }, 'SPEC_INVALID'],
  ['t.csv', { data: { files: [`http://me:${SECRET}@127.0.0.1/a.csv`] } }, 'VALUE_INVALID'],
  ['t.csv', { data: { files: [`ftp://127.0.0.1/a.csv${QUERY}`] } }, 'ACCESS_DENIED'],
  ['t.csv', { rows: { output: `https://127.0.0.1/a${QUERY}` } }, 'SPEC_INVALID'],
])('does not say it in errors: %s %j is %s', async (name, more, code) => {
  const spec = specOf(name, more);
  const { record } = await end(spec);
  expect(record.error).toMatchObject({ code });
  expect(record.error?.message).not.toContain(SECRET);
  if (code === 'ACCESS_DENIED') return;
  const error: Error = await evaluate(spec).then(
    () => new Error('it went well'),
    (reason) => reason,
  );
  expect(error).toMatchObject({ code });
  expect(`${error.message} ${JSON.stringify(error)}`).not.toContain(SECRET);
});

it('keeps it in Redis only where it is needed: in what was submitted and in the plan', async () => {
  const redis = new Redis(cluster.url);
  const holders = new Set<string>();
  for (const key of await redis.keys('*')) {
    const bytes = await redis.dumpBuffer(key);
    const text = (await redis.type(key)) === 'string' ? await redis.get(key) : bytes?.toString('latin1');
    const all = (await redis.type(key)) === 'hash' ? JSON.stringify(await redis.hgetall(key)) : text;
    if (all?.includes(SECRET)) holders.add(key.split(':').at(-1) as string);
  }
  redis.disconnect();
  expect([...holders].filter((name) => name !== 'spec' && name !== 'plan')).toEqual([]);
  expect(logged.length).toBeGreaterThan(0);
  expect(logged.join('\n')).not.toContain(SECRET);
});
