/** What a process counts while it works: names and help texts as Prometheus shows them. */
export const COUNTERS = {
  shardsCounted: ['lossmill_shards_counted_total', 'Shards that this worker computed and that are counted.'],
  shardsFailed: ['lossmill_shards_failed_total', 'Shards that failed for good on this worker.'],
  shardsRetried: ['lossmill_shards_retried_total', 'Shards counted here by a task that had to be started again.'],
  shardsDuplicate: [
    'lossmill_shards_duplicate_total',
    'Results of shards that were counted before, and so were refused.',
  ],
  rows: ['lossmill_rows_total', 'Rows of the shards counted here.'],
  bytes: ['lossmill_read_bytes_total', 'Bytes read for the shards counted here.'],
  tasksFailed: ['lossmill_tasks_failed_total', 'Tasks that threw an error here; most are tried again.'],
  shardsHandedOn: [
    'lossmill_shards_handed_on_total',
    'Shards of lost workers that this process put back into the queue.',
  ],
  workersLost: [
    'lossmill_workers_lost_total',
    'Workers that vanished without taking leave, as this coordinator noticed.',
  ],
  coordinatorsLost: ['lossmill_coordinators_lost_total', 'Coordinators that vanished without taking leave.'],
  evaluationsPlanned: ['lossmill_evaluations_planned_total', 'Evaluations that this coordinator planned.'],
  evaluationsDone: ['lossmill_evaluations_done_total', 'Evaluations that this coordinator brought to a report.'],
  evaluationsFailed: ['lossmill_evaluations_failed_total', 'Evaluations that this coordinator ended as failed.'],
  takeovers: ['lossmill_takeovers_total', 'Evaluations that this coordinator took over from another.'],
  shardsRepaired: ['lossmill_shards_repaired_total', 'Planned shards that no task covered and that were added again.'],
  redisReconnects: ['lossmill_redis_reconnects_total', 'Connections to Redis that were made anew after one was lost.'],
} as const satisfies Record<string, readonly [name: string, help: string]>;

/** Durations in seconds. */
export const DURATIONS = {
  shard: ['lossmill_shard_duration_seconds', 'Thread time of a shard: the mean of those of its task.'],
  fold: ['lossmill_fold_duration_seconds', 'Time to fold what workers have delivered since the last time.'],
} as const satisfies Record<string, readonly [name: string, help: string]>;

/** Values of a moment; of the cluster where only coordinators show them. */
export const GAUGES = {
  tasksActive: ['lossmill_tasks_active', 'Tasks at work on this worker.'],
  threads: ['lossmill_threads', 'Threads of this worker.'],
  queueTasks: ['lossmill_queue_tasks', 'Tasks of the whole cluster by state: waiting, active or delayed.', 'state'],
  evaluations: ['lossmill_evaluations_open', 'Open evaluations of the whole cluster by state.', 'state'],
  workers: ['lossmill_cluster_workers', 'Workers of the whole cluster that gave a sign of life lately.'],
  workerThreads: ['lossmill_cluster_threads', 'Threads of these workers.'],
} as const satisfies Record<string, readonly [name: string, help: string, label?: string]>;

export type CounterName = keyof typeof COUNTERS;
export type DurationName = keyof typeof DURATIONS;
export type GaugeName = keyof typeof GAUGES;

/** Who counts what happens. Called in the middle of the work: it must be quick and never throw. */
export interface Meter {
  add(counter: CounterName, by?: number): void;
  /** @param times how often it took so long */
  time(duration: DurationName, seconds: number, times?: number): void;
}

const nothing = (): void => {};
export const NO_METER: Meter = { add: nothing, time: nothing };

/** A gauge's value now, with that of its label where it has one. */
export interface GaugeValue {
  gauge: GaugeName;
  value: number;
  label?: string;
}

/** What can be asked of a process that runs. */
export interface Observed {
  /** Why it cannot do its work at this moment; empty when it can. */
  unreadiness(): Promise<string[]>;
  /** Asks Redis where it has to. @throws when that does not answer */
  gauges(): Promise<GaugeValue[]>;
}
