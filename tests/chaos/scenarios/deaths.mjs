import assert from 'node:assert/strict';
import { expectExact } from '../invariants.mjs';
import { killOne, underFire } from './faults.mjs';

const killing =
  (roles, every) =>
  ({ cluster, random, load }) =>
    underFire({ cluster, random, load }, { every, fault: () => killOne(cluster, random, roles) });

/** Processes that die at once, whatever they are at. */
export const deaths = [
  {
    name: 'calm',
    async play({ cluster, load }) {
      const id = await cluster.submit(load.spec);
      const last = await cluster.end(id);
      const { retried, duplicates } = await expectExact(cluster, id, load, last);
      assert.deepEqual({ retried, duplicates }, { retried: 0, duplicates: 0 });
    },
  },
  { name: 'workers-killed', cluster: { workers: 3 }, play: killing(['worker'], 1000) },
  { name: 'coordinators-killed', cluster: { coordinators: 2 }, play: killing(['coordinator'], 1500) },
  { name: 'both-killed', cluster: { workers: 3, coordinators: 2 }, play: killing(['worker', 'coordinator'], 800) },
];
