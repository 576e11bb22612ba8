let hits = 0;

/**
 * For fault tests: LOSSMILL_FAILPOINT is "name", "name:N" or "name:N:how[:ms]". The Nth time (default: first) that a thread comes by,
 * it goes wrong: without `how` the process is killed, as if its machine had lost power.
 */
export function failpoint(name: string): void {
  const [wanted, count = '1', how = 'kill', ms = '0'] = (process.env.LOSSMILL_FAILPOINT ?? '').split(':');
  if (wanted !== name || ++hits < Number(count)) return;
  const fault = FAULTS[how];
  if (!fault) throw new Error(`LOSSMILL_FAILPOINT: there is no "${how}"; there are ${Object.keys(FAULTS).join(', ')}`);
  fault(Number(ms));
}

const wait = (ms?: number): unknown => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

const FAULTS: Record<string, (ms: number) => void> = {
  kill: () => process.kill(process.pid, 'SIGKILL'),
  /** As native code that finds itself broken. */
  abort: () => process.kill(process.pid, 'SIGABRT'),
  /** The thread never goes on. */
  hang: () => wait(),
  /** Once, for so long. */
  block: (ms) => {
    if (wasBlocked) return;
    wasBlocked = true;
    wait(ms);
  },
  /** Of a thread only the thread ends. */
  exit: () => process.exit(7),
  throw: () => {
    throw new Error('a failpoint threw');
  },
  oom: () => {
    for (const held: number[][] = []; ; ) held.push(Array.from({ length: 1e5 }, (_, i) => i + held.length));
  },
};

let wasBlocked = false;
