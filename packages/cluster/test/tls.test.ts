import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClusterClient, settingsOf } from '@lossmill/cluster';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { certificates } from './helpers/certificates.js';
import { csvSpec } from './helpers/cluster.js';
import { type RedisServer, requireNative, startRedis } from './helpers/redis.js';
import { ask } from './helpers/redis-ask.js';

const BIN = fileURLToPath(new URL('../../../apps/cli/bin/lossmill.js', import.meta.url));
const PASSWORD = 'p/ss#w?rd@1';
const folder = mkdtempSync(join(tmpdir(), 'lossmill-tls-'));
const authority = join(folder, 'authority.pem');
let server: RedisServer | undefined;
let url = '';

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  return port;
}

/** A Redis that speaks TLS, and knows a user who may do no more than a cluster needs. */
async function start(): Promise<void> {
  const made = certificates();
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  file('authority.pem', made.authority);
  const port = await freePort();
  server = await startRedis({
    native: true,
    config: {
      'tls-port': String(port),
      'tls-cert-file': file('server.pem', made.certificate),
      'tls-key-file': file('server.key', made.key),
      'tls-ca-cert-file': authority,
      'tls-auth-clients': 'no',
    },
  });
  const rights = ['~{lossmill}:*', '&{lossmill}:*', '+@all', '-@admin', '-@dangerous', '+info'];
  await ask(server.url, [['ACL', 'SETUSER', 'mill', 'on', `>${PASSWORD}`, ...rights]]);
  url = `rediss://mill:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}`;
}

beforeEach(async (ctx) => {
  requireNative(ctx);
  if (!server) await start();
});

afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true });
});

const environment = (more: NodeJS.ProcessEnv) => ({
  ...process.env,
  LOSSMILL_REDIS: url,
  LOSSMILL_DATA_ROOTS: folder,
  ...more,
});

function lossmill(args: readonly string[], more: NodeJS.ProcessEnv) {
  return new Promise<{ code: number; out: string }>((resolve) => {
    execFile(process.execPath, [BIN, ...args], { cwd: folder, env: environment(more) }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, out: stdout + stderr }),
    );
  });
}

/** A process of a role; `shown` is all that others can see of it. */
async function started(role: string, args: readonly string[], more: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [BIN, role, ...args], { cwd: folder, env: environment(more), stdio: 'pipe' });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (text += bytes));
  await expect.poll(() => text, { timeout: 20_000 }).toContain(`${role} is ready`);
  return {
    shown: () => text + (process.platform === 'linux' ? readFileSync(`/proc/${child.pid}/cmdline`, 'latin1') : ''),
    end: async () => {
      child.kill('SIGTERM');
      expect((await once(child, 'exit'))[0]).toBe(0);
    },
  };
}

const secrets = [PASSWORD, encodeURIComponent(PASSWORD), 'mill:'];

function expectNoSecret(text: string): void {
  for (const secret of secrets) expect(text).not.toContain(secret);
}

it('runs a cluster over TLS as a user of few rights, and shows nothing of the credentials', async () => {
  csvSpec(folder, 3000);
  const trusted = { LOSSMILL_REDIS_CA: authority };
  const processes = await Promise.all([
    started('coordinator', ['--redis', url], { ...trusted, LOSSMILL_REDIS: '', LOSSMILL_LOG: 'debug' }),
    started('worker', ['--threads', '1'], { NODE_EXTRA_CA_CERTS: authority, LOSSMILL_LOG: 'debug' }),
  ]);
  const question = ['rows-[01].csv', '--pred', 'p', '--target', 'y', '--loss', 'mae', '--by', 'g'];
  const here = await lossmill(['eval', ...question, '--json'], { LOSSMILL_REDIS: '' });
  const there = await lossmill(['eval', ...question, '--json', '--redis', url], trusted);
  expect([there.code, JSON.parse(there.out).digest]).toEqual([0, JSON.parse(here.out).digest]);
  const submitted = await lossmill(['submit', ...question], { NODE_EXTRA_CA_CERTS: authority });
  expect(submitted.code).toBe(0);
  const id = submitted.out.split(' ')[0];
  const all = [there.out, submitted.out];
  for (const command of ['watch', 'status', 'result', 'cancel', 'retry'])
    all.push((await lossmill([command, id], trusted)).out);
  all.push((await lossmill(['list'], trusted)).out, (await lossmill(['list', '--json'], trusted)).out);
  expect(all.join('')).toContain(id);
  for (const text of [...all, ...processes.map(({ shown }) => shown())]) expectNoSecret(text);
  await Promise.all(processes.map(({ end }) => end()));
});

it('says what is wrong with a connection, and nothing of the credentials', async () => {
  const wrong = url.replace('%401', '%402');
  const cases: [args: string[], more: NodeJS.ProcessEnv, message: RegExp][] = [
    [['list'], {}, /certificate.*LOSSMILL_REDIS_CA/s],
    [['list'], { LOSSMILL_REDIS_CA: join(folder, 'none.pem') }, /none\.pem, which cannot be\s+read/],
    [['list'], { LOSSMILL_REDIS_CA: join(folder, 'server.key') }, /holds no\s+certificate/],
    [['list'], { LOSSMILL_REDIS: wrong, LOSSMILL_REDIS_CA: authority }, /WRONGPASS/],
    [['list', '--redis', url.replace('rediss:', 'redis:')], {}, /rediss?:/],
    [['list', '--redis', url.replaceAll('%2F', '/').replaceAll('%23', '#')], {}, /%2F|not a URL/],
    [['worker'], {}, /certificate/],
    [['coordinator'], { LOSSMILL_REDIS: wrong, LOSSMILL_REDIS_CA: authority }, /WRONGPASS/],
  ];
  await Promise.all(
    cases.map(async ([args, more, message]) => {
      const { code, out } = await lossmill(args, more);
      expect([args, code]).toEqual([args, 2]);
      expect(out.replace(/\s+/g, ' ')).toMatch(message);
      expectNoSecret(out);
    }),
  );
});

it('hides the credentials of its errors from programs, too', async () => {
  const error = await ClusterClient.connect(url, settingsOf({})).catch((reason) => reason);
  expect(error.code).toBe('REDIS_UNREACHABLE');
  expectNoSecret(`${error.stack} ${JSON.stringify(error)}`);
});
