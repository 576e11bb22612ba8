import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Job, type Queue, WaitingError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { clusterGauges } from './cluster-gauges.js';
import { connect } from './connection.js';
import { ClusterError } from './errors.js';
import { EvaluationLog } from './evaluation-log.js';
import { EvaluationRun, type RunContext } from './evaluation-run.js';
import { faultOf, isPassing } from './fault.js';
import { FenceLost } from './fence-lost.js';
import { FleetWatch } from './fleet-watch.js';
import { forget } from './forget.js';
import { INDEX, keysOf, PREFIX, QUEUES } from './keys.js';
import { Ledger } from './ledger.js';
import { LoadWatch } from './load-watch.js';
import { type Log, SILENT } from './log.js';
import { type GaugeValue, NO_METER, type Observed } from './meter.js';
import { Presence } from './presence.js';
import { evaluationJob, evaluationQueue, type TaskData, taskQueue } from './queues.js';
import { ENDS, type Fault, type State } from './record.js';
import { bytesOf, type Submission, submissionOf } from './submission.js';
import { unreadiness } from './unreadiness.js';
import { within } from './within.js';
import { countReconnects, type ProcessOptions } from './worker.js';

const AGAIN_MS = 500;
/** Times a fault of our own may end the care for an evaluation before the evaluation fails of it. */
const MOST_FAULTS = 5;
const SWEEP_MS = 5000;
const CLOSE_MS = 5000;
const RELEASE_MS = 1000;

/** A process that plans evaluations, keeps their tasks in the queue, and writes their reports. Several may run. */
export class Coordinator implements Observed {
  readonly #log: Log;
  readonly #context: RunContext;
  readonly #presence: Presence;
  readonly #fleet: FleetWatch;
  readonly #worker: Worker;
  readonly #queue: Queue;
  readonly #tasks: Queue<TaskData>;
  readonly #sweeper: NodeJS.Timeout;
  readonly #stop = new AbortController();
  #connections = 0;
  /** Evaluations it looks after. */
  #open = 0;
  #closing: Promise<void> | null = null;

  private constructor(
    private readonly redis: Redis,
    private readonly options: ProcessOptions,
  ) {
    const { settings, roots, telemetry, log = SILENT, meter = NO_METER } = options;
    this.#log = log;
    redis.on('ready', () => this.#connections++);
    this.#queue = evaluationQueue(redis, telemetry);
    this.#tasks = taskQueue(redis, telemetry);
    for (const queue of [this.#queue, this.#tasks])
      queue.on('error', (error) => log.warn({ error: error.message }, 'queue'));
    countReconnects(redis, meter);
    const loads = new LoadWatch(redis);
    this.#presence = new Presence(redis, 'coordinators', 0);
    this.#fleet = new FleetWatch(redis, log, meter);
    const name = this.#presence.member.id;
    const connections = () => this.#connections;
    this.#context = {
      redis,
      name,
      tasks: this.#tasks,
      roots,
      settings,
      log,
      meter,
      connections,
      load: () => loads.load(),
    };
    this.#worker = this.#makeWorker();
    this.#worker.on('error', (error) => log.warn({ error: error.message }, 'coordinator'));
    this.#worker.on('stalled', (id) => log.warn({ evaluation: id }, 'an evaluation was lost with its coordinator'));
    this.#sweeper = setInterval(() => this.#sweep().catch(() => {}), SWEEP_MS);
  }

  #makeWorker(): Worker {
    const { settings, telemetry } = this.options;
    return new Worker(QUEUES.evaluations, (job, token) => this.#countOpen(job, token), {
      connection: this.redis,
      prefix: PREFIX,
      concurrency: settings.evaluations,
      lockDuration: settings.lockMs,
      stalledInterval: settings.stalledMs,
      maxStalledCount: 1_000_000,
      telemetry,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    });
  }

  /** @throws ClusterError REDIS_UNREACHABLE, REDIS_UNFIT */
  static async start(options: ProcessOptions): Promise<Coordinator> {
    const { redis, warnings } = await connect(options.redis, { stays: true });
    for (const warning of warnings) options.log?.warn({}, warning);
    const coordinator = new Coordinator(redis, options);
    await coordinator.#worker.waitUntilReady();
    await coordinator.#sweep();
    return coordinator;
  }

  get member() {
    return this.#presence.member;
  }

