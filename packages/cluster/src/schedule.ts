import { failpoint } from '@lossmill/pool';
import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { bitAt, type Run, runsWithout } from './bitmap.js';
import type { Ledger } from './ledger.js';
import { liveRuns, type TaskData, taskJob } from './queues.js';
import type { EvaluationRecord } from './record.js';
import type { Settings } from './settings.js';
import { isYoung, type Load, shardsPerTask, tasksAhead } from './window.js';

const AT_ONCE = 500;
/** Bytes of the bitmaps that are looked at without a pause. */
const PIECE = 32 * 1024;
/** Tasks that one search for lost ones may add; more are found by the next. */
const MOST_FOUND = 10_000;
/** Of the tasks of an evaluation that is no longer young every so many go with the young ones, so that these cannot keep it out. */
const TURN = 4;

/** Keeps task jobs of one evaluation in the queue: a window that moves over the plan, and what was lost of it. */
export class Schedule {
  #added = 0;

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
    const room = tasksAhead(record, load) * size - (cursor - done - failed);
    if (cursor >= total || room < size) return true;
    const end = Math.min(total, cursor + Math.ceil(room / size) * size);
    await this.#add(
      record,
      load,
      runsWithout(() => false, cursor, end, size),
    );
    failpoint('before-advance');
    const advanced = await this.ledger.advance(this.fence, end);
    failpoint('after-advance');
    return advanced;
  }

  /** Adds again what was planned, is neither counted nor failed, and no task will deliver. Returns what it added. */
  async reconcile(record: EvaluationRecord, load: Load): Promise<Run[]> {
    const live = await liveRuns(this.tasks, this.redis, this.ledger.id, record.epoch);
    const planned = live.reduce((most, { first, count }) => Math.max(most, first + count), record.cursor);
    const end = Math.min(planned, record.total);
    const size = shardsPerTask(record, this.settings.taskMs, load);
    const holes: Run[] = [];
    for await (const hole of this.#holes(coverage(live), end, size)) if (holes.push(hole) >= MOST_FOUND) break;
    await this.#add(record, load, holes);
    // A coordinator that died between adding tasks and moving the cursor.
    if (planned > record.cursor) await this.ledger.advance(this.fence, end);
    return holes;
  }

  /** Piece by piece: the bitmaps of a hundred million shards must not hold up the others. */
  async *#holes(covered: (shard: number) => boolean, end: number, longest: number): AsyncGenerator<Run> {
    const { bm, fb } = this.ledger.keys;
    for (let from = 0; from < end; from += PIECE * 8) {
      const to = Math.min(end, from + PIECE * 8);
      const range = [from / 8, Math.ceil(to / 8) - 1] as const;
      // After the tasks: one that ends in between is counted by then.
      const [counted, failed] = await Promise.all([
        this.redis.getrangeBuffer(bm, ...range),
        this.redis.getrangeBuffer(fb, ...range),
      ]);
      const has = (shard: number): boolean =>
        bitAt(counted, shard - from) || bitAt(failed, shard - from) || covered(shard);
      yield* runsWithout(has, from, to, longest);
    }
  }

  async #add(record: EvaluationRecord, load: Load, runs: Iterable<Run>): Promise<void> {
    const young = isYoung(record, this.settings.taskMs, load);
    let jobs: ReturnType<typeof taskJob>[] = [];
    for (const run of runs) {
      const first = young || this.#added % TURN === 0;
      this.#added++;
      jobs.push(taskJob(this.ledger.id, record.epoch, run, this.settings, first));
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
