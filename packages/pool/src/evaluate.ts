import { answer, type Plan, prepare, type Report, type RunReport, type Spec } from '@lossmill/evaluation';
import { createOutputs, type OutputSet } from './outputs.js';
import { type RunResult, runPlan } from './run.js';
import type { RunOptions } from './types.js';
import { VERSION } from './version.js';

export type EvaluateOptions = RunOptions;

/**
 * Evaluates a spec on this machine.
 * @throws EvaluationError (spec, bad rows), DataError (files), the signal's reason when aborted
 */
export async function evaluate(spec: Spec, options: EvaluateOptions = {}): Promise<Report> {
  const clock = { startedAt: new Date(), begin: performance.now() };
  options.signal?.throwIfAborted();
  options.onProgress?.({ rowsDone: 0, rowsTotal: 0, bytes: 0, threads: 0, phase: 'planning' });
  const { plan, dataset, spec: given } = await prepare(spec, { signal: options.signal });
  try {
    const outputs = await createOutputs(plan, given, options.signal);
    try {
      const result = await runPlan(plan, dataset, outputs.files, options);
      const { digest, version, ...rest } = await answer(plan, dataset, result.partial);
      await outputs.finish();
      return { version, digest, ...rest, run: runReport(plan, result, outputs.paths, clock) };
    } finally {
      outputs.drop();
    }
  } finally {
    await dataset.close();
  }
}

function runReport(
  plan: Plan,
  { bytesRead, shards, threads }: RunResult,
  outputs: OutputSet['paths'],
  { startedAt, begin }: { startedAt: Date; begin: number },
): RunReport {
  const seconds = (performance.now() - begin) / 1000;
  return {
    startedAt: startedAt.toISOString(),
    seconds,
    rowsPerSecond: plan.rows / seconds,
    bytesRead,
    shards: { rows: plan.shardRows, planned: plan.shards, counted: shards, retried: 0 },
    workers: 1,
    threads,
    version: VERSION,
    ...(outputs ? { outputs } : {}),
  };
}

/** The plan of a spec, without running it. */
export async function planOf(spec: Spec): Promise<Plan> {
  const { plan, dataset } = await prepare(spec);
  await dataset.close();
  return plan;
}
