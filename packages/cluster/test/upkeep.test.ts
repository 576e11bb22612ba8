import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { truthOf } from '../src/audit.js';
import { bitAt } from '../src/bitmap.js';
import { INDEX } from '../src/keys.js';
import { Ledger } from '../src/ledger.js';
import { commitOf, Holder, plan, SHARDS } from './helpers/ledger-run.js';
import { startRedis } from './helpers/redis.js';
import { tornRedis } from './helpers/torn.js';

let server: Awaited<ReturnType<typeof startRedis>>;
let redis: Redis;
let id: string;
let holder: Holder;

const fault = { code: 'FILE_CORRUPT', message: 'torn' };

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
});

afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

beforeEach(async () => {
  id = randomUUID();
  const ledger = new Ledger(redis, id);
  await ledger.register('{}', 1, 1000);
  holder = await Holder.takeOver(redis, id, 'f1');
  await ledger.commit('e1', commitOf({ first: 0, count: 3 }));
  await holder.accumulator.fold();
  await ledger.commit('e1', commitOf({ first: 3, count: 2 }));
  await ledger.commit('e1', commitOf({ first: 7, count: 2 }));
  await ledger.failShard('e1', 9, fault);
});

/** Goes on to the end: each shard is in the result once, and those that failed not at all. Resolves to those. */
async function expectOnce(): Promise<number[]> {
  const times = await holder.complete();
  const bits = (await redis.getBuffer(holder.ledger.keys.fb)) ?? Buffer.alloc(0);
  const failed = times.flatMap((_, shard) => (bitAt(bits, shard) ? [shard] : []));
  expect(times).toEqual(times.map((_, shard) => (failed.includes(shard) ? 0 : 1)));
  return failed;
}

async function isSound(): Promise<boolean> {
  const snapshot = await holder.ledger.snapshot();
  return snapshot !== null && truthOf(plan, snapshot).sound;
}

/** What may be the last before Redis is torn off, as writes to it. */
const TRANSACTIONS: Record<string, (ledger: Ledger, redis: Redis) => Promise<unknown>> = {
  commit: (ledger) => ledger.commit('e1', commitOf({ first: 5, count: 2 })),
  'commit of a failed shard': (ledger) => ledger.commit('e1', commitOf({ first: 9, count: 2 })),
  'failed shard': (ledger) => ledger.failShard('e1', 11, fault),
  fold: (_, torn) => new Holder(torn, new Ledger(torn, id), 'f1').accumulator.fold(),
  'new epoch': (ledger) => ledger.freeze('f1', 'e2'),
  takeover: (ledger) => ledger.takeOver('f2'),
  reduce: (ledger) => ledger.reduce('f1'),
};

describe('each shard is in the result once', () => {
  for (const [name, act] of Object.entries(TRANSACTIONS))
    for (let writes = 0; writes < 8; writes++)
      it(`after a ${name} of which only ${writes} writes are left`, async () => {
        await act(new Ledger(tornRedis(redis, writes), id), tornRedis(redis, writes)).catch(() => {});
        holder = await Holder.takeOver(redis, id, 'f3');
        const failed = await expectOnce();
        expect(failed.filter((shard) => shard !== 9 && shard !== 11)).toEqual([]);
        expect(await isSound()).toBe(true);
        const done = SHARDS - failed.length;
        expect(await holder.ledger.record()).toMatchObject({ done, failed: failed.length, rows: done * 10 });
      });

  it('after half a commit, whose shards were counted in other runs before anybody looked', async () => {
    for (const writes of [1, 2, 3, 4]) {
      id = randomUUID();
      await new Ledger(redis, id).register('{}', 1, 1000);
      holder = await Holder.takeOver(redis, id, 'f1');
      await new Ledger(tornRedis(redis, writes), id).commit('e1', commitOf({ first: 5, count: 3 }));
      for (const shard of [7, 6, 5]) await holder.ledger.commit('e1', commitOf({ first: shard, count: 1 }));
      expect(await expectOnce()).toEqual([]);
    }
  });

  it('after half a correction', async () => {
    for (let writes = 0; writes < 5; writes++) {
      await redis.setbit(holder.ledger.keys.bm, 6, 1);
      await holder.ledger.freeze('f1', 'e2');
      const snapshot = await holder.ledger.snapshot();
      if (snapshot === null) throw new Error('no evaluation');
      await new Ledger(tornRedis(redis, writes), id).rebase('f1', 'e2', truthOf(plan, snapshot));
    }
    expect(await expectOnce()).toEqual([9]);
  });

  it('when Redis has lost the folded partial, or has one of another version', async () => {
    await redis.del(holder.ledger.keys.acc);
    holder = await Holder.takeOver(redis, id, 'f2');
    expect(await expectOnce()).toEqual([9]);
    await redis.set(holder.ledger.keys.acc, 'LLMP and so on');
    holder = await Holder.takeOver(redis, id, 'f3');
    expect(await holder.accumulator.fold()).toBe('torn');
    expect(await expectOnce()).toEqual([9]);
  });
});

