import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNpyFile } from '@lossmill/dataset';
import { createKernels, reference } from '@lossmill/kernels';
import { afterAll, describe, expect, it } from 'vitest';
import { evaluateInline, prepare, ShardRunner, type Spec } from '../src/index.js';
import { exactSum } from './helpers/rational.js';

const folder = mkdtempSync(join(tmpdir(), 'lossmill-strips-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, dtype: 'f4' | 'f8', shape: number[], values: Float32Array | Float64Array): string {
  const path = join(folder, `${name}.npy`);
  const file = createNpyFile(path, dtype, shape);
  file.write(0, values);
  file.finish();
  return path;
}

// 64 and 32 rows a strip: a block of 256 rows takes several, the last one is cut short.
const [rows, C] = [300, 6001];
const z = Float64Array.from({ length: rows * C }, (_, i) => 3 * Math.sin(i * 0.7) + ((i * 7) % 11) / 7);
const y = Float64Array.from({ length: rows }, (_, i) => (i % 9 === 5 ? -100 : (i * 577) % C));
const counted = Array.from(y, (_, i) => i).filter((i) => y[i] >= 0);
const index = Int32Array.from(y, (value) => Math.max(-1, value));
const w = Float64Array.from({ length: rows }, (_, i) => (i % 4) / 2);
const files = {
  f32: write('z32', 'f4', [rows, C], Float32Array.from(z)),
  f64: write('z64', 'f8', [rows, C], z),
  y: write('y', 'f8', [rows], y),
  w: write('w', 'f8', [rows], w),
};

const spec = (type: 'f32' | 'f64', more: Partial<Spec> = {}): Spec => ({
  version: 1,
  data: { arrays: { z: [files[type]], y: [files.y], w: [files.w] } },
  columns: { prediction: 'z', target: 'y' },
  losses: [{ name: 'cross_entropy', ignore_index: -100 }],
  ...more,
});

describe.each(['f32', 'f64'] as const)('wide rows of %s, in strips of a block', (type) => {
  const Floats = type === 'f32' ? Float32Array : Float64Array;
  const logits = Floats.from(z) as Float64Array;
  const losses = new Float64Array(rows);
  reference[`cross_entropy_logits_${type}`](logits as never, index, rows, C, losses);

  it('have the losses, sums and gradients of their twins', async () => {
    const wanted = new Floats(rows * C) as Float64Array;
    reference[`cross_entropy_logits_gradient_${type}`](logits as never, index, rows, C, wanted as never);
    const found = new Floats(rows * C);
    const own = new Float64Array(rows);
    const { losses: reports, rows: counts } = await evaluateInline(spec(type, { gradient: { output: 'unused' } }), {
      losses: (_, start, values) => own.set(values, start),
      gradient: (_, start, values) => found.set(values, start * C),
    });
    expect(counts).toMatchObject({ read: rows, used: counted.length, ignored: rows - counted.length });
    expect(Array.from(own)).toEqual(Array.from(losses, (loss, i) => (y[i] < 0 ? Number.NaN : loss)));
    expect(reports[0].sum).toBe(exactSum(counted.map((i) => losses[i])));
    expect(found.every((g, i) => g === wanted[i])).toBe(true);
    const squares = wanted.reduce((sum: number, g: number) => sum + g * g, 0);
    expect(reports[0].gradient?.l2).toBeCloseTo(Math.sqrt(squares), 11);
  });

  it('are weighted row by row, with the same digest for every cut', async () => {
    const columns = { prediction: 'z', target: 'y', weight: 'w' };
    const whole = await evaluateInline(spec(type, { columns }));
    const entering = counted.filter((i) => w[i] > 0);
    expect(whole.losses[0].sum).toBe(
      exactSum(
        entering.map((i) => losses[i]),
        entering.map((i) => w[i]),
      ),
    );
    const right = entering.filter((i) => {
      const row = logits.subarray(i * C, (i + 1) * C);
      return row.indexOf(Math.max(...row)) === y[i];
    });
    const share = right.reduce((sum, i) => sum + w[i], 0) / entering.reduce((sum, i) => sum + w[i], 0);
    expect(whole.losses[0].derived.accuracy?.value).toBe(share);
    expect((await evaluateInline(spec(type, { columns, shard: { rows: 256 } }))).digest).toBe(whole.digest);
  });
});

it('names a bad value in a later strip', async () => {
  const bad = z.slice();
  bad[201 * C + 17] = Number.NaN;
  const path = write('bad', 'f8', [rows, C], bad);
  const given = spec('f64', { data: { arrays: { z: [path], y: [files.y] } } });
  await expect(evaluateInline(given)).rejects.toThrow(/row 201, column z\[17\]: NaN is not a number/);
  const { rows: counts } = await evaluateInline({ ...given, badRows: 'skip' });
  expect(counts).toMatchObject({ bad: 1, badReasons: { 'prediction is NaN': 1 } });
});

it('hold a strip of a large vocabulary in memory, not a block of it', async () => {
  const wide = 128_256;
  const arrays = {
    z: [write('wide', 'f8', [3, wide], new Float64Array(3 * wide))],
    y: [write('few', 'f8', [3], Float64Array.of(0, 1, 2))],
  };
  const { plan, dataset } = await prepare(spec('f64', { data: { arrays }, gradient: 'norms' }));
  const memory = new WebAssembly.Memory({ initial: 2 });
  const runner = new ShardRunner(plan, dataset, createKernels({ memory }));
  const partial = runner.partial();
  await runner.run({ index: 0, start: 0, end: 3 }, partial);
  await dataset.close();
  expect(partial.losses[0].sum.round()).toBeCloseTo(3 * Math.log(wide), 10);
  // Two rows of predictions and of their gradient are 4.1 MB; a block of either is 263 MB.
  expect(memory.buffer.byteLength).toBeLessThan(8 * 2 ** 20);
});
