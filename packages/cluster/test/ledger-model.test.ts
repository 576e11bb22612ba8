import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { truthOf } from '../src/audit.js';
import { bitAt } from '../src/bitmap.js';
import { Ledger } from '../src/ledger.js';
import { commitOf, Holder, plan, SHARDS } from './helpers/ledger-run.js';
import { startRedis } from './helpers/redis.js';
import { tornRedis } from './helpers/torn.js';

let server: Awaited<ReturnType<typeof startRedis>>;
let redis: Redis;

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
});

afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

/** What a ledger should be, in a few words. */
interface Model {
  running: boolean;
  epoch: string;
  counted: Set<number>;
  failed: Set<number>;
  duplicates: number;
}

const copy = (model: Model): Model => ({
  ...model,
  counted: new Set(model.counted),
  failed: new Set(model.failed),
});

const shards = (first: number, count: number): number[] => Array.from({ length: count }, (_, i) => first + i);

/** A ledger in Redis, the model beside it, and what happens to both. */
class Game {
  readonly id = randomUUID();
  readonly ledger = new Ledger(redis, this.id);
  model: Model = { running: true, epoch: 'e1', counted: new Set(), failed: new Set(), duplicates: 0 };
  holders: Holder[] = [];
  saved: { keys: Map<string, Buffer>; model: Model } | null = null;
  #fences = 0;

  get holder(): Holder {
    return this.holders.at(-1) as Holder;
  }

  async begin(): Promise<void> {
    await this.ledger.register('{}', 1, 1e9);
    await this.takeOver();
  }

  async commit(first: number, count: number): Promise<void> {
    const { model } = this;
    const result = await this.ledger.commit(model.epoch, commitOf({ first, count }));
    const taken = shards(first, count).filter((shard) => model.counted.has(shard));
    if (!model.running) expect(result).toEqual({ kind: 'refused' });
    else if (taken.length > 0) {
      expect(result).toEqual({ kind: 'taken', shards: taken });
      model.duplicates += taken.length;
    } else {
      for (const shard of shards(first, count)) model.counted.add(shard) && model.failed.delete(shard);
      expect(result).toEqual({ kind: 'counted', done: model.counted.size });
    }
  }

  async fail(shard: number): Promise<void> {
    const { running, epoch, counted, failed } = this.model;
    const fails = running && !counted.has(shard);
    expect(await this.ledger.failShard(epoch, shard, { code: 'FILE_CORRUPT', message: '' })).toBe(fails);
    if (fails) failed.add(shard);
  }

  /** By the holder of the fence, or by one that lost it. */
  async fold(back: number): Promise<void> {
    const holder = this.holders.at(-1 - back) ?? this.holder;
    const result = await holder.accumulator.fold();
    const mine = holder === this.holder && this.model.running;
    if (!mine) expect(result).not.toBe('torn');
    else expect(result).toBe('folded');
  }

  async takeOver(): Promise<void> {
    this.holders.push(await Holder.takeOver(redis, this.id, `f${++this.#fences}`));
  }

  async cancel(): Promise<void> {
    expect(await this.ledger.cancel()).toBe(this.model.running ? 'running' : 'cancelled');
    this.model.running = false;
  }

  async retry(): Promise<void> {
    expect(await this.ledger.retry()).toBe(this.model.running ? 'running' : 'cancelled');
    if (this.model.running) return;
    this.model.failed.clear();
    this.model.running = true;
    await this.takeOver();
  }

  /** A moment to which Redis may fall back. */
  async save(): Promise<void> {
    const keys = new Map<string, Buffer>();
    for (const key of Object.values(this.ledger.keys) as string[]) {
      const bytes = await redis.dumpBuffer(key);
      if (bytes !== null) keys.set(key, bytes);
    }
    this.saved = { keys, model: copy(this.model) };
  }

  /** Redis has forgotten all since then; coordinators have not. The holder of the fence may have lost it, too. */
  async lose(): Promise<void> {
    if (this.saved === null) return;
    await redis.del(...(Object.values(this.ledger.keys) as string[]));
    for (const [key, bytes] of this.saved.keys) await redis.restore(key, 0, bytes);
    this.model = copy(this.saved.model);
    await this.takeOver();
  }

