import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectExact } from '../invariants.mjs';
import { underFire } from './faults.mjs';

const PREFIX = '{lossmill}';

/** Redis that dies, forgets, or throws out its clients. */
export const outages = [
  {
    name: 'redis-killed',
    play: (run) =>
      underFire(run, { every: 2000, most: 4, atLeast: 1, mayFall: true, fault: () => restart(run.cluster) }),
  },
  { name: 'redis-tail-cut', play: (run) => tailCut(run, { most: 1 }) },
  { name: 'redis-tail-cut-whole', play: (run) => tailCut(run, { most: 4, whole: true }) },
  {
    // Redis 7 leaves half a transaction at the end of a file it has truncated, and applies it when it starts once more.
    name: 'redis-tail-torn-again',
    play: (run) => tailCut(run, { most: 4 }),
  },
  { name: 'redis-flushed', play: flushed },
  {
    name: 'clients-killed',
    play: (run) => underFire(run, { every: 200, atLeast: 5, most: 50, pace: 1, fault: () => storm(run.cluster) }),
  },
  { name: 'redis-away', play: away },
];

const tailCut = (run, { most, whole = false }) =>
  underFire(run, {
    every: 2000,
    most,
    atLeast: 1,
    mayFall: true,
    fault: () => restart(run.cluster, { cut: run.random.between(0.01, 0.2), whole }),
  });

async function restart(cluster, { cut = 0, whole = false } = {}) {
  await cluster.redis.kill();
  const bytes = cut > 0 ? cluster.redis.cutTail(cut, { whole }) : 0;
  // What is torn off now is applied in part by the next start.
  if (!whole) cluster.torn(30_000);
  await cluster.redis.start();
  if (!whole) cluster.torn();
  cluster.say(`Redis SIGKILL and restart${cut > 0 ? `, ${bytes} bytes cut off (${(cut * 100).toFixed(1)} %)` : ''}`);
}

async function storm(cluster) {
  const [killed] = await cluster.redis.ask(['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes']);
  cluster.say(`${killed} connections killed`);
}

/** What was forgotten is said to be lost or comes to the exact end; and the next evaluation runs as if nothing had been. */
async function flushed({ cluster, random, load }) {
  const id = await cluster.submit(load.spec);
  await cluster.progress(id, random.between(0.05, 0.8));
  await cluster.redis.ask(['FLUSHALL']);
  cluster.say('FLUSHALL');
  await sleep(3000);
  const { code, err } = await cluster.run('status', id);
  const known = code === 0;
  if (known) await expectExact(cluster, id, load, await cluster.end(id));
  else assert.match(err, /lossmill list|Submit it again/, `status ended with ${code}: ${err}`);
  const next = await cluster.submit(load.spec);
  await expectExact(cluster, next, load, await cluster.end(next));
  const [keys] = await cluster.redis.ask(['KEYS', `${PREFIX}:ev:${id}:*`]);
  if (!known) assert.deepEqual(keys, [], 'keys of the evaluation that was lost');
  return known ? 'resumed' : 'lost, and said so';
}

/** Longer than any lock and any retry of a command. */
async function away({ cluster, random, load }) {
  const id = await cluster.submit(load.spec);
  await cluster.progress(id, random.between(0.1, 0.6));
  cluster.say('Redis SIGKILL');
  await cluster.redis.kill();
  const before = [...cluster.kept('worker'), ...cluster.kept('coordinator')].map(({ pid }) => pid);
  await sleep(15_000);
  await cluster.redis.start();
  cluster.say('Redis is back');
  const { retried, duplicates } = await expectExact(
    cluster,
    id,
    load,
    await cluster.end(id, undefined, { mayFall: true }),
  );
  const after = [...cluster.kept('worker'), ...cluster.kept('coordinator')].map(({ pid }) => pid);
  assert.deepEqual(after, before, 'a process has ended because Redis was away');
  return `${retried} retried, ${duplicates} duplicates`;
}
