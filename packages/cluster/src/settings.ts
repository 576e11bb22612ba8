import { availableParallelism } from 'node:os';

/** What an operator may set. Times in milliseconds. */
export interface Settings {
  /** A process that gives no sign of life for so long has lost its tasks. LOSSMILL_LOCK_MS */
  lockMs: number;
  /** How often lost tasks are looked for. LOSSMILL_STALLED_MS */
  stalledMs: number;
  /** Without progress for so long, shards that no task covers are looked for. LOSSMILL_RECONCILE_MS */
  reconcileMs: number;
  /** How long a task should take: shards are grouped so. LOSSMILL_TASK_MS */
  taskMs: number;
  /** A task that takes so long is given up, and its worker with it: a thread cannot be made to stop. LOSSMILL_TASK_LIMIT_MS */
  taskLimitMs: number;
  /** How often a task is tried whose failure may pass. LOSSMILL_ATTEMPTS */
  attempts: number;
  /** Wait before the second attempt; doubles each time. LOSSMILL_BACKOFF_MS */
  backoffMs: number;
  /** How long tasks may go on after SIGTERM before they are handed back. LOSSMILL_DRAIN_MS */
  drainMs: number;
  /** Evaluations that may be open at once. LOSSMILL_MOST_OPEN */
  mostOpen: number;
  /** Bytes of a submission, as JSON. LOSSMILL_MOST_SPEC_BYTES */
  mostSpecBytes: number;
  /** How long ended evaluations are kept. LOSSMILL_KEEP_SECONDS */
  keepSeconds: number;
  /** Evaluations a coordinator looks after at once. LOSSMILL_EVALUATIONS */
  evaluations: number;
  /** Threads of a worker. LOSSMILL_THREADS */
  threads: number;
}

const VARIABLES: Record<keyof Settings, [name: string, value: () => number]> = {
  lockMs: ['LOSSMILL_LOCK_MS', () => 30_000],
  stalledMs: ['LOSSMILL_STALLED_MS', () => 10_000],
  reconcileMs: ['LOSSMILL_RECONCILE_MS', () => 5_000],
  taskMs: ['LOSSMILL_TASK_MS', () => 2_000],
  taskLimitMs: ['LOSSMILL_TASK_LIMIT_MS', () => 600_000],
  attempts: ['LOSSMILL_ATTEMPTS', () => 5],
  backoffMs: ['LOSSMILL_BACKOFF_MS', () => 500],
  drainMs: ['LOSSMILL_DRAIN_MS', () => 20_000],
  mostOpen: ['LOSSMILL_MOST_OPEN', () => 1000],
  mostSpecBytes: ['LOSSMILL_MOST_SPEC_BYTES', () => 16 * 1024 * 1024],
  keepSeconds: ['LOSSMILL_KEEP_SECONDS', () => 7 * 24 * 3600],
  evaluations: ['LOSSMILL_EVALUATIONS', () => 50],
  threads: ['LOSSMILL_THREADS', () => availableParallelism()],
};

/** Settings from the environment. A value that is no whole number above 0 is refused with its name. */
export function settingsOf(env: NodeJS.ProcessEnv = process.env): Settings {
  const entries = Object.entries(VARIABLES).map(([key, [name, value]]) => {
    const text = env[name];
    if (text === undefined || text === '') return [key, value()];
    if (!/^[1-9]\d{0,14}$/.test(text))
      throw new RangeError(`${name} is "${text}", but a whole number of at least 1 is wanted.`);
    return [key, Number(text)];
  });
  return Object.fromEntries(entries) as Settings;
}
