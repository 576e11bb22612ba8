import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bitAt } from '../src/bitmap.js';
import { Ledger } from '../src/ledger.js';
import { startRedis } from './helpers/redis.js';

let server: Awaited<ReturnType<typeof startRedis>>;
let redis: Redis;
let ledger: Ledger;

const bytes = (text: string) => new TextEncoder().encode(text);
const run = (first: number, count: number, partial = 'x') => ({
  first,
  count,
  rows: count * 10,
  bytes: 7,
  ms: 3,
  retried: false,
  worker: 'w1',
  threads: 2,
  partial: bytes(partial),
});

async function planned(total: number): Promise<void> {
  await ledger.register('{}', 1, 100);
  await ledger.takeOver('f1');
  expect(await ledger.storePlan('f1', 'e1', '{"plan":1}', total, total * 10)).toBe(true);
}

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
});

afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

beforeEach(() => {
  ledger = new Ledger(redis, randomUUID());
});

describe('Ledger', () => {
  it('registers a submission once and says what state it is in', async () => {
    expect(await ledger.register('{"a":1}', 5, 100)).toBe('new');
    expect(await ledger.register('{"a":2}', 6, 100)).toBe('queued');
    expect(await redis.get(ledger.keys.spec)).toBe('{"a":1}');
    expect(await ledger.record()).toMatchObject({ state: 'queued', submittedAt: 5, total: 0, error: null });
    expect(await new Ledger(redis, randomUUID()).register('{}', 7, 0)).toBe('full');
  });

  it('knows nothing of an evaluation that was never submitted', async () => {
    expect(await ledger.record()).toBeNull();
    expect(await ledger.takeOver('f')).toBeNull();
    expect(await ledger.cancel()).toBeNull();
    expect(await ledger.retry()).toBeNull();
    expect(await ledger.commit('e1', run(0, 1))).toEqual({ kind: 'refused' });
  });

  it('counts a run and keeps its partial', async () => {
    await planned(20);
    expect(await ledger.commit('e1', run(3, 5))).toEqual({ kind: 'counted', done: 5 });
    expect(await ledger.commit('e1', run(10, 1))).toEqual({ kind: 'counted', done: 6 });
    expect(await ledger.record()).toMatchObject({ done: 6, rows: 60, bytes: 14, ms: 6, duplicates: 0, retried: 0 });
    expect(await redis.hkeys(ledger.keys.p)).toEqual(['3.5', '10.1']);
    expect(await redis.hgetall(ledger.keys.ws)).toEqual({ w1: '2' });
    expect([...(await ledger.missing({ first: 0, count: 12 }))]).toEqual([0, 1, 2, 8, 9, 11]);
  });

  it('keeps bytes that are no text', async () => {
    await planned(1);
    const partial = Uint8Array.from({ length: 256 }, (_, i) => i);
    await ledger.commit('e1', { ...run(0, 1), partial });
    expect(new Uint8Array((await redis.hgetBuffer(ledger.keys.p, '0.1')) as Buffer)).toEqual(partial);
  });

  it('counts nothing of a run that overlaps, and says which shards were counted before', async () => {
    await planned(20);
    await ledger.commit('e1', run(4, 2));
    expect(await ledger.commit('e1', run(3, 4, 'again'))).toEqual({ kind: 'taken', shards: [4, 5] });
    expect(await ledger.commit('e1', run(4, 2, 'again'))).toEqual({ kind: 'taken', shards: [4, 5] });
    expect(await ledger.record()).toMatchObject({ done: 2, rows: 20, duplicates: 4 });
    expect(await redis.hgetall(ledger.keys.p)).toEqual({ '4.2': 'x' });
  });

  it('refuses another epoch, an evaluation that has ended, and shards outside the plan', async () => {
    await planned(4);
    expect(await ledger.commit('e2', run(0, 1))).toEqual({ kind: 'refused' });
    await expect(ledger.commit('e1', run(3, 2))).rejects.toThrow('outside the plan');
    await expect(ledger.commit('e1', run(-1, 2))).rejects.toThrow('outside the plan');
    expect(await ledger.cancel()).toBe('running');
    expect(await ledger.commit('e1', run(0, 1))).toEqual({ kind: 'refused' });
    expect(await ledger.record()).toMatchObject({ state: 'cancelled', done: 0 });
    expect(await redis.exists(ledger.keys.bm)).toBe(0);
  });

  it('takes a failed shard back when it is counted after all', async () => {
    await planned(4);
    expect(await ledger.failShard('e1', 2, { code: 'FILE_CORRUPT', message: 'torn' })).toBe(true);
    expect(await ledger.failShard('e1', 2, { code: 'FILE_CORRUPT', message: 'torn' })).toBe(true);
    expect(await ledger.record()).toMatchObject({ failed: 1 });
    await ledger.commit('e1', run(2, 1));
    expect(await ledger.record()).toMatchObject({ failed: 0, done: 1 });
    expect(await ledger.failShard('e1', 2, { code: 'FILE_CORRUPT', message: 'torn' })).toBe(false);
    expect(await ledger.failShard('e0', 3, { code: 'FILE_CORRUPT', message: 'torn' })).toBe(false);
  });

  it('folds for the holder of the fence and on the version it read only', async () => {
    await planned(4);
    await ledger.commit('e1', run(0, 1));
    await ledger.commit('e1', run(1, 1));
    expect(await ledger.fold('f1', Buffer.from('a'), bytes('a'), ['0.1'])).toBe('other version');
    expect(await ledger.fold('f0', null, bytes('a'), ['0.1'])).toBe('lost');
    expect(await ledger.fold('f1', null, bytes('a.'), ['0.1'])).toBe('folded');
    expect(await ledger.fold('f1', null, bytes('a'), ['1.1'])).toBe('other version');
    expect(await ledger.fold('f1', Buffer.from('b'), bytes('a'), ['1.1'])).toBe('other version');
    expect(await redis.hkeys(ledger.keys.p)).toEqual(['1.1']);
    await ledger.takeOver('f2');
    expect(await ledger.fold('f1', Buffer.from('a'), bytes('b'), ['1.1'])).toBe('lost');
    expect(await ledger.fold('f2', Buffer.from('a'), bytes('b'), ['1.1'])).toBe('folded');
    expect(await ledger.advance('f1', 3)).toBe(false);
    expect(await ledger.advance('f2', 3)).toBe(true);
    expect(await ledger.advance('f2', 2)).toBe(true);
    expect(await ledger.record()).toMatchObject({ cursor: 3 });
  });

  it('folds nothing that Redis has forgotten since it was read', async () => {
    await planned(4);
    await ledger.commit('e1', run(0, 1));
    expect(await ledger.fold('f1', null, bytes('a'), ['0.1', '1.1'])).toBe('other version');
    await ledger.commit('e1', run(1, 2));
    expect(await ledger.fold('f1', null, bytes('a'), ['0.1', '1.1'])).toBe('other version');
    expect(await redis.hkeys(ledger.keys.p)).toEqual(['0.1', '1.2']);
    expect(await ledger.fold('f1', null, bytes('a'), ['0.1', '1.2'])).toBe('folded');
  });

  it('ends once, for the holder of the fence', async () => {
    await planned(1);
    expect(await ledger.finish('f0', 'done', { report: '{}' })).toBe(false);
    expect(await ledger.reduce('f1')).toBe(true);
    expect(await ledger.commit('e1', run(0, 1))).toEqual({ kind: 'refused' });
    expect(await ledger.finish('f1', 'done', { report: '{"r":1}' })).toBe(true);
    expect(await ledger.finish('f1', 'failed', {})).toBe(false);
    expect(await ledger.cancel()).toBe('done');
    expect(await redis.get(ledger.keys.report)).toBe('{"r":1}');
  });

  it('goes on after a retry with what was counted', async () => {
    await planned(4);
    await ledger.commit('e1', run(0, 2));
    await ledger.failShard('e1', 3, { code: 'FILE_CORRUPT', message: 'torn' });
    await ledger.finish('f1', 'failed', { error: { code: 'FILE_CORRUPT', message: 'torn' } });
    expect((await ledger.record())?.error).toEqual({ code: 'FILE_CORRUPT', message: 'torn' });
    expect(await ledger.retry()).toBe('failed');
    expect(await ledger.record()).toMatchObject({ state: 'queued', failed: 0, done: 2, epoch: 'e1', error: null });
    await ledger.takeOver('f2');
    expect(await ledger.resume('f1')).toBe(false);
    expect(await ledger.resume('f2')).toBe(true);
    expect([...(await ledger.missing({ first: 0, count: 4 }))]).toEqual([2, 3]);
  });

  it('counts each shard exactly once whatever runs are committed in whatever order', async () => {
    const runs = fc.array(fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 9 })), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(runs, async (commits) => {
        ledger = new Ledger(redis, randomUUID());
        await planned(50);
        const counted = new Set<number>();
        for (const [first, count] of commits) {
          const shards = Array.from({ length: count }, (_, i) => first + i);
          const taken = shards.filter((shard) => counted.has(shard));
          const result = await ledger.commit('e1', run(first, count));
          if (taken.length > 0) expect(result).toEqual({ kind: 'taken', shards: taken });
          else for (const shard of shards) counted.add(shard);
        }
        const bitmap = (await redis.getBuffer(ledger.keys.bm)) ?? new Uint8Array();
        for (let shard = 0; shard < 50; shard++) expect(bitAt(bitmap, shard)).toBe(counted.has(shard));
        expect(await ledger.record()).toMatchObject({ done: counted.size, rows: counted.size * 10 });
      }),
      { numRuns: 30 },
    );
  });
});