  /** Redis has kept half a transaction, and whoever comes next sets it right. */
  async tear(what: 'commit' | 'fold' | 'fail', writes: number, shard: number): Promise<void> {
    const torn = tornRedis(redis, writes);
    const ledger = new Ledger(torn, this.id);
    const fault = { code: 'FILE_CORRUPT', message: '' };
    if (what === 'commit') await ledger.commit(this.model.epoch, commitOf({ first: shard, count: 1 }));
    if (what === 'fail') await ledger.failShard(this.model.epoch, shard, fault);
    if (what === 'fold') await new Holder(torn, ledger, this.holder.fence).accumulator.fold();
    await this.takeOver();
    await this.holder.upkeep.audit();
    await this.#learn();
  }

  async #learn(): Promise<void> {
    const snapshot = await this.ledger.snapshot();
    if (snapshot === null) throw new Error('forgotten');
    const { counted, failed, record } = snapshot;
    const of = (bits: Buffer): Set<number> => new Set(shards(0, SHARDS).filter((shard) => bitAt(bits, shard)));
    const { epoch, duplicates } = record;
    this.model = { ...this.model, epoch, duplicates, counted: of(counted), failed: of(failed) };
  }

  async check(): Promise<void> {
    const { counted, failed, duplicates } = this.model;
    const rows = counted.size * 10;
    const snapshot = await this.ledger.snapshot();
    expect(snapshot?.record).toMatchObject({ done: counted.size, failed: failed.size, rows, duplicates });
    expect(snapshot && truthOf(plan, snapshot).sound).toBe(true);
    const open = shards(0, SHARDS).filter((shard) => !counted.has(shard) && !failed.has(shard));
    expect([...(await this.ledger.missing({ first: 0, count: SHARDS }))]).toEqual(open);
  }

  async end(): Promise<void> {
    if (!this.model.running) await this.retry();
    const times = await this.holder.complete();
    expect(times).toEqual(times.map((_, shard) => (this.model.failed.has(shard) ? 0 : 1)));
  }
}

type Move = (game: Game) => Promise<void>;

/** A move that prints itself when a sequence fails. */
const move = (name: string, act: Move): Move & { toString(): string } => Object.assign(act, { toString: () => name });

const shard = fc.nat(SHARDS - 1);
const moves: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(shard, fc.integer({ min: 1, max: 4 })).map(([first, most]) => {
      const count = Math.min(most, SHARDS - first);
      return move(`commit ${first}.${count}`, (game) => game.commit(first, count));
    }),
  },
  { weight: 1, arbitrary: shard.map((at) => move(`fail ${at}`, (game) => game.fail(at))) },
  { weight: 3, arbitrary: fc.nat(1).map((back) => move(`fold ${back}`, (game) => game.fold(back))) },
  { weight: 1, arbitrary: fc.constant(move('take over', (game) => game.takeOver())) },
  { weight: 1, arbitrary: fc.constant(move('cancel', (game) => game.cancel())) },
  { weight: 1, arbitrary: fc.constant(move('retry', (game) => game.retry())) },
  { weight: 1, arbitrary: fc.constant(move('save', (game) => game.save())) },
  { weight: 1, arbitrary: fc.constant(move('lose', (game) => game.lose())) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom('commit', 'fold', 'fail'), fc.nat(4), shard)
      .map(([what, writes, at]) =>
        move(`tear ${what} after ${writes} writes, shard ${at}`, (game) => game.tear(what, writes, at)),
      ),
  },
);

it('is what the model says whatever happens in whatever order, and ends with each shard in the result once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(moves, { maxLength: 14 }), async (sequence) => {
      const game = new Game();
      await game.begin();
      for (const act of sequence) {
        await act(game);
        await game.check();
      }
      await game.end();
    }),
    { numRuns: 300 },
  );
}, 60_000);
