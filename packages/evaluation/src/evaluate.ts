import type { Dataset } from '@lossmill/dataset';
import { createKernels } from '@lossmill/kernels';
import { badRowError } from './bad-row-error.js';
import { digestOf } from './digest.js';
import type { Outputs } from './outputs.js';
import type { Partial } from './partial.js';
import { type Plan, shardsOf } from './plan.js';
import { prepare } from './prepare.js';
import { type Reduced, reduce } from './reduce.js';
import { ShardRunner } from './shard-runner.js';
import { worstRows } from './worst.js';

/** A reduced report with its digest: all of a report that does not hang on the run. */
export type Answer = Reduced & { digest: string };

/** Merged partials -> answer. Throws BAD_ROW where rows are bad and the spec says fail. Consumes the partial. */
export async function answer(plan: Plan, dataset: Dataset, partial: Partial): Promise<Answer> {
  const error = plan.spec.badRows === 'fail' ? badRowError(plan, partial) : undefined;
  if (error) throw error;
  const reduced = reduce(plan, partial, await worstRows(plan, dataset, partial));
  return { ...reduced, digest: digestOf(reduced) };
}

/** Evaluates a spec in this thread, shard after shard: the oracle every other way of running is held against. */
export async function evaluateInline(spec: unknown, outputs: Outputs = {}): Promise<Answer> {
  const { plan, dataset } = await prepare(spec);
  try {
    const runner = new ShardRunner(plan, dataset, createKernels(), outputs);
    const partial = runner.partial();
    for (const shard of shardsOf(plan)) await runner.run(shard, partial);
    return await answer(plan, dataset, partial);
  } finally {
    await dataset.close();
  }
}
