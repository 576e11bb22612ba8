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
  /** Shards of one evaluation: each is a bit in Redis. LOSSMILL_MOST_SHARDS */
  mostShards: number;
  /** How long ended evaluations are kept. LOSSMILL_KEEP_SECONDS */
  keepSeconds: number;
  /** Evaluations a coordinator looks after at once. LOSSMILL_EVALUATIONS */
  evaluations: number;
  /** Threads of a worker. LOSSMILL_THREADS */
  threads: number;
}

/** A setting as operators see it. */
export interface Setting {
  variable: string;
  unit: string;
  /** What it is where it depends on the machine. */
  shown?: string;
  meaning: string;
  value: () => number;
}

/** A setting that is a text. `shown` is its default. */
export type TextSetting = Omit<Setting, 'value' | 'shown'> & { shown: string };

/** Where the cluster is, and what its processes may read. */
export const TEXT_SETTINGS: readonly TextSetting[] = [
  { variable: 'LOSSMILL_REDIS', unit: 'URL', shown: 'none', meaning: "the cluster's Redis; --redis beats it" },
  {
    variable: 'LOSSMILL_REDIS_CA',
    unit: 'file',
    shown: 'the usual authorities',
    meaning: 'PEM certificates that are trusted for a rediss:// URL, instead of the usual ones',
  },
  {
    variable: 'LOSSMILL_DATA_ROOTS',
    unit: 'folders, : between them',
    shown: 'current folder',
    meaning: 'what workers and coordinators may read and write; links are followed before it is decided',
  },
  {
    variable: 'LOSSMILL_ALLOWED_URLS',
    unit: 'URL prefixes, spaces between them',
    shown: 'none',
    meaning:
      'what workers and coordinators may read beyond: https://, http:// and s3://; below an s3:// prefix they may also write',
  },
  { variable: 'LOSSMILL_REMOTE_RETRIES', unit: 'attempts', shown: '8', meaning: 'more, for a URL that fails' },
  {
    variable: 'LOSSMILL_REMOTE_BACKOFF_MS',
    unit: 'ms',
    shown: '100',
    meaning: 'before the first of them; doubles, up to 20 s',
  },
  { variable: 'LOSSMILL_REMOTE_TIMEOUT_MS', unit: 'ms', shown: '30000', meaning: 'longest silence of a server' },
  {
    variable: 'LOSSMILL_SPOOL_BYTES',
    unit: 'bytes',
    shown: '8589934592',
    meaning: 'of remote files that a thread may keep in the temporary folder (TMPDIR) at a time',
  },
];

const MEBI = 1024 * 1024;

/** Every setting that is a whole number: lossmill worker --help and docs/operations.md show them. */
export const SETTINGS: Record<keyof Settings, Setting> = {
  threads: {
    variable: 'LOSSMILL_THREADS',
    unit: 'threads',
    shown: 'one a processor',
    meaning: 'of a worker; --threads beats it',
    value: () => availableParallelism(),
  },
  evaluations: {
    variable: 'LOSSMILL_EVALUATIONS',
    unit: 'evaluations',
    meaning: 'one coordinator looks after at once',
    value: () => 50,
  },
  lockMs: {
    variable: 'LOSSMILL_LOCK_MS',
    unit: 'ms',
    meaning: 'without a sign of life for so long, a process has lost its tasks',
    value: () => 30_000,
  },
  stalledMs: {
    variable: 'LOSSMILL_STALLED_MS',
    unit: 'ms',
    meaning: 'how often lost tasks are looked for',
    value: () => 10_000,
  },
  reconcileMs: {
    variable: 'LOSSMILL_RECONCILE_MS',
    unit: 'ms',
    meaning: 'without progress for so long, shards that no task covers are looked for',
    value: () => 5_000,
  },
  taskMs: {
    variable: 'LOSSMILL_TASK_MS',
    unit: 'ms',
    meaning: 'how long a task should take; shards are grouped so (at most 1024)',
    value: () => 2_000,
  },
  taskLimitMs: {
    variable: 'LOSSMILL_TASK_LIMIT_MS',
    unit: 'ms',
    meaning:
      'a task that takes so long is given up; its worker ends itself (a thread cannot be stopped safely), so let something start it again',
    value: () => 600_000,
  },
  attempts: {
    variable: 'LOSSMILL_ATTEMPTS',
    unit: 'attempts',
    meaning: 'of a task whose failure may pass; a torn or changed file is not tried again',
    value: () => 5,
  },
  backoffMs: {
    variable: 'LOSSMILL_BACKOFF_MS',
    unit: 'ms',
    meaning: 'before the second attempt; doubles',
    value: () => 500,
  },
  drainMs: {
    variable: 'LOSSMILL_DRAIN_MS',
    unit: 'ms',
    meaning: 'tasks may go on after SIGTERM; then they are handed back',
    value: () => 20_000,
  },
  mostOpen: {
    variable: 'LOSSMILL_MOST_OPEN',
    unit: 'evaluations',
    meaning: 'open at once; more are refused',
    value: () => 1000,
  },
  mostSpecBytes: {
    variable: 'LOSSMILL_MOST_SPEC_BYTES',
    unit: 'bytes',
    meaning: 'of a submission as JSON',
    value: () => 16 * MEBI,
  },
  mostShards: {
    variable: 'LOSSMILL_MOST_SHARDS',
    unit: 'shards',
    meaning: 'of one evaluation; more are refused once it is planned',
    value: () => 100_000_000,
  },
  keepSeconds: {
    variable: 'LOSSMILL_KEEP_SECONDS',
    unit: 's',
    meaning: 'ended evaluations and their reports are kept',
    value: () => 7 * 24 * 3600,
  },
};

/** Settings from the environment. A value that is no whole number above 0 is refused with its name. */
export function settingsOf(env: NodeJS.ProcessEnv = process.env): Settings {
  const entries = Object.entries(SETTINGS).map(([key, { variable, value }]) => {
    const text = env[variable];
    if (text === undefined || text === '') return [key, value()];
    if (!/^[1-9]\d{0,14}$/.test(text))
      throw new RangeError(`${variable} is "${text}", but a whole number of at least 1 is wanted.`);
    return [key, Number(text)];
  });
  return Object.fromEntries(entries) as Settings;
}
