import { failpoint } from '@lossmill/pool';
import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { bitAt, type Run, runsWithout } from './bitmap.js';
import type { Ledger } from './ledger.js';
import { liveRuns, type TaskData, taskJob } from './queues.js';
import type { EvaluationRecord } from './record.js';
import type { Settings } from './settings.js';
import { type Load, shardsPerTask, tasksAhead } from './window.js';

const AT_ONCE = 500;

/** Keeps task jobs of one evaluation in the queue: a window that moves over the plan, and what was lost of it. */
export class Schedule {
  constructor(
    private readonly redis: Redis,
    private readonly tasks: Queue<TaskData>,
    private readonly ledger: Ledger,
    private readonly fence: string,
    private readonly settings: Settings,
  ) {}

  /** Adds tasks while fewer than the window's are on their way. Returns false when the fence is lost. */
  async refill(record: EvaluationRecord, load: Load): Promise<boolean> {
    const { cursor, total, done, failed } = record;
    const size = shardsPerTask(record, this.settings.taskMs, load);
    const room = tasksAhead(load) * size - (cursor - done - failed);
    if (cursor >= total || room < size) return true;
    const end = Math.min(total, cursor + Math.ceil(room / size) * size);
    await this.#add(
      record.epoch,
      runsWithout(() => false, cursor, end, size),
    );
    failpoint('before-advance');
    return this.ledger.advance(this.fence, end);
  }

  /** Adds again what was planned, is neither counted nor failed, and no task will deliver. Returns how many shards. */
  async reconcile(record: EvaluationRecord, load: Load): Promise<number> {
    const live = await liveRuns(this.tasks, this.ledger.id, record.epoch);
    // After the tasks: one that ends in between is counted by then.
    const [counted, failed] = await Promise.all([
      this.redis.getBuffer(this.ledger.keys.bm),
      this.redis.getBuffer(this.ledger.keys.fb),
    ]);
    const covered = coverage(live);
    const end = live.reduce((most, { first, count }) => Math.max(most, first + count), record.cursor);
    const has = (shard: number): boolean =>
      (counted !== null && bitAt(counted, shard)) || (failed !== null && bitAt(failed, shard)) || covered(shard);
    const size = shardsPerTask(record, this.settings.taskMs, load);
    const holes = [...runsWithout(has, 0, Math.min(end, record.total), size)];
    await this.#add(record.epoch, holes);
    // A coordinator that died between adding tasks and moving the cursor.
    if (end > record.cursor) await this.ledger.advance(this.fence, Math.min(end, record.total));
    return holes.reduce((sum, { count }) => sum + count, 0);
  }

  async #add(epoch: string, runs: Iterable<Run>): Promise<void> {
    let jobs: ReturnType<typeof taskJob>[] = [];
    for (const run of runs) {
      jobs.push(taskJob(this.ledger.id, epoch, run, this.settings));
      if (jobs.length < AT_ONCE) continue;
      await this.tasks.addBulk(jobs);
      jobs = [];
    }
    if (jobs.length > 0) await this.tasks.addBulk(jobs);
  }
}

/** Whether one of the runs holds a shard; asked in ascending order. */
function coverage(runs: readonly Run[]): (shard: number) => boolean {
  const sorted = [...runs].sort((a, b) => a.first - b.first);
  let next = 0;
  let end = 0;
  return (shard) => {
    while (next < sorted.length && sorted[next].first <= shard) {
      end = Math.max(end, sorted[next].first + sorted[next].count);
      next++;
    }
    return shard < end;
  };
}
