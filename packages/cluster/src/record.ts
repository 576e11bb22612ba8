/** queued: waits for a coordinator. reducing: all is counted, the report is being made. The others are ends. */
export type State = 'queued' | 'running' | 'reducing' | 'done' | 'degraded' | 'failed' | 'cancelled';

export const ENDS: ReadonlySet<State> = new Set(['done', 'degraded', 'failed', 'cancelled']);

/** Why an evaluation or a shard failed: as the error of a local evaluation. */
export interface Fault {
  code: string;
  message: string;
  /** JSON path of the spec's field at fault. */
  path?: string;
}

/** What is known of an evaluation; times in ms since 1970. Counters are 0 until it is planned. */
export interface EvaluationRecord {
  state: State;
  /** Random; task jobs and commits of another epoch count nothing. Empty until it is planned. */
  epoch: string;
  /** Random; held by the coordinator that looks after the evaluation. */
  fence: string;
  submittedAt: number;
  startedAt: number;
  endedAt: number;
  /** Shards of the plan. */
  total: number;
  totalRows: number;
  /** Files of the dataset, and their bytes. */
  files: number;
  dataBytes: number;
  /** Shards below it have been handed out. */
  cursor: number;
  done: number;
  failed: number;
  rows: number;
  bytes: number;
  /** Milliseconds that threads took for the shards counted. */
  ms: number;
  /** Shards that were counted by a task that had to be started again. */
  retried: number;
  /** Results of shards that were counted already, and so were not counted. */
  duplicates: number;
  /** Shards of tasks that were lost with their worker and given to others. */
  handedOn: number;
  error: Fault | null;
}

const NUMBERS = [
  'submittedAt',
  'startedAt',
  'endedAt',
  'total',
  'totalRows',
  'files',
  'dataBytes',
  'cursor',
  'done',
  'failed',
  'rows',
  'bytes',
  'ms',
  'retried',
  'duplicates',
  'handedOn',
] as const;

/** Reads the `st` hash; null when it does not exist. */
export function recordOf(hash: Record<string, string>): EvaluationRecord | null {
  if (hash.state === undefined) return null;
  const numbers = Object.fromEntries(NUMBERS.map((name) => [name, Number(hash[name] ?? 0)]));
  return {
    ...(numbers as Record<(typeof NUMBERS)[number], number>),
    state: hash.state as State,
    epoch: hash.epoch ?? '',
    fence: hash.fence ?? '',
    error: hash.error ? (JSON.parse(hash.error) as Fault) : null,
  };
}