describe('Upkeep', () => {
  it('leaves a ledger alone that agrees with itself', async () => {
    expect(await holder.upkeep.audit()).toBe(true);
    expect(await holder.ledger.record()).toMatchObject({ epoch: 'e1', done: 7, failed: 1 });
  });

  it('keeps what is truly counted and failed, in a new epoch in which older tasks count nothing', async () => {
    await redis.setbit(holder.ledger.keys.bm, 10, 1);
    await redis.hset(holder.ledger.keys.st, 'done', 100);
    expect(await holder.upkeep.audit()).toBe(false);
    const record = await holder.ledger.record();
    expect(record).toMatchObject({ done: 7, failed: 1, rows: 70 });
    expect(record?.epoch).not.toBe('e1');
    expect(await holder.ledger.commit('e1', commitOf({ first: 10, count: 1 }))).toEqual({ kind: 'refused' });
    expect([...(await holder.ledger.missing({ first: 0, count: SHARDS }))]).toEqual([5, 6, 10, 11]);
    expect(await holder.upkeep.audit()).toBe(true);
  });

  it('changes nothing for a coordinator that has lost the fence', async () => {
    await redis.setbit(holder.ledger.keys.bm, 10, 1);
    await holder.ledger.takeOver('f2');
    await expect(holder.upkeep.audit()).rejects.toMatchObject({ name: 'FenceLost' });
  });
});

describe('deaths of coordinators', () => {
  const deaths = async (fence: string, holding = fence) => (await holder.ledger.takeOver(fence, holding))?.deaths;

  it('are counted while there is something to fold and nothing moves', async () => {
    expect([await deaths('a'), await deaths('b'), await deaths('c')]).toEqual([1, 2, 3]);
    await holder.ledger.commit('e1', commitOf({ first: 5, count: 1 }));
    expect([await deaths('d'), await deaths('e')]).toEqual([1, 2]);
  });

  it('are none where nothing is to be folded, one lets go in good order, or takes over from itself', async () => {
    expect([await deaths('a', 'process'), await deaths('b', 'process')]).toEqual([1, 1]);
    expect(await holder.ledger.release('a')).toBe(false);
    expect(await holder.ledger.release('b')).toBe(true);
    expect(await deaths('c')).toBe(1);
    await new Holder(redis, holder.ledger, 'c').accumulator.fold();
    expect(await deaths('d')).toBe(1);
  });

  it('are forgotten by a retry', async () => {
    expect([await deaths('a'), await deaths('b')]).toEqual([1, 2]);
    await holder.ledger.finish('b', 'failed', { error: fault });
    expect(await holder.ledger.retry()).toBe('failed');
    expect(await deaths('c')).toBe(0);
  });
});

it('a torn submission, end or retry leaves an evaluation that is known as such or not at all', async () => {
  for (let writes = 0; writes < 6; writes++) {
    id = randomUUID();
    await new Ledger(tornRedis(redis, writes), id).register('{}', 1, 1000);
    const ledger = new Ledger(redis, id);
    if ((await ledger.record()) !== null) expect(await redis.zscore(INDEX.open, id)).not.toBeNull();
    await ledger.register('{}', 1, 1000);
    await ledger.takeOver('f1');
    await new Ledger(tornRedis(redis, writes), id).finish('f1', 'failed', { error: fault, report: '{}' });
    const ended = await ledger.record();
    if (ended?.state === 'failed') expect(await redis.get(ledger.keys.report)).toBe('{}');
    await ledger.finish('f1', 'failed', { error: fault });
    await new Ledger(tornRedis(redis, writes), id).retry();
    if ((await ledger.record())?.state === 'queued') expect(await redis.zscore(INDEX.open, id)).not.toBeNull();
    else expect(await ledger.record()).toMatchObject({ state: 'failed', error: fault });
  }
});
