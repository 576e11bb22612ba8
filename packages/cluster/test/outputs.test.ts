import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EvaluationRecord } from '@lossmill/cluster';
import type { Spec } from '@lossmill/evaluation';
import { evaluate } from '@lossmill/pool';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { arraysSpec, csvSpec, type TestCluster, testCluster } from './helpers/cluster.js';
import { Processes } from './helpers/processes.js';

let cluster: TestCluster;
let processes: Processes;

beforeAll(async () => {
  cluster = await testCluster({ threads: 1, taskMs: 10, attempts: 2 });
});

afterAll(() => cluster.stop());

beforeEach(() => {
  processes = new Processes(cluster);
});

afterEach(() => processes.stop());

const end = (id: string): Promise<EvaluationRecord> =>
  cluster.client
    .watch(id, () => {}, { signal: AbortSignal.timeout(50_000) })
    .catch((error) => {
      throw new Error(`${error}\n${processes.logs().slice(-3000)}`);
    });

/** All files of a folder with their bytes, hidden ones too. */
const contents = (folder: string) =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name)).toString('base64')]));

const into = (spec: Spec, folder: string): Spec => ({
  ...spec,
  rows: { output: folder },
  gradient: { output: join(folder, 'deep', 'gradient') },
});

/** Classes as C columns: float64, slices, rows that are bad and rows to be ignored. */
function classesSpec(folder: string, rows: number): Spec {
  const lines = Array.from({ length: rows }, (_, i) => {
    const logits = [0, 1, 2].map((c) => (i % 97 === 5 && c === 1 ? '' : Math.sin(i + c) * 3));
    return `${logits.join(',')},${i % 50 === 7 ? -100 : i % 3},${i % 5},group ${i % 7}`;
  });
  writeFileSync(join(folder, 'classes.csv'), `a,b,c,y,w,g\n${lines.join('\n')}\n`);
  return {
    version: 1,
    data: { files: [join(folder, 'classes.csv')] },
    columns: { prediction: ['a', 'b', 'c'], target: 'y', weight: 'w' },
    losses: [{ name: 'cross_entropy', ignore_index: -100 }],
    slices: ['g'],
    badRows: 'skip',
    shard: { rows: 512 },
  };
}

describe('files of a cluster', () => {
  const specs: [string, () => Spec][] = [
    ['several losses in float32', () => arraysSpec(cluster.folder, 60 * 1024 + 77)],
    ['slices in float64', () => csvSpec(cluster.folder, 15_000)],
    ['skipped and ignored rows of three classes', () => classesSpec(cluster.folder, 30_001)],
  ];
  it.each(specs)('are those of one machine, though a worker is killed: %s', async (name, make) => {
    const spec = make();
    const near = join(cluster.folder, `near ${name}`);
    const far = join(cluster.folder, `far ${name}`);
    const { digest } = await evaluate(into(spec, near), { threads: 1 });
    const doomed = await processes.start('worker', 'before-commit:3');
    await processes.start('coordinator');
    const id = await cluster.client.submit({ spec: into(spec, far) });
    expect(await doomed.ended).toBe('SIGKILL');
    await processes.start('worker');
    expect(await end(id)).toMatchObject({ state: 'done', error: null });
    const report = await cluster.client.report(id);
    expect(report.digest).toBe(digest);
    expect(report.run.outputs?.rows?.every((path) => path.startsWith(far))).toBe(true);
    const deep = join('deep', 'gradient');
    expect(contents(join(far, deep))).toEqual(contents(join(near, deep)));
    rmSync(join(near, 'deep'), { recursive: true });
    rmSync(join(far, 'deep'), { recursive: true });
    expect(contents(far)).toEqual(contents(near));
  });

  for (const failpoint of ['after-plan', 'after-publish', 'after-report']) {
    it(`are whole when a coordinator dies at ${failpoint}`, async () => {
      const spec = arraysSpec(cluster.folder, 20_000);
      const near = join(cluster.folder, `near ${failpoint}`);
      const far = join(cluster.folder, `far ${failpoint}`);
      await evaluate({ ...spec, rows: { output: near } });
      const doomed = await processes.start('coordinator', failpoint);
      await processes.start('worker');
      const id = await cluster.client.submit({ spec: { ...spec, rows: { output: far } } });
      expect(await doomed.ended).toBe('SIGKILL');
      await processes.start('coordinator');
      expect(await end(id)).toMatchObject({ state: 'done', error: null });
      await expect.poll(() => contents(far), { timeout: 20_000 }).toEqual(contents(near));
    });
  }
});

