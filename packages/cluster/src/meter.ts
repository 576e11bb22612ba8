/** As Prometheus shows it. */
export interface Metric {
  name: string;
  help: string;
  /** The role whose processes have it. */
  on: 'worker' | 'coordinator' | 'both';
  /** Name of its label, if it has one. */
  label?: string;
}

/** What a process counts while it works: names and help texts as Prometheus shows them. */
export const COUNTERS = {
  shardsCounted: {
    name: 'lossmill_shards_counted_total',
    help: 'Shards that this worker computed and that are counted.',
    on: 'worker',
  },
  shardsFailed: {
    name: 'lossmill_shards_failed_total',
    help: 'Shards that failed for good on this worker.',
    on: 'worker',
  },
  shardsRetried: {
    name: 'lossmill_shards_retried_total',
    help: 'Shards counted here by a task that had to be started again.',
    on: 'worker',
  },
  shardsDuplicate: {
    name: 'lossmill_shards_duplicate_total',
    help: 'Results of shards that were counted before, and so were refused.',
    on: 'worker',
  },
  rows: { name: 'lossmill_rows_total', help: 'Rows of the shards counted here.', on: 'worker' },
  bytes: { name: 'lossmill_read_bytes_total', help: 'Bytes read for the shards counted here.', on: 'worker' },
  tasksFailed: {
    name: 'lossmill_tasks_failed_total',
    help: 'Tasks that threw an error here; most are tried again.',
    on: 'worker',
  },
  shardsHandedOn: {
    name: 'lossmill_shards_handed_on_total',
    help: 'Shards of lost workers that this process put back into the queue.',
    on: 'worker',
  },
  workersLost: {
    name: 'lossmill_workers_lost_total',
    help: 'Workers that vanished without taking leave, as this coordinator noticed.',
    on: 'coordinator',
  },
  coordinatorsLost: {
    name: 'lossmill_coordinators_lost_total',
    help: 'Coordinators that vanished without taking leave.',
    on: 'coordinator',
  },
  evaluationsPlanned: {
    name: 'lossmill_evaluations_planned_total',
    help: 'Evaluations that this coordinator planned.',
    on: 'coordinator',
  },
  evaluationsDone: {
    name: 'lossmill_evaluations_done_total',
    help: 'Evaluations that this coordinator brought to a report.',
    on: 'coordinator',
  },
  evaluationsFailed: {
    name: 'lossmill_evaluations_failed_total',
    help: 'Evaluations that this coordinator ended as failed.',
    on: 'coordinator',
  },
  takeovers: {
    name: 'lossmill_takeovers_total',
    help: 'Evaluations that this coordinator took over from another.',
    on: 'coordinator',
  },
  shardsRepaired: {
    name: 'lossmill_shards_repaired_total',
    help: 'Planned shards that no task covered and that were added again.',
    on: 'coordinator',
  },
  redisReconnects: {
    name: 'lossmill_redis_reconnects_total',
    help: 'Connections to Redis that were made anew after one was lost.',
    on: 'both',
  },
} as const satisfies Record<string, Metric>;

/** Durations in seconds. */
export const DURATIONS = {
  shard: {
    name: 'lossmill_shard_duration_seconds',
    help: 'Thread time of a shard: the mean of those of its task.',
    on: 'worker',
  },
  fold: {
    name: 'lossmill_fold_duration_seconds',
    help: 'Time to fold what workers have delivered since the last time.',
    on: 'coordinator',
  },
} as const satisfies Record<string, Metric>;

/** Values of a moment; of the cluster where only coordinators show them. */
export const GAUGES = {
  tasksActive: { name: 'lossmill_tasks_active', help: 'Tasks at work on this worker.', on: 'worker' },
  threads: { name: 'lossmill_threads', help: 'Threads of this worker.', on: 'worker' },
  queueTasks: {
    name: 'lossmill_queue_tasks',
    help: 'Tasks of the whole cluster by state: waiting, active or delayed.',
    on: 'coordinator',
    label: 'state',
  },
  evaluations: {
    name: 'lossmill_evaluations_open',
    help: 'Open evaluations of the whole cluster by state.',
    on: 'coordinator',
    label: 'state',
  },
  workers: {
    name: 'lossmill_cluster_workers',
    help: 'Workers of the whole cluster that gave a sign of life lately.',
    on: 'coordinator',
  },
  workerThreads: { name: 'lossmill_cluster_threads', help: 'Threads of these workers.', on: 'coordinator' },
} as const satisfies Record<string, Metric>;

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
