import { decodePartial, encodePartial, Partial, type Plan } from '@lossmill/evaluation';
import type { Redis } from 'ioredis';
import type { FoldResult, Ledger } from './ledger.js';

/** Partials read at a time. */
const MOST_ENTRIES = 512;
const MOST_ROUNDS = 64;

/** All that is counted of an evaluation as one partial: in memory, and in Redis for whoever takes over. */
export class Accumulator {
  #partial: Partial | null = null;
  #version = 0;

  constructor(
    private readonly redis: Redis,
    private readonly ledger: Ledger,
    private readonly plan: Plan,
    private readonly fence: string,
  ) {}

  /** Bad rows among those folded so far. */
  get badRows(): number {
    return this.#partial?.bad.count ?? 0;
  }

  /** The folded partial; it must not be used after the accumulator was asked for it. */
  async take(): Promise<Partial> {
    const partial = this.#partial ?? (await this.#load());
    this.#partial = null;
    return partial;
  }

  /** Redis may have forgotten something: reads anew what it has. */
  reset(): void {
    this.#partial = null;
  }

  /** Folds what workers have delivered. "lost": another coordinator holds the fence, or the evaluation runs no longer. */
  async fold(): Promise<FoldResult> {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const entries = await this.#entries();
      if (entries.length === 0) return 'folded';
      const total = this.#partial ?? (await this.#load());
      this.#partial = null;
      for (const [, bytes] of entries) total.merge(decodePartial(bytes, this.plan.spec));
      const fields = entries.map(([field]) => field);
      const result = await this.ledger.fold(this.fence, this.#version, encodePartial(total), fields);
      if (result === 'lost') return 'lost';
      if (result === 'other version') continue;
      this.#version++;
      this.#partial = total;
    }
    return 'folded';
  }

  async #entries(): Promise<[field: string, bytes: Buffer][]> {
    const [, flat] = await this.redis.hscanBuffer(this.ledger.keys.p, '0', 'COUNT', MOST_ENTRIES);
    const entries: [string, Buffer][] = [];
    for (let i = 0; i < flat.length; i += 2) entries.push([flat[i].toString(), flat[i + 1]]);
    return entries;
  }

  async #load(): Promise<Partial> {
    const replies = await this.redis
      .multi()
      .hget(this.ledger.keys.st, 'accVersion')
      .getBuffer(this.ledger.keys.acc)
      .exec();
    const [[, version], [, bytes]] = replies as [[null, string | null], [null, Buffer | null]];
    this.#version = Number(version ?? 0);
    // A decoded partial takes no others.
    const total = new Partial(this.plan.spec);
    if (bytes !== null) total.merge(decodePartial(bytes, this.plan.spec));
    return total;
  }
}