describe('an evaluation that ends otherwise', () => {
  it('leaves nothing behind when it is cancelled, and starts anew when it is tried again', async () => {
    const spec = arraysSpec(cluster.folder, 400 * 256, { shard: { rows: 256 } });
    const out = join(cluster.folder, 'made', 'for it');
    await processes.start('coordinator');
    await processes.start('worker');
    const id = await cluster.client.submit({ spec: { ...spec, rows: { output: out } } });
    await cluster.client.watch(id, () => {}, { until: ({ done }) => done > 10 });
    expect(readdirSync(out).every((name) => name.endsWith('.part'))).toBe(true);
    await cluster.client.cancel(id);
    await expect.poll(() => readdirSync(cluster.folder).includes('made'), { timeout: 10_000 }).toBe(false);
    await cluster.client.retry(id);
    expect(await end(id)).toMatchObject({ state: 'done', error: null, done: 400 });
    const near = join(cluster.folder, 'near again');
    await evaluate({ ...spec, rows: { output: near } });
    await expect.poll(() => contents(out), { timeout: 10_000 }).toEqual(contents(near));
  });

  it('has NaN in rows of shards that are missing', async () => {
    const spec = arraysSpec(cluster.folder, 20 * 256, { shard: { rows: 256 }, losses: ['mse'] });
    const out = join(cluster.folder, 'degraded');
    const near = join(cluster.folder, 'not degraded');
    const both = (folder: string): Spec => ({ ...spec, rows: { output: folder }, gradient: { output: folder } });
    await evaluate(both(near));
    await processes.start('coordinator');
    for (let i = 0; i < 6; i++) processes.keep('worker', 'shard-3');
    const id = await cluster.client.submit({ spec: both(out), allowDegraded: 0.1 });
    expect(await end(id)).toMatchObject({ state: 'degraded', failed: 1 });
    await expect.poll(() => readdirSync(out).sort(), { timeout: 10_000 }).toEqual(['gradient.npy', 'losses.npy']);
    for (const [name, size] of [['losses.npy', 8] as const, ['gradient.npy', 4] as const]) {
      const whole = readFileSync(join(near, name));
      const file = readFileSync(join(out, name));
      const [from, to] = [128 + 3 * 256 * size, 128 + 4 * 256 * size];
      expect(file.subarray(0, from).equals(whole.subarray(0, from))).toBe(true);
      expect(file.subarray(to).equals(whole.subarray(to))).toBe(true);
      for (let at = from; at < to; at += size)
        expect(size === 8 ? file.readDoubleLE(at) : file.readFloatLE(at)).toBeNaN();
    }
  });
});

describe('where a cluster writes', () => {
  it('is below its folders, and never over what is read', async () => {
    const spec = arraysSpec(cluster.folder, 1000);
    symlinkSync('/var/tmp', join(cluster.folder, 'away'));
    await processes.start('coordinator');
    await processes.start('worker');
    const refusal = async (output: string, more: Partial<Spec> = {}) => {
      const id = await cluster.client.submit({ spec: { ...spec, ...more, rows: { output } }, folder: cluster.folder });
      const { state, error } = await end(id);
      return [output, state, error?.code];
    };
    for (const output of [
      '/var/tmp/lossmill',
      '../out',
      join(cluster.folder, 'away'),
      join(cluster.folder, 'away', 'x'),
    ])
      expect(await refusal(output)).toEqual([output, 'failed', 'PATH_FORBIDDEN']);
    expect(await refusal('s3://bucket/out')).toEqual(['s3://bucket/out', 'failed', 'ACCESS_DENIED']);
    expect(await refusal('https://host/out')).toEqual(['https://host/out', 'failed', 'SPEC_INVALID']);
    mkdirSync(join(cluster.folder, 'own'));
    writeFileSync(join(cluster.folder, 'own', 'losses.npy'), readFileSync(join(cluster.folder, 'p1000.npy')));
    const data = { arrays: { p: [join(cluster.folder, 'own', 'losses.npy')], y: spec.data.arrays?.y as string[] } };
    expect(await refusal('own', { data, losses: ['mse'] })).toEqual(['own', 'failed', 'FILE_NOT_WRITABLE']);
    expect(readdirSync('/var/tmp').filter((name) => name.includes('losses'))).toEqual([]);
  });

  it('says so when a worker does not see the folder', async () => {
    const spec = arraysSpec(cluster.folder, 400 * 256, { shard: { rows: 256 }, losses: ['mse'] });
    const out = join(cluster.folder, 'unshared');
    await processes.start('coordinator');
    const id = await cluster.client.submit({ spec: { ...spec, rows: { output: out } } });
    await expect.poll(() => readdirSync(cluster.folder).includes('unshared'), { timeout: 20_000 }).toBe(true);
    rmSync(out, { recursive: true });
    await processes.start('worker');
    const { state, error } = await end(id);
    expect([state, error?.code]).toEqual(['failed', 'FILE_NOT_WRITABLE']);
    expect(error?.message).toMatch(/losses\.npy cannot be written here.*must share the output folder.*s3:\/\//);
  });
});
