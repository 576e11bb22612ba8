import { shardAt, shardPieces } from '@lossmill/evaluation';
import { type PoolPlan, ProcessDied, runAlone, type ShardResult } from '@lossmill/pool';
import { ClusterError } from './errors.js';

/**
 * Where tasks go that were lost with their worker again and again: each shard in a process of its own, one after the other, so that
 * one which ends its process is found and the others are counted.
 */
export class Quarantine {
  #last: Promise<unknown> = Promise.resolve();

  /** @param limitMs how long a shard may take */
  constructor(private readonly limitMs: number) {}

  run(plan: PoolPlan, shards: number[]): Promise<ShardResult> {
    const work = this.#last.then(() => this.#each(plan, shards));
    this.#last = work.catch(() => {});
    return work;
  }

  async #each(plan: PoolPlan, shards: readonly number[]): Promise<ShardResult> {
    const total: ShardResult = { runs: [], failures: [], stopped: false, ms: 0 };
    for (const shard of shards) {
      try {
        const { runs, failures, stopped, ms } = await runAlone(plan, [shard], this.limitMs);
        total.runs.push(...runs);
        total.failures.push(...failures);
        total.ms += ms;
        total.stopped ||= stopped;
      } catch (error) {
        if (!(error instanceof ProcessDied)) throw error;
        total.failures.push({ shard, error: crashed(plan, shard, error.how) });
      }
      if (total.stopped) break;
    }
    return total;
  }
}

function crashed({ plan }: PoolPlan, shard: number, how: string): ClusterError {
  const count = (n: number): string => n.toLocaleString('en-US');
  const where = shardPieces(plan, shardAt(plan, shard))
    .map(({ uri, start, end }) => `${uri} rows ${count(start)} … ${count(end)}`)
    .join(', ');
  return new ClusterError(
    'SHARD_CRASHED',
    `Shard ${count(shard)} (${where}) ends the process that computes it: ${how}${how === 'SIGKILL' ? ', probably for want of memory' : ''}. Give workers more memory, make shards smaller, or look at these rows.`,
  );
}
