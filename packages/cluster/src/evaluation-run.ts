import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { badRowError, type Plan } from '@lossmill/evaluation';
import { failpoint, type WritingPlan } from '@lossmill/pool';
import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { Accumulator } from './accumulator.js';
import { bitAt } from './bitmap.js';
import type { DataRoots } from './data-roots.js';
import { EvaluationLog } from './evaluation-log.js';
import { faultOf } from './fault.js';
import { FenceLost } from './fence-lost.js';
import { forget } from './forget.js';
import type { Ledger } from './ledger.js';
import type { Log } from './log.js';
import type { Meter } from './meter.js';
import { type FailedShard, failedFault, makeReport } from './outcome.js';
import { prepareOutputs, publishOutputs } from './outputs.js';
import { lookAgainAfter } from './pace.js';
import { packPlan, unpackPlan } from './packed-plan.js';
import { markOf, newEpoch, planSubmission, sizeOf } from './planning.js';
import type { TaskData } from './queues.js';
import { ENDS, type EvaluationRecord, type Fault } from './record.js';
import { Schedule } from './schedule.js';
import type { Settings } from './settings.js';
import type { Submission } from './submission.js';
import { Upkeep } from './upkeep.js';
import type { Load } from './window.js';

/** Longest pause between two looks at an evaluation. */
const LOOP_MS = 50;
const FOLD_MS = 1000;
const FENCE_MS = 1000;
/** Coordinators that may die in a row of an evaluation before it is given up. */
const MOST_DEATHS = 8;

export interface RunContext {
  redis: Redis;
  /** Of the coordinator: its fences begin so. */
  name: string;
  tasks: Queue<TaskData>;
  roots: DataRoots;
  settings: Settings;
  log: Log;
  meter: Meter;
  /** What there is of threads and of other evaluations. */
  load(): Promise<Load>;
  /** Counts connections to Redis made so far: after each, something may have been lost. */
  connections(): number;
}

interface End {
  error?: Fault;
  /** As JSON. */
  report?: string;
  digest?: string;
}

/** Looks after one evaluation from wherever it is to its end: plans, keeps tasks in the queue, folds, and writes the report. */
export class EvaluationRun {
  readonly #fence: string;
  readonly #log: EvaluationLog;
  #load: Load = { threads: 0, open: 1 };
  #foldAt = 0;
  #connections: number;
  #planned: WritingPlan | null = null;

  constructor(
    private readonly context: RunContext,
    private readonly ledger: Ledger,
    private readonly submission: Submission,
  ) {
    this.#connections = context.connections();
    this.#fence = `${context.name}.${randomUUID()}`;
    this.#log = new EvaluationLog(ledger.id, context.name, context.log, context.meter);
  }

