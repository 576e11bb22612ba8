import type { Redis } from 'ioredis';
import { Ledger } from './ledger.js';
import type { Log } from './log.js';
import type { Meter } from './meter.js';
import { runOfTask } from './queues.js';

/** The tasks of one lost worker come one by one: they are told together. */
const TOGETHER_MS = 200;

/** Says, and notes in the evaluation, how many shards of lost workers went back into the queue. */
export class HandedOn {
  #tasks: string[] = [];

  constructor(
    private readonly redis: Redis,
    private readonly log: Log,
    private readonly meter: Meter,
  ) {}

  /** @param task id of a task job whose worker let its lock run out */
  add(task: string): void {
    this.#tasks.push(task);
    if (this.#tasks.length === 1) setTimeout(() => this.#tell().catch(() => {}), TOGETHER_MS).unref();
  }

  async #tell(): Promise<void> {
    const tasks = this.#tasks;
    this.#tasks = [];
    const found = new Map<string, { tasks: number; shards: number }>();
    for (const task of tasks) {
      const run = runOfTask(task);
      if (run === null) continue;
      const ledger = new Ledger(this.redis, run.evaluation);
      const { size } = await ledger.missing(run);
      await ledger.handOn(run.epoch, size);
      const sum = found.get(run.evaluation) ?? { tasks: 0, shards: 0 };
      found.set(run.evaluation, { tasks: sum.tasks + 1, shards: sum.shards + size });
    }
    for (const [evaluation, sum] of found) {
      this.meter.add('shardsHandedOn', sum.shards);
      this.log.warn({ evaluation, ...sum }, 'a worker was lost or hung: its shards were handed on');
    }
  }
}
