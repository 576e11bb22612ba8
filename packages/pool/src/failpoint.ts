let hits = 0;

/**
 * For fault tests: where LOSSMILL_FAILPOINT is "name" or "name:N", the process is killed the Nth time (default: first) it comes by,
 * as if its machine had lost power.
 */
export function failpoint(name: string): void {
  const [wanted, count = '1'] = (process.env.LOSSMILL_FAILPOINT ?? '').split(':');
  if (wanted !== name || ++hits < Number(count)) return;
  process.kill(process.pid, 'SIGKILL');
}
