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
    cluster: { workers: 3, coordinators: 2 },
    play: (run) => written(run, ['worker', 'coordinator']),
  },
];

const into = (output, { spec }) => ({ ...spec, rows: { output }, gradient: { output } });

async function written({ cluster, random, load }, roles) {
  near ??= await alone(cluster.data, load);
  const far = join(cluster.folder, 'far');
  const remark = await underFire(
    { cluster, random, load: { ...load, spec: into(far, load), digest: near.digest } },
    // Fewer than elsewhere: rows are made durable before they count, which takes its time.
    { every: 1000, most: 4, fault: () => killOne(cluster, random, roles) },
  );
  const names = readdirSync(near.folder).sort();
  assert.equal(names.length, 2 * load.spec.losses.length);
  await cluster.until('only the files are left', () => readdirSync(far).sort().join() === names.join());
  for (const name of names) {
    const [here, there] = [near.folder, far].map((folder) => readFileSync(join(folder, name)));
    assert.ok(here.equals(there), `${name} differs from that of one process`);
  }
  return `${remark}, ${names.length} files of equal bytes`;
}

/** Of one process: for all seeds. */
let near = null;

async function alone(data, load) {
  const folder = join(data, 'near');
  const path = join(data, 'near.json');
  writeFileSync(path, JSON.stringify(into(folder, load)));
  const args = ['eval', '--spec', path, '--threads', '1', '--json'];
  const { code, out, err } = await command({ ...process.env, LOSSMILL_REDIS: '' }, args);
  assert.equal(code, 0, err);
  return { folder, digest: JSON.parse(out).digest };
}
