import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { end, track } from './processes.mjs';

const PATIENCE_MS = 15_000;

/** A redis-server of this run's own, with an append-only file, and a connection to it. */
export async function startRedis(folder) {
  const program = ['redis-server', 'valkey-server'].find((name) => spawnSync(name, ['--version']).status === 0);
  if (!program) throw new Error('bench:scale needs redis-server or valkey-server on the PATH.');
  mkdirSync(folder, { recursive: true });
  const dir = mkdtempSync(join(folder, 'redis-'));
  const port = await freePort();
  const settings = { port, bind: '127.0.0.1', dir, save: '', appendonly: 'yes', 'maxmemory-policy': 'noeviction' };
  const words = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = track(spawn(program, words, { stdio: 'ignore' }));
  const url = `redis://127.0.0.1:${port}`;
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => 50 });
  client.on('error', () => {});
  const connected = client.connect().catch(() => {});
  await Promise.race([connected, sleep(PATIENCE_MS)]);
  if (!(await client.ping().catch(() => ''))) throw new Error(`${program} does not answer`);
  return {
    url,
    client,
    info: async () => parse(await client.info('everything')),
    stop: async () => {
      client.disconnect();
      await end(child, 'SIGKILL');
      rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

const parse = (text) =>
  Object.fromEntries(
    text
      .split('\r\n')
      .filter((line) => line.includes(':'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );

/** Seconds of processor time that Redis has used, all its threads together. */
export const cpuOf = (info) => Number(info.used_cpu_user) + Number(info.used_cpu_sys);

/** Commands by the time Redis took for them between two looks: [name, calls, microseconds], the costliest first. */
export function commandsBetween(before, after) {
  const read = (info, name) =>
    /calls=(\d+),usec=(\d+)/
      .exec(info[name] ?? '')
      ?.slice(1)
      .map(Number) ?? [0, 0];
  return Object.keys(after)
    .filter((name) => name.startsWith('cmdstat_'))
    .map((name) => {
      const [calls, us] = read(after, name);
      const [callsBefore, usBefore] = read(before, name);
      return [name.slice('cmdstat_'.length), calls - callsBefore, us - usBefore];
    })
    .sort((a, b) => b[2] - a[2]);
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
