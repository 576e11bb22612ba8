import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PATIENCE } from './patience.mjs';

const BIN = fileURLToPath(new URL('../../apps/cli/bin/lossmill.js', import.meta.url));

/** All children of this run; whatever happens to it, they end with it. */
const alive = new Set();
export function track(child) {
  alive.add(child);
  child.once('exit', () => alive.delete(child));
  return child;
}
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));

/** Runs a command of lossmill to its end: { code, out, err }. */
export function command(env, args, patience = PATIENCE) {
  return new Promise((resolve) => {
    const child = track(spawn(process.execPath, [BIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] }));
    let out = '';
    let err = '';
    child.stdout.on('data', (bytes) => (out += bytes));
    child.stderr.on('data', (bytes) => (err += bytes));
    const timer = setTimeout(() => child.kill('SIGKILL'), patience);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code: code ?? signal, out, err });
    });
  });
}

/** One worker or coordinator. */
export class Member {
  constructor(role, env, folder, number) {
    this.role = role;
    this.logPath = join(folder, `${role}-${number}.log`);
    const log = openSync(this.logPath, 'w');
    const args = [BIN, role, '--redis', env.LOSSMILL_REDIS];
    this.child = track(spawn(process.execPath, args, { env, stdio: ['ignore', log, log] }));
    closeSync(log);
    this.ended = new Promise((resolve) => this.child.once('exit', (code, signal) => resolve(signal ?? code)));
  }

  get pid() {
    return this.child.pid;
  }

  get isReady() {
    return this.log().includes(`${this.role} is ready`);
  }

  kill(signal) {
    this.child.kill(signal);
  }

  log() {
    return readFileSync(this.logPath, 'utf8');
  }
}
