import { decodePartial, encodePartial, Partial, type Plan } from '@lossmill/evaluation';
import type { Redis } from 'ioredis';
import { runOfField } from './audit.js';
import type { Run } from './bitmap.js';
import { decodeFolded, encodeFolded } from './folded.js';
import type { FoldResult, Ledger } from './ledger.js';
import { RunSet } from './run-set.js';

/** Partials read at a time. */
const MOST_ENTRIES = 512;
const MOST_ROUNDS = 64;

interface Entry {
  field: string;
  run: Run | null;
  bytes: Buffer;
}

/** A partial of known shards; `head` is that of the same in Redis, null when there is none. */
interface Total {
  partial: Partial;
  shards: RunSet;
  head: Buffer | null;
}

/** All that is counted of an evaluation as one partial: in memory, and in Redis for whoever takes over. */
export class Accumulator {
  #total: Total | null = null;

  constructor(
    private readonly redis: Redis,
    private readonly ledger: Ledger,
    private readonly plan: Plan,
    private readonly fence: string,
  ) {}

  /** Bad rows among those folded so far. */
  get badRows(): number {
    return this.#total?.partial.bad.count ?? 0;
  }

  /** Whether these bytes in Redis are what it has in memory. */
  isSame(acc: Buffer | null): boolean {
    if (this.#total === null) return false;
    const { head } = this.#total;
    return head === null || acc === null ? head === acc : acc.subarray(0, head.length).equals(head);
  }

  /** All that was folded last; the accumulator must not be used after it was asked for it. Null when it is not known for sure. */
  take(): Partial | null {
    const total = this.#total;
    this.#total = null;
    return total?.partial ?? null;
  }

  /** Redis may have forgotten something: reads anew what it has. */
  reset(): void {
    this.#total = null;
  }

  /**
   * Folds what workers have delivered. "lost": another coordinator holds the fence, or the evaluation runs no longer. "torn": Redis has
   * partials that cannot stand beside each other, which an audit sets right.
   */
  async fold(): Promise<FoldResult | 'torn'> {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const entries = await this.#entries();
      this.#total ??= await this.#load();
      if (this.#total === null) return 'torn';
      if (entries.length === 0) return 'folded';
      const total = this.#total;
      // Half a merge is in it when something goes wrong.
      this.#total = null;
      for (const { run, bytes } of entries) {
        // No partial may be merged twice, whatever Redis says is counted.
        if (run === null || total.shards.overlaps(run)) return 'torn';
        total.partial.merge(decodePartial(bytes, this.plan.spec));
        total.shards.add(run);
      }
      const { head, bytes } = encodeFolded(total.shards, encodePartial(total.partial));
      const fields = entries.map(({ field }) => field);
      const result = await this.ledger.fold(this.fence, total.head, bytes, fields);
      if (result === 'lost') return 'lost';
      if (result === 'folded') this.#total = { ...total, head };
    }
    return 'folded';
  }

  async #entries(): Promise<Entry[]> {
    const [, flat] = await this.redis.hscanBuffer(this.ledger.keys.p, '0', 'COUNT', MOST_ENTRIES);
    // A field may come twice while Redis moves its table.
    const entries = new Map<string, Entry>();
    for (let i = 0; i < flat.length; i += 2) {
      const field = flat[i].toString();
      entries.set(field, { field, run: runOfField(field, this.plan), bytes: flat[i + 1] });
    }
    return [...entries.values()];
  }

  /** null: what Redis has is of no form that this version knows. */
  async #load(): Promise<Total | null> {
    // A decoded partial takes no others.
    const partial = new Partial(this.plan.spec);
    const bytes = await this.redis.getBuffer(this.ledger.keys.acc);
    if (bytes === null) return { partial, shards: new RunSet(), head: null };
    const folded = decodeFolded(bytes);
    if (folded === null) return null;
    partial.merge(decodePartial(folded.partial, this.plan.spec));
    return { partial, shards: folded.shards, head: Buffer.from(folded.head) };
  }
}
