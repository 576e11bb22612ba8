import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SHARD_ROWS, writeData, writeSlow, writeSlowParquet } from '../data.mjs';
import { expectExact } from '../invariants.mjs';

/** What users and their files do meanwhile. */
export const requests = [
  // Tasks of many shards: to be free within 2 s they must be left in the middle.
  { name: 'cancelled', settings: { LOSSMILL_TASK_MS: '60000' }, play: (stage) => cancelled(stage, writeSlow, 5000) },
  {
    name: 'cancelled-parquet',
    settings: { LOSSMILL_TASK_MS: '60000' },
    play: (stage) => cancelled(stage, writeSlowParquet, 200),
  },
  { name: 'submitted-twice', play: submittedTwice },
  { name: 'source-changed', play: sourceChanged },
  { name: 'small-behind-huge', play: smallBehindHuge },
];

async function cancelled({ cluster, load, random }, write, shards) {
  const id = await cluster.submit(await write(join(cluster.folder, 'data'), shards));
  await cluster.until('the first shards are counted', async () => (await cluster.look(id))?.done >= 8);
  await sleep(random.between(200, 800));
  const { code, err } = await cluster.run('cancel', id);
  assert.equal(code, 0, err);
  const { endedAt } = await cluster.look(id);
  const idle = async () => {
    const lists = ['active', 'wait', 'delayed', 'prioritized'].map((name) => `{lossmill}:lossmill.tasks.v1:${name}`);
    const [active, waiting, ...later] = await cluster.redis.ask(
      ['LLEN', lists[0]],
      ['LLEN', lists[1]],
      ['ZCARD', lists[2]],
      ['ZCARD', lists[3]],
    );
    return active + waiting + later[0] + later[1] === 0;
  };
  await cluster.until('the workers are idle', idle, Math.max(100, endedAt + 2000 - Date.now()));
  const ms = Date.now() - endedAt;
  const { state, done, total } = await cluster.look(id);
  assert.equal(state, 'cancelled');
  assert.ok(done < total, 'all was counted before it was cancelled');
  const result = await cluster.run('result', id);
  assert.equal(result.code, 2);
  assert.match(result.err, /cancelled/);
  assert.equal((await cluster.look(id)).done, done, 'shards were counted after the evaluation was cancelled');
  const next = await cluster.submit(load.spec);
  await expectExact(cluster, next, load, await cluster.end(next));
  return `idle within ${ms} ms, with ${done} of ${total} shards counted`;
}

async function submittedTwice({ cluster, load }) {
  const key = ['--idempotency-key', 'the same'];
  const ids = await Promise.all([1, 2, 3].map(() => cluster.submit(load.spec, ...key)));
  await cluster.progress(ids[0], 0.3);
  ids.push(await cluster.submit(load.spec, ...key));
  assert.equal(new Set(ids).size, 1, `several evaluations: ${ids}`);
  await expectExact(cluster, ids[0], load, await cluster.end(ids[0]));
  assert.equal(await cluster.submit(load.spec, ...key), ids[0]);
  await sleep(500);
  assert.equal((await cluster.look(ids[0])).state, 'done', 'submitted again after its end, it started anew');
  const { evaluations } = JSON.parse((await cluster.run('list', '--json')).out);
  assert.equal(evaluations.length, 1);
}

/** Never a mixed number: some shards of the old file, some of the new. */
async function sourceChanged({ cluster, load, random }) {
  const spec = writeData(join(cluster.folder, 'data'), 'changing', load.shards, 2);
  const id = await cluster.submit(spec);
  await cluster.progress(id, random.between(0.1, 0.6));
  const [path] = spec.data.arrays.p;
  const bytes = readFileSync(path);
  for (let at = 128; at < bytes.length; at += 4) bytes.writeFloatLE(random.next(), at);
  writeFileSync(path, bytes);
  cluster.say(`${path} is written anew`);
  const { state, error, done } = await cluster.end(id);
  assert.equal(state, 'failed', `with ${done} shards counted it is ${state}`);
  assert.equal(error.code, 'FILE_CHANGED');
  assert.ok(error.message.includes(path), error.message);
  const { code, err } = await cluster.run('result', id);
  assert.equal(code, 2);
  assert.ok(err.includes('changing-p.npy'), err);
  return `failed with ${error.code} after ${done} of ${load.shards} shards`;
}

/** It need not wait for the huge one to end. */
async function smallBehindHuge({ cluster, little }) {
  const huge = writeData(join(cluster.folder, 'data'), 'huge', 20_000, 3);
  const first = await cluster.submit(huge);
  await cluster.progress(first, 100 / 20_000);
  const since = Date.now();
  const id = await cluster.submit(little.spec);
  const last = await cluster.end(id, 15_000);
  const seconds = (Date.now() - since) / 1000;
  const { state, rows } = await cluster.look(first);
  assert.equal(state, 'running', 'the huge evaluation is over before the small one: it is not huge enough');
  await expectExact(cluster, id, little, last);
  await cluster.run('cancel', first);
  return `done in ${seconds.toFixed(1)} s, while ${rows / SHARD_ROWS} of 20,000 shards of the huge one were counted`;
}
