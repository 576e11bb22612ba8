import { availableParallelism } from 'node:os';
import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { Dataset } from '@lossmill/dataset';
import { decodePartial, Partial, type Plan, ShardRunner } from '@lossmill/evaluation';
import { createKernels } from '@lossmill/kernels';
import { Piscina } from 'piscina';
import { Control } from './control.js';
import { openOutputs } from './outputs.js';
import { unpackError } from './packed-error.js';
import { runShards } from './shard-loop.js';
import type { OutputFiles, ThreadResult, ThreadTask } from './thread-types.js';
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
export function threadsFor(plan: Plan, asked: number | undefined): number {
  const wanted = asked ?? (plan.rows < ROWS_WORTH_THREADS ? 1 : availableParallelism());
  return Math.max(1, Math.min(wanted, plan.shards));
}

/** Runs a plan here (one thread) or on piscina threads: the same shards, the same partials. */
export function runPlan(plan: Plan, dataset: Dataset, outputs: OutputFiles, options: RunOptions): Promise<RunResult> {
  options.signal?.throwIfAborted();
  const threads = threadsFor(plan, options.threads);
  return threads === 1 ? runHere(plan, dataset, outputs, options) : runThreads(plan, threads, outputs, options);
}

async function runHere(plan: Plan, dataset: Dataset, files: OutputFiles, options: RunOptions): Promise<RunResult> {
  const control = new Control();
  const watch = new Watch(control, plan.rows, 1, options);
  const outputs = openOutputs(files);
  try {
    const runner = new ShardRunner(plan, dataset, createKernels(), outputs.sinks);
    const total = new Partial(plan.spec);
    const { shards, failure } = await runShards({
      plan,
      runner,
      control,
      deliver: (partial) => total.merge(partial),
      breathe: () => watch.breathe(),
    });
    options.signal?.throwIfAborted();
    if (failure) throw failure.error;
    watch.tick(true);
    return { partial: total, bytesRead: runner.bytesRead, shards, threads: 1 };
  } finally {
    outputs.close();
  }
}

async function runThreads(plan: Plan, threads: number, outputs: OutputFiles, options: RunOptions): Promise<RunResult> {
  const control = new Control();
  const watch = new Watch(control, plan.rows, threads, options);
  const pool = new Piscina<ThreadTask, ThreadResult>({
    filename: new URL('./thread.js', import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    idleTimeout: Number.POSITIVE_INFINITY,
    atomics: 'disabled',
    recordTiming: false,
  });
  const stopWatching = watch.start();
  const total = new Partial(plan.spec);
  try {
    const results = await Promise.all(
      Array.from({ length: threads }, () => runThread(pool, plan, outputs, control, total)),
    );
    options.signal?.throwIfAborted();
    const failures = results.flatMap(({ failure }) => (failure ? [failure] : []));
    // The failure in the lowest shard is the one any number of threads would meet.
    failures.sort((a, b) => a.shard - b.shard);
    if (failures.length > 0) throw unpackError(failures[0].error);
    watch.tick(true);
    const sum = (of: (result: ThreadResult) => number) => results.reduce((all, result) => all + of(result), 0);
    return { partial: total, bytesRead: sum((r) => r.bytesRead), shards: sum((r) => r.shards), threads };
  } finally {
    stopWatching();
    control.stop('hard');
    await pool.destroy();
  }
}

async function runThread(
  pool: Piscina<ThreadTask, ThreadResult>,
  plan: Plan,
  outputs: OutputFiles,
  control: Control,
  total: Partial,
): Promise<ThreadResult> {
  const { port1: here, port2: there } = new MessageChannel();
  const merge = (bytes: Uint8Array) => total.merge(decodePartial(bytes, plan.spec));
  here.on('message', merge);
  const { handle, ...rest } = plan;
  try {
    const result = await pool.run(
      { plan: rest, handle, outputs, control: control.buffer, port: there },
      { transferList: [there] },
    );
    drain(here, merge);
    return result;
  } finally {
    here.close();
  }
}

/** What the thread posted before it ended is in the port already, though its events may not have fired. */
function drain(port: MessagePort, merge: (bytes: Uint8Array) => void): void {
  for (let message = receiveMessageOnPort(port); message; message = receiveMessageOnPort(port)) merge(message.message);
}
