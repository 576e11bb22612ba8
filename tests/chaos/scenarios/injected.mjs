import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expectExact } from '../invariants.mjs';
import { PATIENCE } from '../patience.mjs';

const at = (failpoint, more = {}) => ({ LOSSMILL_FAILPOINT: failpoint, ...more });

/** Faults at chosen places, by LOSSMILL_FAILPOINT. */
export const injected = [
  { name: 'worker-blocked', cluster: { workers: 0 }, play: (run) => withFaulty(run, 'before-commit:5:block:4000') },
  { name: 'coordinator-blocked', cluster: { coordinators: 0 }, play: coordinatorBlocked },
  {
    name: 'thread-out-of-memory',
    cluster: { workers: 0 },
    play: (run) => withFaulty(run, 'shard:20:oom', { NODE_OPTIONS: '--max-old-space-size=64' }),
  },
  { name: 'thread-exits', cluster: { workers: 0 }, play: (run) => withFaulty(run, 'shard:20:exit') },
  { name: 'worker-aborts', cluster: { workers: 0 }, play: (run) => withFaulty(run, 'shard:20:abort') },
  {
    name: 'worker-never-answers',
    cluster: { workers: 0 },
    play: (run) => withFaulty(run, 'shard:3:hang', { LOSSMILL_TASK_LIMIT_MS: '2000' }),
  },
  { name: 'poison-shard', cluster: { workers: 2, more: at('shard-7') }, play: poison },
  {
    name: 'every-failpoint',
    cluster: { workers: 1, coordinators: 0 },
    play: everyFailpoint,
  },
  {
    name: 'coordinator-throws',
    cluster: { workers: 1, coordinators: 1, more: at('before-fold:1:throw') },
    play: (run) => fails(run, 'INTERNAL_ERROR'),
  },
  {
    name: 'coordinator-dies-always',
    cluster: { workers: 1, coordinators: 1, more: at('before-report') },
    play: (run) => fails(run, 'COORDINATOR_CRASHED'),
  },
];

/** One worker with the fault, which may come again, beside one without. */
async function withFaulty({ cluster, load }, failpoint, more) {
  cluster.keep('worker', at(failpoint, more));
  await cluster.until('it is ready', () => cluster.kept('worker').some(({ isReady }) => isReady));
  const id = await cluster.submit(load.spec);
  await cluster.progress(id, 2 / load.shards);
  cluster.keep('worker');
  const { retried, duplicates } = await expectExact(cluster, id, load, await cluster.end(id));
  return `${retried} retried, ${duplicates} duplicates`;
}

async function coordinatorBlocked({ cluster, load }) {
  cluster.spawn('coordinator', at('before-advance:3:block:5000'));
  const id = await cluster.submit(load.spec);
  await cluster.progress(id, 2 / load.shards);
  cluster.keep('coordinator');
  const { retried, duplicates } = await expectExact(cluster, id, load, await cluster.end(id));
  return `${retried} retried, ${duplicates} duplicates`;
}

/** It ends every process that computes it: its neighbours are counted, and it is named. */
async function poison({ cluster, little }) {
  const first = await cluster.submit(little.spec, '--allow-degraded', '10%');
  const second = await cluster.submit(little.spec);
  const { state, done, failed } = await cluster.end(first);
  assert.deepEqual({ state, done, failed }, { state: 'degraded', done: little.shards - 1, failed: 1 });
  const report = JSON.parse((await cluster.run('result', first, '--json')).out);
  assert.equal(report.run.missing.length, 1);
  assert.equal(report.run.missing[0].index, 7);
  assert.match(report.run.missing[0].message, /^Shard 7 \(.*few-.*rows 1,792 … 2,048/);
  const last = await cluster.end(second);
  assert.equal(last.state, 'failed');
  assert.equal(last.error.code, 'SHARD_CRASHED');
  assert.match(last.error.message, /Shard 7 .*1 of 20 shards failed/s);
  assert.equal((await cluster.run('result', second)).code, 2);
}

const SOURCES = fileURLToPath(new URL('../../../packages/cluster/src/', import.meta.url));
const OF_WORKERS = 'task-run.ts';

/** [role, failpoint] of all that the cluster's sources name. */
function allFailpoints() {
  return readdirSync(SOURCES)
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => {
      const role = name === OF_WORKERS ? 'worker' : 'coordinator';
      return [...readFileSync(join(SOURCES, name), 'utf8').matchAll(/\bfailpoint\('([\w-]+)'\)/g)].map(([, point]) => [
        role,
        point,
      ]);
    });
}

/** A process dies between any two of its steps, and others go on. */
async function everyFailpoint({ cluster, random, little }) {
  const points = allFailpoints();
  assert.ok(
    points.some(([role]) => role === 'worker') && points.length >= 13,
    `only ${points.length} failpoints found`,
  );
  const ids = [];
  // Files are written too: to publish them is a step of its own.
  const submit = () => cluster.submit({ ...little.spec, rows: { output: join(cluster.folder, `rows-${ids.length}`) } });
  while (points.length > 0) {
    const [[role, point]] = points.splice(Math.floor(random.next() * points.length), 1);
    const doomed = cluster.spawn(role, at(point));
    const helper = role === 'worker' ? cluster.spawn('coordinator') : null;
    let how;
    doomed.ended.then((end) => (how = end));
    for (const since = Date.now(); how === undefined; await sleep(1000)) {
      assert.ok(Date.now() - since < PATIENCE, `${role} never came to ${point}`);
      if (doomed.isReady) ids.push(await submit());
    }
    assert.equal(how, 'SIGKILL', `${role} at ${point}`);
    helper?.kill('SIGKILL');
    cluster.say(`${role} has died ${point}`);
  }
  cluster.keep('coordinator');
  for (const id of ids) await expectExact(cluster, id, little, await cluster.end(id));
  return `${ids.length} evaluations`;
}

/** A fault of our own that comes again and again ends the evaluation, and says so. */
async function fails({ cluster, little }, code) {
  const id = await cluster.submit(little.spec);
  const { state, error } = await cluster.end(id);
  assert.equal(state, 'failed');
  assert.equal(error.code, code, error.message);
  const { err } = await cluster.run('result', id);
  assert.ok(err.includes(error.message.slice(0, 40)), err);
}
