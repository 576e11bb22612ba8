import { availableParallelism } from 'node:os';
import type { Dataset } from '@lossmill/dataset';
import { Partial, type Plan, ShardRunner } from '@lossmill/evaluation';
import { createKernels } from '@lossmill/kernels';
import { Control } from './control.js';
import { Helpers } from './helpers.js';
import { openOutputs } from './output-sinks.js';
import type { OutputFile } from './output-types.js';
import { type Failure, runShards } from './shard-loop.js';
import type { RunOptions } from './types.js';
import { Watch } from './watch.js';

/** All partials of a plan, merged, and what it took. */
export interface RunResult {
  partial: Partial;
  bytesRead: number;
  shards: number;
  threads: number;
}

/** Below this many rows a second thread costs more than it brings. */
const ROWS_WORTH_THREADS = 65_536;

/** Threads for a plan: as asked, else one per processor where there is enough to do; never more than shards. */
function threadsFor(plan: Plan, asked: number | undefined): number {
  const wanted = asked ?? (plan.rows < ROWS_WORTH_THREADS ? 1 : availableParallelism());
  return Math.max(1, Math.min(wanted, plan.shards));
}

/**
 * Runs a plan on this thread and, with more than one, on piscina threads beside it: the same shards, the same partials. This thread
 * computes from the first moment, so that starting the others delays nothing.
 */
export async function runPlan(
  plan: Plan,
  dataset: Dataset,
  files: readonly OutputFile[],
  options: RunOptions,
): Promise<RunResult> {
  options.signal?.throwIfAborted();
  const threads = threadsFor(plan, options.threads);
  const control = new Control();
  const watch = new Watch(control, plan.rows, threads, options);
  const total = new Partial(plan.spec);
  let shards = 0;
  const take = (partial: Partial, count: number): void => {
    total.merge(partial);
    shards += count;
  };
  const helpers = threads > 1 ? new Helpers(plan, threads - 1, files, control, take) : null;
  const stopWatching = watch.start();
  // The phase begins with no rows done: rates are counted from here.
  watch.tick(true);
  const outputs = openOutputs(files);
  try {
    const runner = new ShardRunner(plan, dataset, createKernels(), outputs.sinks);
    const own = await runShards({ plan, runner, control, deliver: take, breathe: () => watch.breathe() });
    const failures: Failure[] = [
      ...(own ? [own] : []),
      ...((await helpers?.finish(() => shards === plan.shards)) ?? []),
    ];
    options.signal?.throwIfAborted();
    // The failure in the lowest shard is the one any number of threads would meet.
    failures.sort((a, b) => a.shard - b.shard);
    if (failures.length > 0) throw failures[0].error;
    watch.tick(true);
    return { partial: total, bytesRead: control.bytes, shards, threads };
  } finally {
    stopWatching();
    outputs.close();
    control.stop('hard');
    await helpers?.release();
  }
}
