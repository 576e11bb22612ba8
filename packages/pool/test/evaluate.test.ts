import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNpyFile, DataError, openDataset } from '@lossmill/dataset';
import { EvaluationError, evaluateInline, type Spec } from '@lossmill/evaluation';
import { evaluate, planOf } from '@lossmill/pool';
// The built package by its own name: threads are started from built files.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const rows = 100_003;
let folder: string;
let spec: Spec;

function write(name: string, dtype: 'f4' | 'f8', values: Float32Array | Float64Array): string {
  const path = join(folder, name);
  const file = createNpyFile(path, dtype, [values.length]);
  file.write(0, values);
  file.finish();
  return path;
}

/** Elements of a one-dimensional .npy file. */
async function readBack(path: string, as: 'f32' | 'f64'): Promise<number[]> {
  const dataset = await openDataset({ arrays: { x: [path] } });
  const { rows: n } = dataset.description;
  const values = as === 'f32' ? new Float32Array(n) : new Float64Array(n);
  const cursor = await dataset.cursor(0, n, [{ column: 'x', as }]);
  await cursor.fill(n, [{ as, values, present: new Uint8Array(n), missing: 0 }]);
  await cursor.close();
  await dataset.close();
  return [...values];
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lossmill-pool-'));
  const p = Float32Array.from({ length: rows }, (_, i) => Math.sin(i) * 10 ** (i % 5));
  const y = Float32Array.from({ length: rows }, (_, i) => Math.cos(i / 3));
  const g = Float64Array.from({ length: rows }, (_, i) => (i * i) % 11);
  spec = {
    version: 1,
    data: { arrays: { p: [write('p.npy', 'f4', p)], y: [write('y.npy', 'f4', y)], g: [write('g.npy', 'f8', g)] } },
    columns: { prediction: 'p', target: 'y' },
    losses: ['mse', 'mae'],
    slices: ['g'],
  };
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('evaluate', () => {
  it('gives the digest of the inline evaluation for any threads and shards', async () => {
    const { digest } = await evaluateInline(spec);
    for (const threads of [1, 2, 4]) {
      for (const shardRows of [256, 1000, 30_000, 262_144]) {
        const report = await evaluate({ ...spec, shard: { rows: shardRows } }, { threads });
        expect(report.digest).toBe(digest);
        expect(report.run.shards).toMatchObject({
          planned: Math.ceil(rows / (Math.ceil(shardRows / 256) * 256)),
          retried: 0,
        });
        expect(report.run.shards.counted).toBe(report.run.shards.planned);
      }
    }
  });

  it('writes row losses and gradients that do not depend on the threads', async () => {
    const read = async (threads: number) => {
      const out = join(folder, `out-${threads}`);
      const report = await evaluate(
        { ...spec, rows: { output: out }, gradient: { output: out }, shard: { rows: 5000 } },
        { threads },
      );
      expect(readdirSync(out).sort()).toEqual([
        'mae.gradient.npy',
        'mae.losses.npy',
        'mse.gradient.npy',
        'mse.losses.npy',
      ]);
      expect(report.run.outputs?.rows).toEqual([join(out, 'mse.losses.npy'), join(out, 'mae.losses.npy')]);
      return Object.fromEntries(
        readdirSync(out).map((name) => [name, readFileSync(join(out, name)).toString('base64')]),
      );
    };
    expect(await read(3)).toEqual(await read(1));
    const losses = await readBack(join(folder, 'out-1', 'mae.losses.npy'), 'f64');
    const gradient = await readBack(join(folder, 'out-1', 'mse.gradient.npy'), 'f32');
    const p = await readBack(join(folder, 'p.npy'), 'f32');
    const y = await readBack(join(folder, 'y.npy'), 'f32');
    expect(losses).toEqual(p.map((value, i) => Math.abs(Math.fround(value - y[i]))));
    expect(gradient).toEqual(p.map((value, i) => Math.fround(2 * Math.fround(value - y[i]))));
  });

  it('reports progress up to the last row', async () => {
    const seen: number[] = [];
    await evaluate(spec, {
      threads: 2,
      onProgress: ({ rowsDone, phase }) => phase === 'evaluating' && seen.push(rowsDone),
    });
    expect(seen.at(-1)).toBe(rows);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  it('is stopped by its signal, and leaves nothing behind', async () => {
    for (const threads of [1, 2]) {
      const controller = new AbortController();
      const out = join(folder, `aborted-${threads}`);
      const running = evaluate(
        { ...spec, rows: { output: out }, shard: { rows: 256 } },
        { threads, signal: controller.signal, onProgress: () => controller.abort(new Error('enough')) },
      );
      await expect(running).rejects.toThrow('enough');
      expect(readdirSync(folder).includes(`aborted-${threads}`) ? readdirSync(out) : []).toEqual([]);
    }
  });

  it('throws the errors of the other threads as its own, of the lowest shard', async () => {
    const values = new Float32Array(rows).fill(1);
    values[70_000] = Number.NaN;
    values[90_000] = Number.NaN;
    const bad = {
      ...spec,
      data: { arrays: { p: [write('bad.npy', 'f4', values)], y: [join(folder, 'y.npy')], g: [join(folder, 'g.npy')] } },
      shard: { rows: 1024 },
    };
    for (const threads of [1, 2, 4]) {
      const error = await evaluate(bad, { threads }).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(EvaluationError);
      expect(error).toMatchObject({
        code: 'BAD_ROW',
        where: { row: 70_000 },
        message: expect.stringMatching(/2 of 100,003 rows are like this/),
      });
    }
    const missing = { ...spec, data: { arrays: { p: [join(folder, 'none.npy')], y: [join(folder, 'y.npy')] } } };
    await expect(evaluate(missing)).rejects.toBeInstanceOf(DataError);
  });
});

describe('planOf', () => {
  it('rounds shards up to whole blocks', async () => {
    expect(await planOf({ ...spec, shard: { rows: 1000 } })).toMatchObject({ rows, shardRows: 1024, shards: 98 });
    expect(await planOf({ ...spec, shard: { bytes: 1 } })).toMatchObject({ shardRows: 256, shards: 391 });
  });
});
