import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { evaluate } from '@lossmill/pool';
import { afterEach, describe, expect, it } from 'vitest';
import { arraysSpec, type TestCluster, testCluster } from './helpers/cluster.js';
import { Lossmill, samplesOf } from './helpers/lossmill.js';
import { requireNative } from './helpers/redis.js';

const SHARDS = 24;

let cluster: TestCluster;
let processes: Lossmill[] = [];

afterEach(async () => {
  await Promise.all(processes.map((process) => process.stop('SIGKILL')));
  processes = [];
  await cluster.stop();
});

const start = (role: 'worker' | 'coordinator', env: NodeJS.ProcessEnv = {}): Lossmill => {
  const process = new Lossmill(cluster, [role, '--http-port', '0'], env);
  processes.push(process);
  return process;
};

const status = async (url: string, path: string) => {
  const response = await fetch(url + path);
  return { status: response.status, body: (await response.json()) as { reasons?: string[] } };
};

const spec = () => arraysSpec(cluster.folder, SHARDS * 256, { shard: { rows: 256 } });

/** Asks again until it is so; the test's own limit ends it otherwise. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(100);
}

describe('metrics, health and logs of real processes', () => {
  it('count what an evaluation did', async () => {
    cluster = await testCluster({ threads: 1 });
    const [coordinator, worker] = [start('coordinator'), start('worker')];
    const [there, here] = [await coordinator.url('coordinator'), await worker.url('worker')];
    const id = await cluster.client.submit({ spec: spec() });
    await cluster.client.watch(id, () => {});
    const counted = await samplesOf(here);
    expect(Object.fromEntries(counted)).toMatchObject({
      lossmill_shards_counted_total: SHARDS,
      lossmill_rows_total: SHARDS * 256,
      lossmill_read_bytes_total: SHARDS * 256 * 8,
      lossmill_shards_failed_total: 0,
      lossmill_shards_duplicate_total: 0,
      lossmill_shard_duration_seconds_count: SHARDS,
      lossmill_threads: 1,
      'lossmill_build_info{version="0.1.0",role="worker"}': 1,
    });
    expect(counted.get('process_resident_memory_bytes')).toBeGreaterThan(0);
    expect(counted.has('nodejs_eventloop_lag_p99_seconds')).toBe(true);
    const folded = await samplesOf(there);
    expect(Object.fromEntries(folded)).toMatchObject({
      lossmill_evaluations_planned_total: 1,
      lossmill_evaluations_done_total: 1,
      lossmill_takeovers_total: 0,
      'lossmill_queue_tasks{state="waiting"}': 0,
      'lossmill_evaluations_open{state="running"}': 0,
      lossmill_cluster_workers: 1,
      lossmill_cluster_threads: 1,
    });
    expect(folded.get('lossmill_fold_duration_seconds_count')).toBeGreaterThan(0);

    const { digest } = await cluster.client.report(id);
    const lines = coordinator.lines();
    expect(lines.find(({ msg }) => msg === 'an evaluation is planned')).toMatchObject({
      evaluation: id,
      shards: SHARDS,
      rows: SHARDS * 256,
    });
    expect(lines.find(({ msg }) => msg === 'an evaluation has ended')).toMatchObject({
      evaluation: id,
      state: 'done',
      rows: SHARDS * 256,
      digest,
      seconds: expect.any(Number),
      shards: { planned: SHARDS, counted: SHARDS, failed: 0 },
    });
    expect([await worker.stop(), await coordinator.stop()]).toEqual([0, 0]);
    for (const process of [worker, coordinator])
      expect(process.lines().map(({ msg }) => msg)).toEqual(expect.arrayContaining(['drained']));
  });

  it('are ready only while Redis answers', async (ctx) => {
    requireNative(ctx);
    cluster = await testCluster({}, { native: true });
    const urls = await Promise.all([start('coordinator').url('coordinator'), start('worker').url('worker')]);
    const ready = async () => Promise.all(urls.map(async (url) => (await status(url, '/readyz')).status));
    expect(await ready()).toEqual([200, 200]);
    await cluster.server.restart({
      signal: 'SIGKILL',
      whileDown: async () => {
        await until(async () => (await ready()).every((code) => code === 503));
        for (const url of urls) {
          expect((await status(url, '/readyz')).body.reasons?.join()).toMatch(/redis: (not connected|no answer)/);
          expect((await status(url, '/healthz')).status).toBe(200);
          // What Redis would tell is missing, and what the process knows is there.
          const samples = await samplesOf(url);
          expect(samples.has('lossmill_cluster_workers')).toBe(false);
          expect(samples.has('lossmill_redis_reconnects_total')).toBe(true);
        }
      },
    });
    await until(async () => (await ready()).every((code) => code === 200));
    for (const url of urls) expect((await samplesOf(url)).get('lossmill_redis_reconnects_total')).toBeGreaterThan(0);
  });

  it('refuse a port that is taken, and settings that are none', async () => {
    cluster = await testCluster();
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const port = String((server.address() as AddressInfo).port);
    for (const [env, said] of [
      [{ LOSSMILL_HTTP_PORT: port }, 'another process has it'],
      [{ LOSSMILL_HTTP_PORT: '70000' }, 'LOSSMILL_HTTP_PORT is "70000"'],
      [{ LOSSMILL_LOG: 'loud' }, 'LOSSMILL_LOG is "loud"'],
      [{ LOSSMILL_LOG_FORMAT: 'xml' }, 'LOSSMILL_LOG_FORMAT is "xml"'],
      [{ LOSSMILL_OTEL: 'yes' }, 'LOSSMILL_OTEL is "yes"'],
    ] as const) {
      const process = new Lossmill(cluster, ['worker'], env);
      expect(await process.ended).toBe(2);
      expect(process.stderr.replace(/\s+/g, ' ')).toContain(said);
    }
    server.close();
  });
});

it('says how many workers were lost and that their shards were handed on', async () => {
  cluster = await testCluster({ threads: 1 });
  const coordinator = start('coordinator');
  await coordinator.logged('coordinator is ready');
  const given = spec();
  const id = await cluster.client.submit({ spec: given });
  const victim = start('worker', { LOSSMILL_FAILPOINT: 'before-commit' });
  expect(await victim.ended).toBe('SIGKILL');
  const status = () => cluster.client.status(id);
  await until(async () => (await cluster.client.fleet(await status())).lost === 1);
  const survivor = start('worker');
  const record = await cluster.client.watch(id, () => {});
  expect(record.state).toBe('done');
  expect(record.handedOn).toBeGreaterThan(0);
  expect((await cluster.client.report(id)).digest).toBe((await evaluate(given)).digest);
  const shown = new Lossmill(cluster, ['status', id.slice(0, 6)]);
  await shown.ended;
  expect(shown.stdout).toMatch(/done .* 1 worker lost, \d+ shards? handed on/);
  expect(await coordinator.logged('workers were lost: others get their shards')).toMatchObject({
    workers: [expect.stringContaining(`process ${victim.child.pid}`)],
  });
  expect(await survivor.logged('a worker was lost or hung: its shards were handed on')).toMatchObject({
    evaluation: id,
  });
});
