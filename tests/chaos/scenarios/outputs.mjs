import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../processes.mjs';
import { killOne, underFire } from './faults.mjs';

/** Files that are written while processes die are, byte for byte, those of one process, and nothing else is left. */
export const outputs = [
  { name: 'outputs', cluster: { workers: 3 }, play: (run) => written(run, ['worker']) },
  {
    name: 'outputs-both-killed',
    ci: false,
    cluster: { workers: 3, coordinators: 2 },
    play: (run) => written(run, ['worker', 'coordinator']),
  },
];

async function written({ cluster, random, load }, roles) {
  const into = (name) => {
    const output = join(cluster.folder, name);
    return { ...load.spec, rows: { output }, gradient: { output } };
  };
  const path = join(cluster.folder, 'near.json');
  writeFileSync(path, JSON.stringify(into('near')));
  const alone = command({ ...process.env, LOSSMILL_REDIS: '' }, ['eval', '--spec', path, '--threads', '1', '--json']);
  const remark = await underFire(
    { cluster, random, load: { ...load, spec: into('far') } },
    { every: 1000, fault: () => killOne(cluster, random, roles) },
  );
  const { code, err } = await alone;
  assert.equal(code, 0, err);
  const names = readdirSync(join(cluster.folder, 'near')).sort();
  assert.equal(names.length, 2 * load.spec.losses.length);
  const there = () => readdirSync(join(cluster.folder, 'far')).sort();
  await cluster.until('only the files are left', () => there().join() === names.join(), 15_000);
  for (const name of names) {
    const [near, far] = ['near', 'far'].map((folder) => readFileSync(join(cluster.folder, folder, name)));
    assert.ok(near.equals(far), `${name} differs from that of one process`);
  }
  return `${remark}, ${names.length} files of equal bytes`;
}
