import type { Redis } from 'ioredis';
import { Ledger } from './ledger.js';
import type { Log } from './log.js';
import type { Meter } from './meter.js';
import { runOfTask } from './queues.js';

/** The tasks of one lost worker come one by one: they are told together. */
const TOGETHER_MS = 200;

/** Says, and notes in the evaluation, how many shards of lost workers went back into the queue. */
export class HandedOn {
  readonly #sums = new Map<string, { tasks: number; shards: number }>();

  constructor(
    private readonly redis: Redis,
    private readonly log: Log,
    private readonly meter: Meter,
  ) {}

  /** @param task id of a task job whose worker let its lock run out */
  add(task: string): void {
    const run = runOfTask(task);
    if (run === null) return;
    const { evaluation, epoch, count } = run;
    this.meter.add('shardsHandedOn', count);
    new Ledger(this.redis, evaluation).handOn(epoch, count).catch(() => {});
    if (this.#sums.size === 0) setTimeout(() => this.#tell(), TOGETHER_MS).unref();
    const { tasks, shards } = this.#sums.get(evaluation) ?? { tasks: 0, shards: 0 };
    this.#sums.set(evaluation, { tasks: tasks + 1, shards: shards + count });
  }

  #tell(): void {
    for (const [evaluation, sum] of this.#sums)
      this.log.warn({ evaluation, ...sum }, 'a worker was lost or hung: its shards were handed on');
    this.#sums.clear();
  }
}
