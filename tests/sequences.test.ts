import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { evaluate, type Report, type Spec } from 'lossmill';
import { describe, expect, it } from 'vitest';
import { folderWith } from './helpers/folder.js';
import { npyHeader, npyWithHeader } from './helpers/npy.js';
import { safetensors } from './helpers/safetensors.js';

// Sequences whose length is no divisor of a block: most blocks and shards begin and end inside of one.
const [N, T, C] = [30, 47, 6];
const rows = N * T;
const logits = Float32Array.from({ length: rows * C }, (_, i) => 4 * Math.sin(i * 1.7) + (i % 13) / 5);
const tokens = Int32Array.from({ length: rows }, (_, i) => (i % T > 40 - (i % 5) ? -100 : (i * 7) % C));
const mask = Float32Array.from({ length: rows }, (_, i) => 1 + (i % 3));
const bytes = (view: ArrayBufferView) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
const npy = (descr: string, shape: number[], values: ArrayBufferView) =>
  npyWithHeader(npyHeader(descr, shape), bytes(values));

const half = 17;
const folder = folderWith({
  'z.npy': npy('<f4', [N, T, C], logits),
  'y.npy': npy('<i4', [N, T], tokens),
  'flat-z.npy': npy('<f4', [rows, C], logits),
  'flat-y.npy': npy('<i4', [rows], tokens),
  'w.npy': npy('<f4', [N, T], mask),
  'turned.npy': npy('<f4', [N, C, T], logits),
  'other.npy': npy('<i4', [T, N], tokens),
  'columns.npy': npyWithHeader(
    npyHeader('<f4', [N, T, C]).replace("'fortran_order': False", "'fortran_order': True"),
    bytes(logits),
  ),
  'part-0-z.npy': npy('<f4', [half, T, C], logits.slice(0, half * T * C)),
  'part-1-z.npy': npy('<f4', [N - half, T, C], logits.slice(half * T * C)),
  // Batches of another length: 47 x 30 rows as 30 sequences of 47, then the same rows as 47 of 30.
  'batch-0-z.npy': npy('<f4', [N, T, C], logits),
  'batch-1-z.npy': npy('<f4', [T, N, C], logits),
  'batch-0-y.npy': npy('<i4', [N, T], tokens),
  'batch-1-y.npy': npy('<i4', [T, N], tokens),
  'data.safetensors': safetensors({
    z: ['F32', [N, T, C], logits],
    y: ['I32', [N, T], tokens],
    user: ['I64', [N, T], BigInt64Array.from({ length: rows }, (_, i) => BigInt(Math.floor(i / T) % 4))],
  }),
});

const at = (name: string) => join(folder, name);
const losses = [{ name: 'cross_entropy', ignore_index: -100 }];
const run = (arrays: Record<string, string>, more: Partial<Spec> = {}): Promise<Report> =>
  evaluate({
    version: 1,
    data: { arrays: Object.fromEntries(Object.entries(arrays).map(([name, file]) => [name, [at(file)]])) },
    columns: { prediction: 'z', target: 'y', ...(arrays.w ? { weight: 'w' } : {}) },
    losses,
    ...more,
  });

const numbers = ({ losses: [loss], rows: counts }: Report) => {
  const { worst, clusters, ...rest } = loss;
  return { ...rest, counts, worst: worst.map(({ row, loss: value }) => [row, value]) };
};