  /** @throws FenceLost, the signal's reason, errors of Redis */
  async run(signal: AbortSignal): Promise<void> {
    const before = await this.ledger.record();
    const { state, deaths } = (await this.ledger.takeOver(this.#fence, this.context.name)) ?? {};
    if (state === undefined) return;
    // Whoever ended it may have died before all was put away.
    if (ENDS.has(state)) return this.#forget();
    this.#log.takenOver(before);
    if (deaths !== undefined && deaths >= MOST_DEATHS) {
      await this.#end('failed', { error: deadly(deaths) });
      return;
    }
    try {
      await this.#lookAfter(signal);
    } catch (error) {
      // Redis has forgotten all of it: files would stay for ever.
      if (error instanceof FenceLost && (await this.ledger.record()) === null) await this.#forget();
      throw error;
    }
  }

  async #lookAfter(signal: AbortSignal): Promise<void> {
    const { redis, tasks, settings } = this.context;
    const plan = await this.#plan(await this.#record());
    if (plan === null) return;
    const accumulator = new Accumulator(redis, this.ledger, plan, this.#fence);
    const schedule = new Schedule(redis, tasks, this.ledger, this.#fence, settings);
    const upkeep = new Upkeep(this.ledger, plan, this.#fence, schedule, accumulator, settings, this.#log);
    for (const since = performance.now(); ; ) {
      signal.throwIfAborted();
      const record = await this.#record();
      if (ENDS.has(record.state)) {
        this.#log.ended(record, {});
        break;
      }
      if (await this.#step(record, plan, schedule, accumulator, upkeep)) break;
      await sleep(lookAgainAfter(performance.now() - since, LOOP_MS));
    }
    await this.#forget();
  }

  /** Lets go in good order, so that another coordinator may take over at once. */
  async release(): Promise<void> {
    await this.ledger.release(this.#fence);
  }

  async #record(): Promise<EvaluationRecord> {
    const record = await this.ledger.record();
    if (record === null || (record.fence !== this.#fence && !ENDS.has(record.state))) throw new FenceLost();
    return record;
  }

  /** Makes the plan or finds the one made before; null when that ended the evaluation. */
  async #plan(record: EvaluationRecord): Promise<WritingPlan | null> {
    if (record.epoch !== '') {
      const stored = await this.context.redis.getBuffer(this.ledger.keys.plan);
      if (stored === null) return this.#end('failed', { error: lostPlan });
      if (record.state === 'queued' && !(await this.ledger.resume(this.#fence))) throw new FenceLost();
      let plan: WritingPlan;
      try {
        plan = await unpackPlan(stored);
      } catch (error) {
        return this.#end('failed', { error: faultOf(error) });
      }
      return this.#prepare(plan, record.done + record.failed > 0);
    }
    const since = performance.now();
    const epoch = newEpoch();
    let plan: WritingPlan;
    try {
      const { mostShards } = this.context.settings;
      plan = await planSubmission(this.submission, this.context.roots, {
        mostShards,
        mark: markOf(this.ledger.id, epoch),
      });
    } catch (error) {
      return this.#end('failed', { error: faultOf(error) });
    }
    failpoint('before-plan');
    const stored = await this.ledger.storePlan(
      this.#fence,
      epoch,
      await packPlan(plan),
      plan.shards,
      plan.rows,
      sizeOf(plan),
    );
    failpoint('after-plan');
    if (stored) {
      this.#log.planned(plan, since);
      return this.#prepare(plan, false);
    }
    if (!ENDS.has((await this.#record()).state)) throw new FenceLost();
    await this.#forget();
    return null;
  }

  /** Only whoever holds the fence comes here, so that nobody makes files for an evaluation that others have ended. */
  async #prepare(plan: WritingPlan, begun: boolean): Promise<WritingPlan | null> {
    this.#planned = plan;
    try {
      if (plan.outputs) await prepareOutputs(plan.outputs, this.context.roots.access, begun);
      return plan;
    } catch (error) {
      return this.#end('failed', { error: faultOf(error) });
    }
  }

  /** One look at everything. Returns true when the evaluation has ended. */
  async #step(
    record: EvaluationRecord,
    plan: WritingPlan,
    schedule: Schedule,
    acc: Accumulator,
    upkeep: Upkeep,
  ): Promise<boolean> {
    this.#load = await this.context.load();
    if (this.context.connections() !== this.#connections) {
      this.#connections = this.context.connections();
      upkeep.suspect();
    }
    const { done, failed, cursor, total } = record;
    const stopped = this.#stopped(record, plan, acc);
    const shards = stopped ? cursor : total;
    const complete = done + failed >= shards;
    if (complete || Date.now() - this.#foldAt > FOLD_MS) {
      const since = performance.now();
      failpoint('before-fold');
      const folded = await acc.fold();
      failpoint('after-fold');
      if (folded === 'lost') return false;
      if (folded === 'torn') upkeep.suspect();
      this.#log.folded(since);
      this.#foldAt = Date.now();
    }
    if (complete && (await upkeep.isComplete(shards))) {
      await this.#finish(record, plan, acc);
      return true;
    }
    await upkeep.repair(record, this.#load);
    if (!stopped) await schedule.refill(record, this.#load);
    return false;
  }

  /** Nothing more is handed out once the evaluation cannot succeed. */
  #stopped(record: EvaluationRecord, plan: Plan, acc: Accumulator): boolean {
    return this.#tooManyFailed(record) || (plan.spec.badRows === 'fail' && acc.badRows > 0);
  }

  #tooManyFailed({ failed, total }: EvaluationRecord): boolean {
    return failed > (this.submission.allowDegraded ?? 0) * total;
  }

  async #finish(record: EvaluationRecord, plan: WritingPlan, acc: Accumulator): Promise<void> {
    if (!(await this.ledger.reduce(this.#fence))) throw new FenceLost();
    failpoint('before-report');
    const failures = await this.#failures();
    const partial = acc.take();
    if (partial === null) throw new FenceLost();
    const bad = plan.spec.badRows === 'fail' ? badRowError(plan, partial) : undefined;
    if (bad) return this.#end('failed', { error: faultOf(bad) }).then(() => {});
    if (this.#tooManyFailed(record)) {
      await this.#end('failed', { error: failedFault(plan, record, failures) });
      return;
    }
    const workers = (await this.context.redis.hvals(this.ledger.keys.ws)).map(Number);
    try {
      const report = await makeReport(plan, partial, record, failures, workers, this.context.roots.access);
      if (plan.outputs) await this.#publish(plan);
      await this.#end(record.failed > 0 ? 'degraded' : 'done', {
        report: JSON.stringify(report),
        digest: report.digest,
      });
    } catch (error) {
      if (error instanceof FenceLost) throw error;
      await this.#end('failed', { error: faultOf(error) });
    }
    failpoint('after-report');
  }

  async #failures(): Promise<FailedShard[]> {
    const letters = await this.context.redis.hgetall(this.ledger.keys.dl);
    return Object.entries(letters)
      .map(([shard, text]) => ({ shard: Number(shard), ...(JSON.parse(text) as Fault) }))
      .sort((a, b) => a.shard - b.shard);
  }

  async #end(state: 'done' | 'degraded' | 'failed', result: End): Promise<null> {
    if (!(await this.ledger.finish(this.#fence, state, result))) throw new FenceLost();
    const record = await this.ledger.record();
    if (record !== null) this.#log.ended(record, result);
    await this.#forget();
    return null;
  }

  /** May take long: ends when somebody cancels or takes over. */
  async #publish(plan: WritingPlan): Promise<void> {
    const counted = (await this.context.redis.getBuffer(this.ledger.keys.bm)) ?? Buffer.alloc(0);
    const controller = new AbortController();
    const look = async (): Promise<void> => {
      const record = await this.ledger.record();
      if (record?.fence !== this.#fence || ENDS.has(record.state)) controller.abort(new FenceLost());
    };
    const timer = setInterval(() => look().catch(() => {}), FENCE_MS);
    try {
      failpoint('before-publish');
      await publishOutputs(plan, (shard) => bitAt(counted, shard), this.context.roots.access, controller.signal);
      failpoint('after-publish');
    } finally {
      clearInterval(timer);
    }
  }

  async #forget(): Promise<void> {
    await forget(this.context, this.ledger, this.#planned);
  }
}

const deadly = (deaths: number): Fault => ({
  code: 'COORDINATOR_CRASHED',
  message: `The coordinator that looks after this evaluation has died ${deaths} times in a row while it planned it, folded its partial results or made its report. Give coordinators more memory, or look at their logs; then lossmill retry goes on with what is counted.`,
});

const lostPlan: Fault = {
  code: 'EVALUATION_LOST',
  message: 'Redis has lost the plan of this evaluation. Submit it again.',
};
