import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TestCluster } from './cluster.js';

const BIN = fileURLToPath(new URL('../../../../apps/cli/bin/lossmill.js', import.meta.url));

export interface LogLine {
  level: number;
  msg: string;
  [field: string]: unknown;
}

/** `lossmill ARGS...` as a real process beside a test cluster. */
export class Lossmill {
  #out = '';
  #err = '';
  readonly child: ChildProcess;
  /** Resolves when it has ended and all it wrote is here, to its exit code or signal. */
  readonly ended: Promise<number | string>;

  constructor(cluster: TestCluster, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const { lockMs, stalledMs, reconcileMs, threads } = cluster.settings;
    this.child = spawn(process.execPath, [BIN, ...args], {
      cwd: cluster.folder,
      env: {
        ...process.env,
        LOSSMILL_REDIS: cluster.url,
        LOSSMILL_DATA_ROOTS: cluster.folder,
        LOSSMILL_LOCK_MS: String(lockMs),
        LOSSMILL_STALLED_MS: String(stalledMs),
        LOSSMILL_RECONCILE_MS: String(reconcileMs),
        LOSSMILL_THREADS: String(threads),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (bytes) => {
      this.#out += bytes;
    });
    this.child.stderr?.on('data', (bytes) => {
      this.#err += bytes;
    });
    this.ended = once(this.child, 'close').then(([code, signal]) => signal ?? code);
  }

  get stdout(): string {
    return this.#out;
  }

  get stderr(): string {
    return this.#err;
  }

  /** What it logged as JSON. */
  lines(): LogLine[] {
    const whole = this.#out.slice(0, this.#out.lastIndexOf('\n') + 1);
    return whole
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as LogLine);
  }

  /** Waits for a line of its log. @throws when it ends before */
  async logged(message: string): Promise<LogLine> {
    let alive = true;
    const ended = this.ended.then(() => {
      alive = false;
    });
    for (;;) {
      const line = this.lines().find(({ msg }) => msg === message);
      if (line) return line;
      if (!alive) throw new Error(`ended before it logged "${message}": ${this.#out}${this.#err}`);
      await Promise.race([once(this.child.stdout as NodeJS.ReadableStream, 'data'), ended]);
    }
  }

  /** Where it serves metrics and health. */
  async url(role: 'worker' | 'coordinator'): Promise<string> {
    return String((await this.logged(`${role} is ready`)).http);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
    return this.ended;
  }
}

/** Samples of Prometheus' text format: `name` or `name{label="value"}` -> value. */
export async function samplesOf(url: string): Promise<Map<string, number>> {
  const response = await fetch(`${url}/metrics`);
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}
