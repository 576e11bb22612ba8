import type { Access } from '@lossmill/dataset';
import { failpoint, type PoolPlan, type ShardPool, type ShardResult, type ShardRun } from '@lossmill/pool';
import { faultOf, mayPass } from './fault.js';
import type { Commit, Ledger } from './ledger.js';
import type { Log } from './log.js';
import type { Meter } from './meter.js';
import { dropShards } from './outputs.js';
import type { TaskData } from './queues.js';
import { ENDS } from './record.js';

export interface TaskContext {
  pool: Pick<ShardPool, 'run'>;
  /** Of the worker. */
  threads: number;
  worker: string;
  /** The task was started before and lost. */
  retried: boolean;
  /** This is the last attempt: what fails now has failed for good. */
  last: boolean;
  /** What the worker may write. */
  access: Access | undefined;
  log: Log;
  meter: Meter;
}

/** done: nothing is left to do. stopped: asked to stop before all was done. */
export type TaskEnd = 'done' | 'stopped';

/**
 * Computes and commits the shards of a task that are not counted yet.
 * @throws the error of a shard that may go well when tried again; all other shards are committed by then
 */
export async function runTask(ledger: Ledger, plan: PoolPlan, task: TaskData, context: TaskContext): Promise<TaskEnd> {
  for (;;) {
    const shards = [...(await ledger.missing({ first: task.a, count: task.k }))];
    if (shards.length === 0) return 'done';
    failpoint('before-compute');
    const result = await context.pool.run(plan, shards);
    failpoint('before-commit');
    const verdict = await commitRuns(ledger, plan, task.p, result, context);
    failpoint('after-commit');
    if (verdict === 'refused' || result.stopped) await dropInVain(ledger, plan, task.p, shards, context);
    if (verdict === 'refused') return 'done';
    await settleFailures(ledger, task.p, result, context);
    if (result.stopped) return 'stopped';
    if (verdict === 'counted') return 'done';
    // Some shards were counted by another task meanwhile: what is missing is computed anew as runs of its own.
  }
}

/** What was written for an evaluation that has ended, or was planned anew, is nobody's: whoever ended it may have tidied up before. */
async function dropInVain(
  ledger: Ledger,
  { plan }: PoolPlan,
  epoch: string,
  shards: readonly number[],
  { access, log }: TaskContext,
): Promise<void> {
  if (!plan.outputs) return;
  const record = await ledger.record();
  if (record !== null && record.epoch === epoch && !ENDS.has(record.state)) return;
  await dropShards(plan, shards, access).catch((error) =>
    log.warn({ evaluation: ledger.id, error: faultOf(error) }, 'what was written in vain could not be removed'),
  );
}

async function commitRuns(
  ledger: Ledger,
  plan: PoolPlan,
  epoch: string,
  { runs, ms }: ShardResult,
  { worker, threads, retried, meter }: TaskContext,
): Promise<'counted' | 'taken' | 'refused'> {
  const shards = runs.reduce((sum, run) => sum + run.count, 0);
  let verdict: 'counted' | 'taken' = 'counted';
  for (const run of runs as readonly ShardRun[]) {
    const commit = { ...run, ms: (ms * run.count) / shards, retried, worker, threads };
    const result = await ledger.commit(epoch, commit);
    if (result.kind === 'refused') {
      plan.stop();
      return 'refused';
    }
    if (result.kind === 'taken') {
      verdict = 'taken';
      meter.add('shardsDuplicate', result.shards.length);
    } else countCommit(meter, commit);
  }
  return verdict;
}

function countCommit(meter: Meter, { count, rows, bytes, ms, retried }: Commit): void {
  meter.add('shardsCounted', count);
  meter.add('rows', rows);
  meter.add('bytes', bytes);
  if (retried) meter.add('shardsRetried', count);
  meter.time('shard', ms / 1000 / count, count);
}

/** Notes that a shard has failed for good, unless it is counted. */
export async function failShard(
  ledger: Ledger,
  epoch: string,
  shard: number,
  error: unknown,
  { log, meter }: Pick<TaskContext, 'log' | 'meter'>,
): Promise<void> {
  const fault = faultOf(error);
  if (!(await ledger.failShard(epoch, shard, fault))) return;
  meter.add('shardsFailed');
  log.error({ evaluation: ledger.id, shard, error: fault }, 'a shard failed for good');
}

async function settleFailures(
  ledger: Ledger,
  epoch: string,
  { failures }: ShardResult,
  context: TaskContext,
): Promise<void> {
  let passing: Error | undefined;
  for (const { shard, error } of failures) {
    if (context.last || !mayPass(error)) await failShard(ledger, epoch, shard, error, context);
    else passing ??= error;
  }
  if (passing) throw passing;
}
