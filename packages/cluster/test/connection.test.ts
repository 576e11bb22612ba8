import { ClusterClient, ClusterWorker, Coordinator, DataRoots, redactUrl, settingsOf } from '@lossmill/cluster';
import type { Spec } from '@lossmill/evaluation';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { startRedis } from './helpers/redis.js';

const settings = settingsOf({});
const spec = {
  version: 1,
  data: { inline: { p: [1], y: [2] } },
  columns: { prediction: 'p', target: 'y' },
  losses: ['mse'],
} as Spec;

it('shows no secrets of a URL', () => {
  expect(redactUrl('rediss://user:secret@host:6380/2?password=secret')).toBe('rediss://***:***@host:6380/2');
  expect(redactUrl('redis://host')).toBe('redis://host');
  expect(redactUrl('secret@@@')).toBe('(not a URL)');
});

it('refuses what is no address and where nobody answers, without showing the password', async () => {
  for (const url of [
    'localhost:6379',
    'http://:secret@host',
    'secret',
    'redis://:secret@127.0.0.1:1',
    'rediss://:secret@127.0.0.1:1',
  ]) {
    const error = await ClusterClient.connect(url, settings).catch((reason) => reason);
    expect([url, error.code]).toEqual([url, 'REDIS_UNREACHABLE']);
    expect(`${error.stack}${JSON.stringify(error)}`).not.toContain('secret@');
  }
});

it('refuses a wrong password, and takes the right one', async () => {
  const server = await startRedis({ config: { maxclients: '100' } });
  const admin = new Redis(server.url);
  await admin.config('SET', 'requirepass', 'right');
  admin.disconnect();
  const url = (password: string) => server.url.replace('redis://', `redis://:${password}@`);
  await expect(ClusterClient.connect(url('wrong'), settings)).rejects.toMatchObject({ code: 'REDIS_UNREACHABLE' });
  const client = await ClusterClient.connect(url('right'), settings);
  expect(await client.list()).toEqual([]);
  await client.close();
  await server.stop();
});

it('refuses a Redis that evicts, in every role', async () => {
  const server = await startRedis({ config: { 'maxmemory-policy': 'allkeys-lru' } });
  const options = { redis: server.url, settings, roots: new DataRoots(['.']) };
  for (const start of [
    () => ClusterClient.connect(server.url, settings),
    () => ClusterWorker.start(options),
    () => Coordinator.start(options),
  ]) {
    await expect(start()).rejects.toMatchObject({
      code: 'REDIS_UNFIT',
      message: expect.stringContaining('noeviction'),
    });
  }
  await server.stop();
});

it('accepts no more than its limits', async () => {
  const server = await startRedis();
  const client = await ClusterClient.connect(server.url, { ...settings, mostOpen: 2, mostSpecBytes: 1000 });
  await client.submit({ spec }, 'a');
  await client.submit({ spec }, 'b');
  await expect(client.submit({ spec }, 'c')).rejects.toMatchObject({ code: 'TOO_MANY_EVALUATIONS' });
  const [first] = await client.list();
  expect(await client.submit({ spec }, 'a')).toBe((await client.list())[1].id);
  await client.cancel(first.id);
  await client.submit({ spec }, 'c');
  const large = { ...spec, data: { inline: { p: Array(1000).fill(1), y: Array(1000).fill(2) } } };
  await expect(client.submit({ spec: large })).rejects.toMatchObject({ code: 'SPEC_TOO_LARGE' });
  await client.close();
  await server.stop();
});

it('accepts nothing when Redis is nearly full', async () => {
  const server = await startRedis({ config: { maxmemory: '20mb' } });
  const redis = new Redis(server.url);
  const client = await ClusterClient.connect(server.url, settings);
  const used = async () => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
  for (let i = 0; (await used()) < 15 * 1024 * 1024; i++) await redis.set(`ballast${i}`, Buffer.alloc(256 * 1024));
  await expect(client.submit({ spec })).rejects.toMatchObject({ code: 'REDIS_FULL' });
  await redis.flushall();
  await client.submit({ spec });
  await client.close();
  redis.disconnect();
  await server.stop();
});
