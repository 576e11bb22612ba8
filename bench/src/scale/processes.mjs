import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../../apps/cli/bin/lossmill.js', import.meta.url));

/** Children end with this process, however it ends. */
const alive = new Set();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));

export function track(child) {
  alive.add(child);
  child.once('exit', () => alive.delete(child));
  return child;
}

export async function end(child, signal) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

/** A worker or coordinator, once it is ready. */
export async function startMember(role, env, flags = []) {
  const child = track(
    spawn(process.execPath, [...flags, BIN, role], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  const ready = new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (bytes) => {
      text = (text + bytes).slice(-10_000);
      if (text.includes(`${role} is ready`)) resolve();
    });
    child.once('exit', (code, signal) => reject(new Error(`a ${role} ended with ${signal ?? code}: ${text}`)));
  });
  await ready;
  return child;
}

/** Runs a command of lossmill to its end. Returns its JSON and the seconds it took. */
export async function command(env, args) {
  const since = performance.now();
  const child = track(
    spawn(process.execPath, [BIN, ...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] }),
  );
  const texts = ['', ''];
  [child.stdout, child.stderr].forEach((stream, i) => {
    stream.on('data', (bytes) => {
      texts[i] += bytes;
    });
  });
  const [code, signal] = await once(child, 'close');
  if (code !== 0) throw new Error(`lossmill ${args[0]} ended with ${signal ?? code}: ${texts[1]}`);
  return { value: JSON.parse(texts[0]), seconds: (performance.now() - since) / 1000 };
}

/** Greatest memory of a process so far in MB (VmHWM); null where there is no /proc. */
export function peakMemory(child) {
  try {
    const text = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+) kB/.exec(text)[1]) / 1024;
  } catch {
    return null;
  }
}

/** Seconds of processor time of a process so far; null where there is no /proc. Clock ticks are 100 a second on Linux. */
export function cpuTime(child) {
  try {
    const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return null;
  }
}
