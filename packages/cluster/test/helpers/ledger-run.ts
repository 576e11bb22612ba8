import { encodePartial, Partial, type Plan } from '@lossmill/evaluation';
import type { Redis } from 'ioredis';
import { Accumulator } from '../../src/accumulator.js';
import type { Run } from '../../src/bitmap.js';
import { EvaluationLog } from '../../src/evaluation-log.js';
import { type Commit, Ledger } from '../../src/ledger.js';
import { SILENT } from '../../src/log.js';
import { NO_METER } from '../../src/meter.js';
import type { Schedule } from '../../src/schedule.js';
import { Upkeep } from '../../src/upkeep.js';

/** Shards of the plan; rows are no matter. */
export const SHARDS = 12;

export const plan = {
  shards: SHARDS,
  shardRows: 10,
  rows: SHARDS * 10,
  spec: { losses: [], slices: [], worst: 0 },
} as unknown as Plan;

/** The partial of a run, which says in base 16 how often each shard is in it. */
function partialOf({ first, count }: Run): Partial {
  const partial = new Partial(plan.spec);
  for (let shard = first; shard < first + count; shard++) partial.rowsRead += 16 ** shard;
  return partial;
}

/** How often each shard is in a partial. */
const timesIn = (partial: Partial): number[] =>
  Array.from({ length: SHARDS }, (_, shard) => Math.floor(partial.rowsRead / 16 ** shard) % 16);

export const commitOf = (run: Run): Commit => ({
  ...run,
  rows: run.count * 10,
  bytes: 7,
  ms: 3,
  retried: false,
  worker: 'w1',
  threads: 2,
  partial: encodePartial(partialOf(run)),
});

/** What a coordinator holds of an evaluation. */
export class Holder {
  readonly accumulator: Accumulator;
  readonly upkeep: Upkeep;

  constructor(
    redis: Redis,
    readonly ledger: Ledger,
    readonly fence: string,
  ) {
    this.accumulator = new Accumulator(redis, ledger, plan, fence);
    const log = new EvaluationLog(ledger.id, 'c', SILENT, NO_METER);
    const schedule = { reconcile: async () => [] } as unknown as Schedule;
    this.upkeep = new Upkeep(ledger, plan, fence, schedule, this.accumulator, { reconcileMs: 1 }, log);
  }

  static async takeOver(redis: Redis, id: string, fence: string): Promise<Holder> {
    const ledger = new Ledger(redis, id);
    const state = (await ledger.takeOver(fence))?.state;
    const record = await ledger.record();
    if (state === 'queued')
      await (record?.epoch ? ledger.resume(fence) : ledger.storePlan(fence, 'e1', '{}', SHARDS, plan.rows));
    return new Holder(redis, ledger, fence);
  }

  /** Goes on to the end as a coordinator with its workers does; resolves to how often each shard is in the result. */
  async complete(): Promise<number[]> {
    for (let turn = 0; turn < 10; turn++) {
      if ((await this.accumulator.fold()) === 'torn') this.upkeep.suspect();
      if (await this.upkeep.isComplete(SHARDS)) {
        const partial = this.accumulator.take();
        if (partial) return timesIn(partial);
      }
      await this.upkeep.audit();
      const { epoch = '' } = (await this.ledger.record()) ?? {};
      for (const shard of await this.ledger.missing({ first: 0, count: SHARDS }))
        await this.ledger.commit(epoch, commitOf({ first: shard, count: 1 }));
    }
    throw new Error(`not complete: ${JSON.stringify(await this.ledger.record())}`);
  }
}
