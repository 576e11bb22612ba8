import { linkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENDS } from '@lossmill/cluster';
import type { Spec } from '@lossmill/evaluation';
import { evaluate } from '@lossmill/pool';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arraysSpec, csvSpec, type TestCluster, testCluster } from './helpers/cluster.js';

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await testCluster();
  await cluster.start();
});

afterAll(() => cluster.stop());

async function end(spec: unknown, more: { allowDegraded?: number; folder?: string } = {}) {
  const id = await cluster.client.submit({ spec: spec as Spec, ...more });
  return { id, record: await cluster.client.watch(id, () => {}) };
}

/** A local evaluation's error. */
async function errorOf(spec: Spec): Promise<{ code: string; message: string }> {
  return evaluate(spec).then(
    () => Promise.reject(new Error('it went well')),
    (error) => error,
  );
}

describe('an evaluation on a cluster', () => {
  it('gives the report of a local one', async () => {
    const spec = arraysSpec(cluster.folder, 50_000);
    const { id, record } = await end(spec);
    expect(record).toMatchObject({ state: 'done', total: 49, done: 49, failed: 0, rows: 50_000, error: null });
    const report = await cluster.client.report(id);
    const { run, ...local } = await evaluate(spec);
    expect(report).toMatchObject(local);
    expect(report.digest).toBe(local.digest);
    expect(report.run).toMatchObject({
      shards: { rows: 1024, planned: 49, counted: 49, retried: 0, duplicates: 0 },
      bytesRead: run.bytesRead,
      workers: 1,
      threads: 2,
    });
  });

  it('gives the digest of a local one for text files, slices and skipped rows', async () => {
    for (const spec of [
      csvSpec(cluster.folder, 6000),
      csvSpec(cluster.folder, 6000, [77, 9001], { badRows: 'skip' }),
      csvSpec(cluster.folder, 6000, [], { shard: { rows: 100_000 } }),
    ]) {
      const { id } = await end(spec);
      expect((await cluster.client.report(id)).digest).toBe((await evaluate(spec)).digest);
    }
  });

  it('fails on bad rows with the error of a local one', async () => {
    const spec = csvSpec(cluster.folder, 6000, [77, 9001]);
    const { record, id } = await end(spec);
    const { code, message } = await errorOf(spec);
    expect(record).toMatchObject({ state: 'failed', error: { code, message } });
    await expect(cluster.client.report(id)).rejects.toMatchObject({ code: 'EVALUATION_STATE' });
  });

  it('refuses a spec with the words of a local one', async () => {
    const spec = arraysSpec(cluster.folder, 1000);
    for (const wrong of [
      { ...spec, losses: ['msee'] },
      { ...spec, losses: [] },
      { ...spec, columns: { prediction: 'nope', target: 'y' } },
      { ...spec, data: { files: [join(cluster.folder, 'absent.csv')] } },
    ] as Spec[]) {
      const { code, message } = await errorOf(wrong);
      expect((await end(wrong)).record).toMatchObject({ state: 'failed', total: 0, error: { code, message } });
    }
  });

  it('takes a bare spec from any BullMQ producer, and refuses what is none', async () => {
    const connection = new Redis(cluster.url, { maxRetriesPerRequest: null });
    const queue = new Queue('lossmill.evaluations', { connection, prefix: '{lossmill}' });
    const spec = csvSpec(cluster.folder, 6000);
    const good = (await queue.add('evaluate', spec)).id as string;
    const bad = await Promise.all(
      [17, null, ['x'], { spec, folder: 7 }, { spec, allowDegraded: 2 }, {}].map((data) => queue.add('evaluate', data)),
    );
    const look = async (id: string) => {
      while (!ENDS.has((await cluster.client.status(id).catch(() => null))?.state ?? 'queued'))
        await new Promise((resolve) => setTimeout(resolve, 20));
      return cluster.client.status(id);
    };
    expect((await look(good)).state).toBe('done');
    expect((await cluster.client.report(good)).digest).toBe((await evaluate(spec)).digest);
    for (const { id } of bad) expect((await look(id as string)).error?.code).toBe('SPEC_INVALID');
    await queue.close();
    connection.disconnect();
  });

  it('reads only what lies in its folders', async () => {
    const outside = arraysSpec(cluster.folder, 1000);
    symlinkSync('/etc/hostname', join(cluster.folder, 'link.csv'));
    symlinkSync('/etc', join(cluster.folder, 'etc'));
    const paths = [
      '/etc/passwd',
      '/etc/*',
      join(cluster.folder, '../../etc/passwd'),
      join(cluster.folder, '*/../../../etc/passwd'),
      join(cluster.folder, 'link.csv'),
      join(cluster.folder, 'lin*.csv'),
      join(cluster.folder, 'etc/passwd'),
      '../../../../../../../../etc/passwd',
    ];
    for (const path of paths) {
      const spec = { ...outside, data: { files: [path], format: 'csv' } };
      const { record } = await end(spec, { folder: cluster.folder });
      expect([path, record.error?.code]).toEqual([path, 'PATH_FORBIDDEN']);
    }
    for (const url of ['file:///etc/passwd', 'https://127.0.0.1:1/a.csv', 's3://bucket/*.csv']) {
      const { record } = await end({ ...outside, data: { files: [url] } }, { folder: cluster.folder });
      // file:// is refused as such by the spec's own check where it knows that scheme.
      expect([url, record.state, record.total]).toEqual([url, 'failed', 0]);
      expect(['PATH_FORBIDDEN', 'ACCESS_DENIED', 'UNSUPPORTED']).toContain(record.error?.code);
    }
    linkSync(join(cluster.folder, 'p1000.npy'), join(cluster.folder, 'hard.npy'));
  });

  it('starts relative paths from the folder of the submitter', async () => {
    const spec = arraysSpec(cluster.folder, 1000, { data: { arrays: { p: ['p1000.npy'], y: ['./y1000.npy'] } } });
    const { id, record } = await end(spec, { folder: cluster.folder });
    expect(record.error).toBeNull();
    expect((await cluster.client.report(id)).spec.data).toEqual(spec.data);
  });

  it('fails when a file changed, and says how much is covered', async () => {
    const spec = csvSpec(cluster.folder, 6000, [], { shard: { rows: 256 } });
    const path = join(cluster.folder, 'rows-1.csv');
    let changed = false;
    const id = await cluster.client.submit({ spec });
    const record = await cluster.client.watch(id, ({ state }) => {
      if (state !== 'running' || changed) return;
      changed = true;
      writeFileSync(path, 'p,y,g\n1,2,x\n');
    });
    expect(changed).toBe(true);
    expect(record).toMatchObject({ state: 'failed', error: { code: 'FILE_CHANGED' } });
    expect(record.error?.message).toMatch(/rows-1\.csv.*shards failed .*of 12,000 rows are counted\. First shard/);
  });

  it('is the earlier one when it has the same idempotency key', async () => {
    const spec = arraysSpec(cluster.folder, 1000);
    const first = await cluster.client.submit({ spec }, 'nightly 7');
    expect(await cluster.client.submit({ spec }, 'nightly 7')).toBe(first);
    await cluster.client.watch(first, () => {});
    expect(await cluster.client.submit({ spec }, 'nightly 7')).toBe(first);
    expect((await cluster.client.status(first)).state).toBe('done');
    expect(await cluster.client.submit({ spec }, 'nightly 8')).not.toBe(first);
  });

  it('is found by the start of its id', async () => {
    const id = await cluster.client.submit({ spec: arraysSpec(cluster.folder, 1000) });
    expect(await cluster.client.find(id.slice(0, 8))).toBe(id);
    await expect(cluster.client.find('zz')).rejects.toMatchObject({ code: 'EVALUATION_UNKNOWN' });
    expect((await cluster.client.list()).map((entry) => entry.id)).toContain(id);
  });

  it('leaves only its result behind', async () => {
    const { id } = await end(arraysSpec(cluster.folder, 50_000));
    const redis = new Redis(cluster.url);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const keys = (await redis.keys(`*${id}*`)).map((key) => key.split(':').at(-1)).sort();
    expect(keys).toEqual(['report', 'spec', 'st']);
    redis.disconnect();
  });
});