  unreadiness(): Promise<string[]> {
    return unreadiness(this.redis, this.#worker, this.#closing !== null);
  }

  gauges(): Promise<GaugeValue[]> {
    return clusterGauges(this.redis, this.#tasks);
  }

  async #countOpen(job: Job, token: string | undefined): Promise<null> {
    this.#open++;
    return this.#process(job, token).finally(() => {
      this.#open--;
    });
  }

  async #process(job: Job, token: string | undefined): Promise<null> {
    const id = job.id as string;
    const ledger = new Ledger(this.redis, id);
    const submission = await this.#enter(ledger, job);
    if (submission === null) return null;
    for (const patience = new Patience(ledger); ; ) {
      const run = new EvaluationRun(this.#context, ledger, submission);
      try {
        await run.run(this.#stop.signal);
        return null;
      } catch (error) {
        if (this.#stop.signal.aborted) {
          await within(run.release(), RELEASE_MS);
          break;
        }
        if (error instanceof FenceLost && (await ledger.record()) === null) return null;
        this.#log.warn({ evaluation: id, error: faultOf(error) }, 'an evaluation is taken up again');
        if (await patience.isOver(error)) {
          await this.#refuse(ledger, faultOf(error));
          return null;
        }
        await sleep(AGAIN_MS);
        // Throws when another coordinator has it.
        if (!(await job.extendLock(token as string, this.options.settings.lockMs))) throw error;
      }
    }
    await job.moveToWait(token);
    throw new WaitingError();
  }

  /** Ends an evaluation that cannot go on. */
  async #refuse(ledger: Ledger, error: Fault): Promise<void> {
    const fence = randomUUID();
    await ledger.takeOver(fence);
    if (!(await ledger.finish(fence, 'failed', { error }))) return;
    const record = await ledger.record();
    const { name, log, meter } = this.#context;
    if (record !== null) new EvaluationLog(ledger.id, name, log, meter).ended(record, { error });
    await forget(this.#context, ledger);
  }

  /** Makes sure that the evaluation of a job is entered, also when another program put the job there. */
  async #enter(ledger: Ledger, job: Job): Promise<Submission | null> {
    const { mostSpecBytes } = this.options.settings;
    let submission: Submission;
    try {
      if (bytesOf(job.data) > mostSpecBytes) throw tooLarge(mostSpecBytes);
      submission = submissionOf(job.data);
    } catch (error) {
      await ledger.register('null', job.timestamp, Number.MAX_SAFE_INTEGER);
      await this.#refuse(ledger, faultOf(error));
      return null;
    }
    await ledger.register(JSON.stringify(submission), job.timestamp, Number.MAX_SAFE_INTEGER);
    return submission;
  }

  /** An open evaluation without a job (Redis lost it, or it was submitted by a process that died) gets one. */
  async #sweep(): Promise<void> {
    const forgotten = Date.now() - 2000 * this.options.settings.keepSeconds;
    await this.redis.zremrangebyscore(INDEX.all, '-inf', forgotten);
    for (const id of await this.redis.zrange(INDEX.open, '0', '-1')) {
      const { st, spec } = keysOf(id);
      const [state, isKept] = await Promise.all([this.redis.hget(st, 'state'), this.redis.exists(spec)]);
      if (state === null || isKept === 0 || ENDS.has(state as State)) await this.redis.zrem(INDEX.open, id);
      else await this.#ensureJob(id);
    }
  }

  async #ensureJob(id: string): Promise<void> {
    const key = this.#queue.toKey(id);
    // Half of a job that Redis has kept is in no list, and would never run.
    if ((await this.redis.exists(key)) === 1 && (await this.#queue.getJobState(id)) !== 'unknown') return;
    // Only now is the spec read: it may be large, and this is done for all evaluations every few seconds.
    const submission = await this.redis.get(keysOf(id).spec);
    if (submission === null) return;
    await this.redis.del(key);
    await this.#queue.add('evaluate', JSON.parse(submission), evaluationJob(id));
  }

  /** Hands its evaluations back to the queue and ends. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const since = performance.now();
    const evaluations = this.#open;
    clearInterval(this.#sweeper);
    this.#fleet.end();
    this.#stop.abort(new Error('closing'));
    await within(this.#presence.end(), 1000);
    await within(this.#worker.close(), CLOSE_MS);
    this.#log.info({ evaluations, seconds: (performance.now() - since) / 1000 }, 'drained');
    await within(Promise.all([this.#queue.close(), this.#tasks.close()]), 1000);
    this.redis.disconnect();
  }
}

/** With faults of our own that come again and again without any progress of the evaluation. */
class Patience {
  #faults = 0;
  #settled = -1;

  constructor(private readonly ledger: Ledger) {}

  async isOver(error: unknown): Promise<boolean> {
    if (error instanceof FenceLost || isPassing(error)) return false;
    const record = await this.ledger.record();
    const settled = record === null ? -1 : record.done + record.failed;
    if (settled > this.#settled) this.#faults = 0;
    this.#settled = settled;
    return ++this.#faults >= MOST_FAULTS;
  }
}

const tooLarge = (most: number): ClusterError =>
  new ClusterError(
    'SPEC_TOO_LARGE',
    `The spec has more than ${most} bytes as JSON. Put inline data into a file, or raise LOSSMILL_MOST_SPEC_BYTES.`,
  );
