import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectExact } from '../invariants.mjs';

/** Processes that hang for a while, or are asked to end. */
export const signals = [
  { name: 'worker-hangs', play: workerHangs },
  { name: 'rolling-restart', cluster: { workers: 2, coordinators: 2 }, play: rollingRestart },
];

/** Longer than its lock: its tasks are done by others, and what it delivers late is not counted. */
async function workerHangs({ cluster, random, load }) {
  const id = await cluster.submit(load.spec);
  await cluster.progress(id, random.between(0.02, 0.2));
  for (let round = 0; round < 2; round++) {
    const sleepy = random.pick(cluster.kept('worker'));
    cluster.say(`SIGSTOP worker ${sleepy.pid}`);
    sleepy.kill('SIGSTOP');
    await sleep(random.between(3000, 4500));
    sleepy.kill('SIGCONT');
    cluster.say(`SIGCONT worker ${sleepy.pid}`);
    await sleep(300);
  }
  const { retried, duplicates } = await expectExact(cluster, id, load, await cluster.end(id));
  return `${retried} retried, ${duplicates} duplicates`;
}

/** Each process in turn is asked to end once its successor is ready: nothing is lost on the way, so nothing is tried again. */
async function rollingRestart({ cluster, random, load }) {
  const id = await cluster.submit(load.spec);
  await cluster.progress(id, 0.02);
  const old = [...cluster.kept('worker'), ...cluster.kept('coordinator')];
  while (old.length > 0) {
    const [member] = old.splice(Math.floor(random.next() * old.length), 1);
    cluster.release(member);
    cluster.keep(member.role);
    await cluster.until('the successor is ready', () => cluster.kept(member.role).every(({ isReady }) => isReady));
    cluster.say(`SIGTERM ${member.role} ${member.pid}`);
    const since = Date.now();
    member.kill('SIGTERM');
    const code = await Promise.race([member.ended, sleep(15_000, 'nothing')]);
    assert.equal(code, 0, `${member.role} ended with ${code} after ${Date.now() - since} ms`);
  }
  const { retried, duplicates } = await expectExact(cluster, id, load, await cluster.end(id));
  assert.deepEqual({ retried, duplicates }, { retried: 0, duplicates: 0 }, 'shards were lost in an orderly restart');
}
