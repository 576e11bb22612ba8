let hits = 0;

/**
 * For fault tests: where LOSSMILL_FAILPOINT is "name" or "name:N", the process is killed the Nth time (default: first) it comes by,
 * as if its machine had lost power; with "name:N:hang" the thread never goes on.
 */
export function failpoint(name: string): void {
  const [wanted, count = '1', how] = (process.env.LOSSMILL_FAILPOINT ?? '').split(':');
  if (wanted !== name || ++hits < Number(count)) return;
  if (how === 'hang') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  process.kill(process.pid, 'SIGKILL');
}
