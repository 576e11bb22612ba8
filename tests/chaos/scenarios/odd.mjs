import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectExact } from '../invariants.mjs';
import { Line } from '../line.mjs';
import { underFire } from './faults.mjs';

const PREFIX = '{lossmill}';

/** A Redis that is full or slow, lines that go dead, and messages of other versions. */
export const odd = [
  { name: 'redis-full', play: full },
  {
    name: 'redis-paused',
    play: (run) => underFire(run, { every: 3000, most: 2, fault: () => pause(run) }),
  },
  { name: 'line-dead', cluster: { workers: 1 }, play: lineDead },
  { name: 'line-slow', cluster: { workers: 1 }, play: lineSlow },
  { name: 'ends-during-outage', play: endsDuringOutage },
  { name: 'other-versions', play: otherVersions },
];

/** Nothing is lost, new evaluations are refused, and it goes on when there is room. */
async function full({ cluster, random, load }) {
  const id = await cluster.submit(load.spec);
  await cluster.progress(id, random.between(0.05, 0.3));
  const set = (bytes) => cluster.redis.ask(['CONFIG', 'SET', 'maxmemory', bytes]);
  await set('1mb');
  cluster.say('maxmemory 1mb');
  const { code, err } = await cluster.run('submit', '--spec', '-', '--detach');
  assert.equal(code, 2, err);
  await sleep(random.between(2000, 4000));
  await set('0');
  cluster.say('maxmemory 0');
  const { retried, duplicates } = await expectExact(cluster, id, load, await cluster.end(id));
  return `${retried} retried, ${duplicates} duplicates`;
}

async function pause({ cluster, random }) {
  const ms = Math.round(random.between(1000, 2500));
  await cluster.redis.ask(['CLIENT', 'PAUSE', ms, 'ALL']);
  cluster.say(`CLIENT PAUSE ${ms}`);
}

/** A worker and a coordinator behind a line that goes dead without a word: others do their work, and they come back. */
async function lineDead({ cluster, load }) {
  const { line, members } = await behindLine(cluster);
  const id = await cluster.submit(load.spec);
  await cluster.progress(id, 0.05);
  line.freeze();
  cluster.say('the line is dead');
  const { retried, duplicates } = await expectExact(cluster, id, load, await cluster.end(id));
  line.thaw();
  const next = await cluster.submit(load.spec);
  for (const member of cluster.kept('worker')) {
    cluster.release(member);
    member.kill('SIGKILL');
  }
  await expectExact(cluster, next, load, await cluster.end(next));
  assert.ok(members.every(({ child }) => child.exitCode === null && child.signalCode === null));
  return `${retried} retried, ${duplicates} duplicates`;
}

/** Half the processes are far away. */
async function lineSlow({ cluster, random, load }) {
  await behindLine(cluster, random.between(20, 80));
  const id = await cluster.submit(load.spec);
  const { retried, duplicates } = await expectExact(cluster, id, load, await cluster.end(id));
  return `${retried} retried, ${duplicates} duplicates`;
}

async function behindLine(cluster, delayMs = 0) {
  const line = new Line(cluster.redis.port, delayMs);
  const env = { LOSSMILL_REDIS: await line.url() };
  const members = [cluster.spawn('worker', env), cluster.spawn('coordinator', env)];
  await cluster.until('those behind the line are ready', () => members.every(({ isReady }) => isReady));
  return { line, members };
}

/** Asked to end while Redis is away, a process ends in its time; what it had is done by others. */
async function endsDuringOutage({ cluster, random, load }) {
  const id = await cluster.submit(load.spec);
  await cluster.progress(id, random.between(0.05, 0.4));
  await cluster.redis.kill();
  cluster.say('Redis SIGKILL');
  await sleep(random.between(0, 1000));
  const members = [...cluster.kept('worker'), ...cluster.kept('coordinator')];
  const since = Date.now();
  for (const member of members) {
    cluster.release(member);
    member.kill('SIGTERM');
  }
  const patience = sleep(23_000, 'nothing');
  for (const { role, ended } of members) {
    const code = await Promise.race([ended, patience]);
    assert.equal(code, 0, `${role} ended with ${code} after ${Date.now() - since} ms`);
  }
  const seconds = ((Date.now() - since) / 1000).toFixed(1);
  await cluster.redis.start();
  for (const { role } of members) cluster.keep(role);
  await expectExact(cluster, id, load, await cluster.end(id, undefined, { mayFall: true }));
  return `all ended within ${seconds} s`;
}

/** What this version does not know is left to others or refused, and harms nobody. */
async function otherVersions({ cluster, load, little }) {
  const { Queue } = createRequire(new URL('../../../packages/cluster/package.json', import.meta.url))('bullmq');
  const connection = { host: '127.0.0.1', port: cluster.redis.port };
  const tasks = new Queue('lossmill.tasks.v1', { connection, prefix: PREFIX });
  const evaluations = new Queue('lossmill.evaluations', { connection, prefix: PREFIX });
  try {
    const later = await tasks.add('t', { v: 2, e: 'abc', p: 'def', shards: [[0, 1]] });
    for (const data of [null, [], 'x', { v: 1 }, { v: 1, e: 'abc', p: 'def', a: -1, k: 1e9 }])
      await tasks.add('t', data);
    await evaluations.add('evaluate', { ...little.spec, version: 2 }, { jobId: 'of-version-2' });
    await evaluations.add('evaluate', [1, 2, 3], { jobId: 'no-spec' });
    const id = await cluster.submit(load.spec);
    await expectExact(cluster, id, load, await cluster.end(id));
    assert.equal(await later.getState(), 'delayed', 'a task of a later version is not left to others');
    for (const refused of ['of-version-2', 'no-spec']) {
      const { state, error } = await cluster.end(refused);
      assert.equal(state, 'failed');
      assert.match(error.code, /^SPEC_/, error.message);
    }
  } finally {
    await Promise.all([tasks.close(), evaluations.close()]);
  }
}