describe('predictions of shape [N, T, C]', () => {
  it('are rows of C values, whatever the shape of the targets', async () => {
    const flat = numbers(await run({ z: 'flat-z.npy', y: 'flat-y.npy' }));
    expect(flat.counts.ignored).toBeGreaterThan(0);
    expect(numbers(await run({ z: 'z.npy', y: 'y.npy' }))).toEqual(flat);
    expect(numbers(await run({ z: 'z.npy', y: 'flat-y.npy' }))).toEqual(flat);
    const data = { files: [at('data.safetensors')] };
    const tensors = await evaluate({ version: 1, data, columns: { prediction: 'z', target: 'y' }, losses });
    expect(numbers(tensors)).toEqual(flat);
  });

  it('have statistics a sequence, where sequences straddle shards, the same for every cut', async () => {
    const whole = await run({ z: 'z.npy', y: 'y.npy', w: 'w.npy' });
    const [{ clusters, stderr }] = whole.losses;
    expect(clusters).toMatchObject({ column: null, count: N, rowStderr: stderr });
    for (const size of [256, 512, 1024]) {
      const cut = await run({ z: 'z.npy', y: 'y.npy', w: 'w.npy' }, { shard: { rows: size } });
      expect(cut.digest).toBe(whole.digest);
    }
    const parts = await run({ z: 'part-*-z.npy', y: 'y.npy', w: 'w.npy' });
    expect(parts.losses[0].clusters).toEqual(clusters);
  });

  it('have the clustered standard error and the mean of means of their definition', async () => {
    const out = folderWith({});
    const report = await run({ z: 'z.npy', y: 'y.npy' }, { rows: { output: out }, gradient: { output: out } });
    const file = readFileSync(join(out, 'losses.npy'));
    const row = new Float64Array(bytes(file.subarray(128)).slice().buffer);
    const sums = Array.from({ length: N }, (_, n) => row.slice(n * T, (n + 1) * T).filter((x) => !Number.isNaN(x)));
    const mean = report.losses[0].mean as number;
    const total = sums.reduce((sum, { length }) => sum + length, 0);
    const scores = sums.map((own) => own.reduce((sum, l) => sum + (l - mean), 0));
    const clustered = Math.sqrt((N / (N - 1)) * scores.reduce((sum, s) => sum + s * s, 0)) / total;
    const { clusters } = report.losses[0];
    expect(clusters?.stderr).toBeCloseTo(clustered, 13);
    const means = sums.map((own) => own.reduce((a, b) => a + b, 0) / own.length);
    expect(clusters?.means.mean).toBeCloseTo(means.reduce((a, b) => a + b, 0) / N, 13);
    expect(clusters?.worst[0].cluster).toBe(means.indexOf(Math.max(...means)));
    expect(readFileSync(join(out, 'gradient.npy')).toString('latin1', 0, 128)).toContain(`(${N}, ${T}, ${C})`);
  });

  it('may come in batches of different lengths', async () => {
    const { losses: both } = await run({ z: 'batch-*-z.npy', y: 'batch-*-y.npy' });
    expect(both[0].clusters?.count).toBe(N + T);
    const out = folderWith({});
    await run({ z: 'batch-*-z.npy', y: 'batch-*-y.npy' }, { gradient: { output: out } });
    expect(readFileSync(join(out, 'gradient.npy')).toString('latin1', 0, 128)).toContain(`(${2 * rows}, ${C})`);
  });

  it('are clustered by a column where one is named', async () => {
    const data = { files: [at('data.safetensors')] };
    const columns = { prediction: 'z', target: 'y', cluster: 'user' };
    const { losses: found, warnings } = await evaluate({ version: 1, data, columns, losses });
    expect(found[0].clusters).toMatchObject({ column: 'user', count: 4, stderr: found[0].stderr });
    expect(warnings).toEqual([expect.stringMatching(/accuracy take rows as independent/)]);
  });

  it.each([
    ['classes on the second axis', { z: 'turned.npy', y: 'y.npy' }, 'ROWS_MISMATCH', /classes are the last axis/],
    ['targets of another shape', { z: 'z.npy', y: 'other.npy' }, 'ROWS_MISMATCH', /targets are \[N, T\]/],
    ['column-major arrays', { z: 'columns.npy', y: 'y.npy' }, 'UNSUPPORTED', /ascontiguousarray/],
  ])('are refused with %s', async (_, arrays, code, message) => {
    await expect(run(arrays)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});
