// The orchestrator's side: a child process that is asked one thing at a time.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const PATIENCE_MS = 600_000;

export class Agent {
  #child;
  #lines;
  #errors = '';
  #ended;

  /** `command` is [program, ...args]. */
  constructor(name, command, env = {}) {
    this.name = name;
    this.#child = spawn(command[0], command.slice(1), {
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child.stderr.on('data', (text) => {
      this.#errors = (this.#errors + text).slice(-4000);
    });
    this.#child.stdin.on('error', () => {});
    this.#ended = new Promise((resolve) => {
      this.#child.on('error', (error) => resolve(error.message));
      this.#child.on('exit', (code, signal) => resolve(`ended with ${signal ?? `exit code ${code}`}`));
    });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Sends a request and waits for its answer; rejects where the agent reports an error, dies or stays silent. */
  async call(op, fields = {}) {
    this.#child.stdin.write(`${JSON.stringify({ op, ...fields })}\n`);
    let timer;
    const silence = new Promise((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS, `was silent for ${PATIENCE_MS / 1000} s`);
    });
    try {
      const line = await Promise.race([this.#lines.next(), this.#ended, silence]);
      if (typeof line === 'string' || line.done) throw this.#failure(op, typeof line === 'string' ? line : 'ended');
      const reply = JSON.parse(line.value);
      if (reply.error) throw this.#failure(op, reply.error);
      return reply;
    } finally {
      clearTimeout(timer);
    }
  }

  close() {
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill(), 5000);
    return this.#ended.finally(() => clearTimeout(timer));
  }

  #failure(op, what) {
    return new Error(`${this.name}, ${op}: ${what}${this.#errors ? `\n${this.#errors}` : ''}`);
  }
}
