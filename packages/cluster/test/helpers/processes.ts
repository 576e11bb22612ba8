import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TestCluster } from './cluster.js';

const SCRIPT = fileURLToPath(new URL('./process.mjs', import.meta.url));

export interface Started {
  readonly child: ChildProcess;
  /** Resolves when it has ended, to its exit code or signal. */
  readonly ended: Promise<number | string>;
  kill(signal: NodeJS.Signals): void;
  /** What it wrote. */
  log(): string;
}

/** Workers and coordinators of a test cluster as real processes. */
export class Processes {
  readonly #all: Started[] = [];

  constructor(private readonly cluster: TestCluster) {}

  /** @param failpoint "name" or "name:N", where it kills itself */
  async start(role: 'worker' | 'coordinator', failpoint = ''): Promise<Started> {
    const { url, folder, settings } = this.cluster;
    const child = fork(SCRIPT, [role, url, folder, JSON.stringify(settings)], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, LOSSMILL_FAILPOINT: failpoint },
    });
    let text = '';
    child.stderr?.on('data', (bytes) => {
      text += bytes;
    });
    const ended = once(child, 'exit').then(([code, signal]) => signal ?? code);
    const started: Started = { child, ended, kill: (signal) => child.kill(signal), log: () => text };
    this.#all.push(started);
    await Promise.race([once(child, 'message'), ended]);
    return started;
  }

  /** Starts another of its kind whenever one ends, until told to stop. */
  keep(role: 'worker' | 'coordinator', failpoint = ''): { current(): Started | undefined; stop(): void } {
    let current: Started | undefined;
    let on = true;
    const next = async (): Promise<void> => {
      while (on) {
        current = await this.start(role, failpoint);
        await current.ended;
      }
    };
    next();
    return {
      current: () => current,
      stop: () => {
        on = false;
      },
    };
  }

  logs(): string {
    return this.#all.map((started) => started.log()).join('');
  }

  async stop(): Promise<void> {
    for (const { child } of this.#all) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await Promise.all(this.#all.map(({ ended }) => ended));
  }
}
