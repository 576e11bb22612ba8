import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectExact } from '../invariants.mjs';

/** Faults before a run says something about them, and after which it is let go on in peace. */
const ENOUGH = 1;
const MOST = 10;

/** Submits the load, commits a fault again and again while it is evaluated, and wants the exact result. */
export async function underFire(
  { cluster, random, load },
  { every, fault, atLeast = ENOUGH, most = MOST, pace = Math.min(cluster.startMs, 2500), ...options },
) {
  const id = await cluster.submit(load.spec);
  await cluster.progress(id, random.between(0.01, 0.1));
  let over = false;
  let faults = 0;
  const firing = (async () => {
    while (!over && faults < most) {
      await fault(faults);
      faults++;
      await sleep(Math.max(every, pace) * random.between(0.7, 1.3));
    }
  })();
  firing.catch(() => {});
  try {
    const ending = cluster.end(id, undefined, options);
    const last = await Promise.race([ending, firing.then(() => ending)]);
    over = true;
    await firing;
    const { retried, duplicates } = await expectExact(cluster, id, load, last);
    assert.ok(faults >= atLeast, `only ${faults} faults before the end: the evaluation is too short`);
    return `${faults} faults, ${retried} retried, ${duplicates} duplicates`;
  } finally {
    over = true;
  }
}

/** Ends a process that is up as a loss of power would; another takes its place. */
export function killOne(cluster, random, roles) {
  const up = roles.flatMap((role) => cluster.kept(role)).filter((member) => member.isReady);
  if (up.length === 0) return;
  const victim = random.pick(up);
  cluster.say(`SIGKILL ${victim.role} ${victim.pid}`);
  victim.kill('SIGKILL');
}
