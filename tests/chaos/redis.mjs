import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, truncateSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PATIENCE } from './patience.mjs';
import { ask } from './resp.mjs';

const EXEC = '*1\r\n$4\r\nEXEC\r\n';

/** The name of a native server on the PATH; throws when there is none: these tests are about signals and files. */
export function nativeServer() {
  const name = ['redis-server', 'valkey-server'].find((one) => spawnSync(one, ['--version']).status === 0);
  if (name) return name;
  throw new Error('test:chaos needs redis-server or valkey-server on the PATH (Debian: apt-get install redis-server).');
}

/** A Redis of its own on a free loopback port, with an append-only file in `folder`. */
export class Redis {
  #child = null;
  port = 0;

  constructor(folder, track) {
    this.folder = join(folder, 'redis');
    this.track = track;
    this.program = nativeServer();
  }

  get url() {
    return `redis://127.0.0.1:${this.port}`;
  }

  ask(...commands) {
    return ask(this.port, commands);
  }

  async start() {
    mkdirSync(this.folder, { recursive: true });
    for (let tries = 1; ; tries++) {
      if (this.port === 0) this.port = await freePort();
      const settings = { port: this.port, bind: '127.0.0.1', dir: this.folder, save: '', appendonly: 'yes' };
      const flags = Object.entries({ ...settings, 'maxmemory-policy': 'noeviction', 'aof-load-truncated': 'yes' });
      const words = flags.flatMap(([name, value]) => [`--${name}`, String(value)]);
      this.#child = this.track(spawn(this.program, words, { stdio: 'ignore' }));
      if (await this.#isUp()) return;
      if (tries === 5) throw new Error(`${this.program} did not start on port ${this.port}`);
      await sleep(200 * tries);
    }
  }

  async #isUp() {
    const child = this.#child;
    for (const since = Date.now(); Date.now() - since < PATIENCE; await sleep(20)) {
      if (child.exitCode !== null || child.signalCode !== null) return false;
      const [info] = await this.ask(['INFO']).catch(() => ['']);
      if (String(info).includes(`process_id:${child.pid}\r`) && String(info).includes('loading:0\r')) return true;
    }
    return false;
  }

  /** Ends the server at once; what it has not written is lost. */
  async kill() {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  /**
   * Cuts the end off the append-only file of a server that is down, as a loss of power may; `whole`: where a transaction
   * ends, as redis-check-aof does. Returns the bytes cut.
   */
  cutTail(share, { whole }) {
    const folder = join(this.folder, 'appendonlydir');
    const files = readdirSync(folder).filter((name) => name.endsWith('.incr.aof'));
    const path = join(folder, files.sort((a, b) => a.length - b.length || (a < b ? -1 : 1)).at(-1));
    const bytes = readFileSync(path);
    const at = Math.floor(bytes.length * (1 - share));
    const kept = whole ? bytes.lastIndexOf(EXEC, at) + EXEC.length : at;
    truncateSync(path, kept);
    return bytes.length - kept;
  }
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
