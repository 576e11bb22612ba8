import { ShardPool } from '@lossmill/pool';
import { DelayedError, type Job, type Telemetry, WaitingError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { connect } from './connection.js';
import type { DataRoots } from './data-roots.js';
import { faultOf, isOfRedis, mayPass } from './fault.js';
import { HandedOn } from './handed-on.js';
import { PREFIX, QUEUES } from './keys.js';
import { Ledger } from './ledger.js';
import { type Log, SILENT } from './log.js';
import { type GaugeValue, type Meter, NO_METER, type Observed } from './meter.js';
import { PlanCache } from './plan-cache.js';
import { Presence } from './presence.js';
import { Quarantine } from './quarantine.js';
import { isLaterTask, type TaskData, taskOf } from './queues.js';
import type { Settings } from './settings.js';
import { failShard, runTask, type TaskContext } from './task-run.js';
import { unreadiness } from './unreadiness.js';
import { within } from './within.js';

export interface ProcessOptions {
  redis: string;
  settings: Settings;
  roots: DataRoots;
  log?: Log;
  /** Counts what the process does. */
  meter?: Meter;
  /** Follows evaluations and their tasks through processes, such as bullmq-otel. */
  telemetry?: Telemetry;
  /** Called when a thread does not answer any more: the process should end, so that others get its tasks. */
  onHang?: () => void;
}

/** Slots beside the threads: the next task is at hand when a thread gets free. */
const PREFETCH = 1;
const CLOSE_MS = 5000;
/** A task that was lost with its worker so often may be the reason. */
const SUSPICIOUS = 2;
/** A task that this version does not know is left to others for so long. */
const UNKNOWN_MS = 10_000;

/** A process that computes shards. */
export class ClusterWorker implements Observed {
  readonly #pool: ShardPool;
  readonly #quarantine: Quarantine;
  readonly #plans: PlanCache;
  readonly #presence: Presence;
  readonly #worker: Worker;
  readonly #log: Log;
  readonly #meter: Meter;
  #closing: Promise<void> | null = null;
  #draining = false;
  readonly #working = new Set<Promise<unknown>>();

  private constructor(
    private readonly redis: Redis,
    private readonly options: ProcessOptions,
  ) {
    const { settings, roots, telemetry, log = SILENT, meter = NO_METER } = options;
    this.#log = log;
    this.#meter = meter;
    countReconnects(redis, meter);
    this.#pool = new ShardPool({ threads: settings.threads, access: roots.access });
    this.#quarantine = new Quarantine(settings.taskLimitMs);
    this.#plans = new PlanCache(redis, this.#pool, roots);
    this.#presence = new Presence(redis, 'workers', settings.threads);
    this.#worker = new Worker(QUEUES.tasks, (job, token) => this.#count(this.#process(job, token)), {
      connection: redis,
      prefix: PREFIX,
      concurrency: settings.threads + PREFETCH,
      lockDuration: settings.lockMs,
      stalledInterval: settings.stalledMs,
      maxStalledCount: 20,
      telemetry,
    });
    this.#worker.on('error', (error) => log.warn({ error: error.message }, 'worker'));
    const handedOn = new HandedOn(redis, log, meter);
    this.#worker.on('stalled', (id) => handedOn.add(id));
  }

  /** @throws ClusterError REDIS_UNREACHABLE, REDIS_UNFIT */
  static async start(options: ProcessOptions): Promise<ClusterWorker> {
    const { redis, warnings } = await connect(options.redis, { stays: true });
    for (const warning of warnings) options.log?.warn({}, warning);
    const worker = new ClusterWorker(redis, options);
    await worker.#worker.waitUntilReady();
    return worker;
  }

  get member() {
    return this.#presence.member;
  }

  unreadiness(): Promise<string[]> {
    return unreadiness(this.redis, this.#worker, this.#closing !== null);
  }

  async gauges(): Promise<GaugeValue[]> {
    return [
      { gauge: 'tasksActive', value: this.#working.size },
      { gauge: 'threads', value: this.options.settings.threads },
    ];
  }

  /** BullMQ's own waiting for tasks needs a Redis that answers. */
  #count<T>(work: Promise<T>): Promise<T> {
    this.#working.add(work);
    const done = () => this.#working.delete(work);
    work.then(done, done);
    return work;
  }

  /** The threads, watched: one that hangs would keep its task for ever. */
  readonly #threads: TaskContext['pool'] = {
    run: async (plan, shards) => {
      const timer = setTimeout(() => {
        this.#log.error({ first: shards[0], shards: shards.length }, 'a thread does not answer');
        this.options.onHang?.();
      }, this.options.settings.taskLimitMs);
      return this.#pool.run(plan, shards).finally(() => clearTimeout(timer));
    },
  };

  async #process(job: Job, token: string | undefined): Promise<null> {
    const task = taskOf(job.data);
    if (!task) return isLaterTask(job.data) ? this.#putOff(job, token) : this.#drop(job);
    const ledger = new Ledger(this.redis, task.e);
    const attempt = job.attemptsMade + 1;
    const last = attempt >= this.options.settings.attempts;
    const context: TaskContext = {
      // Whoever is to be blamed is found by computing each shard alone.
      pool: last || job.stalledCounter >= SUSPICIOUS ? this.#quarantine : this.#threads,
      threads: this.options.settings.threads,
      worker: this.member.id,
      retried: attempt > 1 || job.stalledCounter > 0,
      last,
      access: this.options.roots.access,
      log: this.#log,
      meter: this.#meter,
    };
    const end = await this.#run(ledger, task, context);
    if (end === 'stopped' && this.#draining) {
      await job.moveToWait(token);
      throw new WaitingError();
    }
    return null;
  }

  async #run(ledger: Ledger, task: TaskData, context: TaskContext): Promise<'done' | 'stopped'> {
    const { state, epoch, total = 0 } = (await ledger.record()) ?? {};
    if (state !== 'running' || epoch !== task.p) return 'done';
    if (task.a + task.k > total) {
      this.#log.warn({ evaluation: task.e, shard: task.a, shards: task.k }, 'a task beyond its plan is dropped');
      return 'done';
    }
    try {
      const plan = await this.#plans.get(task.e, task.p);
      return plan ? await runTask(ledger, plan, task, context) : 'done';
    } catch (error) {
      this.#meter.add('tasksFailed');
      this.#log.warn({ evaluation: task.e, shard: task.a, shards: task.k, error: faultOf(error) }, 'a task failed');
      if (isOfRedis(error) || (mayPass(error) && !context.last)) throw error;
      for (const shard of await ledger.missing({ first: task.a, count: task.k }))
        await failShard(ledger, task.p, shard, error, context);
      return 'done';
    }
  }

  /** No task at all: nobody will ever do it. */
  #drop(job: Job): null {
    this.#log.warn({ task: job.id }, 'what is in the queue of tasks, but is none, is dropped');
    return null;
  }

  /** Of a newer version: not ours to fail. */
  async #putOff(job: Job, token: string | undefined): Promise<never> {
    this.#log.warn({ task: job.id }, 'a task of a form that this version does not know is put off');
    await job.moveToDelayed(Date.now() + UNKNOWN_MS, token);
    throw new DelayedError();
  }

  /** Takes no more tasks, lets those at work finish for a while, hands the others back, and ends. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const since = performance.now();
    const atWork = this.#working.size;
    await within(this.#worker.pause(true), 1000);
    const drained = () => Promise.allSettled(this.#working);
    if (!(await within(drained(), this.options.settings.drainMs))) {
      this.#draining = true;
      await within(this.#plans.stopAll(), CLOSE_MS);
      await within(drained(), CLOSE_MS);
    }
    this.#log.info(
      { tasks: atWork, handedBack: this.#draining, seconds: (performance.now() - since) / 1000 },
      'drained',
    );
    this.#plans.end();
    await within(this.#presence.end(), 1000);
    // Without Redis it would wait for ever.
    await within(this.#worker.close(), CLOSE_MS);
    await within(this.#pool.close(), CLOSE_MS);
    this.redis.disconnect();
  }
}

/** Connections beyond the first. */
export function countReconnects(redis: Redis, meter: Meter): void {
  redis.on('ready', () => meter.add('redisReconnects'));
}
