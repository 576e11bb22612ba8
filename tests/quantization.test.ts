import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { evaluate, type Report, type Spec } from 'lossmill';
import { describe, expect, it } from 'vitest';
import { folderWith } from './helpers/folder.js';
import { safetensors } from './helpers/safetensors.js';

const rows = 1500;
const classes = 3;
const stored = Uint8Array.from({ length: rows * classes }, (_, i) => (i * 97 + (i >> 5) * 13) % 256);
const signed = Int8Array.from(stored, (q) => q - 128);
const label = Int32Array.from({ length: rows }, (_, i) => (i * 7) % classes);
const f = Math.fround;
/** As onnxruntime's DequantizeLinear computes it. */
const real = (scale: number[], zero: number[]) =>
  Float32Array.from(stored, (q, i) => f(f(q - zero[i % zero.length]) * f(scale[i % scale.length])));

const lists = { scale: [0.05, 0.1, 0.0123456789], zeroPoint: [128, 0, 255] };
const folder = folderWith({
  'q.safetensors': safetensors({
    u8: ['U8', [rows, classes], stored],
    i8: ['I8', [rows, classes], signed],
    one: ['F32', [rows, classes], real([0.05], [128])],
    each: ['F32', [rows, classes], real(lists.scale, lists.zeroPoint)],
    p0: ['U8', [rows], stored.filter((_, i) => i % classes === 0)],
    p1: ['U8', [rows], stored.filter((_, i) => i % classes === 1)],
    p2: ['U8', [rows], stored.filter((_, i) => i % classes === 2)],
    label: ['I32', [rows], label],
  }),
});

const run = (prediction: string | string[], quantization?: Spec['quantization'], more: Partial<Spec> = {}) =>
  evaluate({
    version: 1,
    data: { files: [join(folder, 'q.safetensors')] },
    columns: { prediction, target: 'label' },
    losses: [{ name: 'cross_entropy', label_smoothing: 0.1 }],
    gradient: 'none',
    ...(quantization ? { quantization } : {}),
    ...more,
  });

const essence = ({ losses, rows: counts, spec }: Report) => ({ losses, counts, arithmetic: spec.arithmetic });

describe('quantised predictions', () => {
  it('give every number of the float32 predictions that they stand for', async () => {
    const one = essence(await run('one'));
    expect(one.arithmetic).toBe('f32');
    expect(essence(await run('u8', { scale: 0.05, zeroPoint: 128 }))).toEqual(one);
    expect(essence(await run('i8', { scale: [0.05] }))).toEqual(one);
    const each = essence(await run('each'));
    expect(essence(await run('u8', lists))).toEqual(each);
    expect(essence(await run(['p0', 'p1', 'p2'], lists))).toEqual(each);
  });

  it('give the same in float64, whatever the shards', async () => {
    const f64: Partial<Spec> = { precision: 'f64' };
    const each = await run('each', undefined, f64);
    const report = await run('u8', lists, f64);
    expect(essence(report)).toEqual(essence(each));
    for (const shard of [256, 512]) {
      expect((await run('u8', lists, { ...f64, shard: { rows: shard } })).digest).toBe(report.digest);
    }
  });

  it('are recorded in the report, defaults filled in', async () => {
    expect((await run('u8', lists)).spec.quantization).toEqual(lists);
    expect((await run('i8', { scale: 0.5 })).spec.quantization).toEqual({ scale: 0.5, zeroPoint: 0 });
    expect((await run('one')).spec).not.toHaveProperty('quantization');
  });

  it('may be one a row, and come from text as whole numbers', async () => {
    writeFileSync(join(folder, 'q.csv'), 'p,y\n200,1\n3,0\n,1\n');
    const report = await evaluate({
      version: 1,
      data: { files: [join(folder, 'q.csv')] },
      columns: { prediction: 'p', target: 'y' },
      losses: ['error'],
      quantization: { scale: 0.1, zeroPoint: 100 },
      badRows: 'skip',
    });
    expect(report.rows).toMatchObject({ used: 2, bad: 1, badReasons: { 'missing prediction': 1 } });
    expect(report.losses[0].worst.map(({ prediction }) => prediction)).toEqual([f(100 * f(0.1)), f(-97 * f(0.1))]);
  });
});

describe('quantization is refused', () => {
  it.each<[string, string, unknown, string, RegExp]>([
    ['of floats', 'one', { scale: 1 }, 'COLUMN_TYPE', /^quantization: it belongs to .* "one" is f32/],
    ['without a scale', 'u8', { zeroPoint: 3 }, 'SPEC_INVALID', /^quantization\.scale: found nothing/],
    ['with a scale of 0', 'u8', { scale: 0 }, 'SPEC_INVALID', /^quantization\.scale: found 0, but/],
    ['with a scale below 0', 'u8', { scale: [1, -1, 1] }, 'SPEC_INVALID', /^quantization\.scale.*found/],
    ['with an infinite scale', 'u8', { scale: Infinity }, 'SPEC_INVALID', /^quantization\.scale: found/],
    ['with a scale that float32 has not', 'u8', { scale: 1e-60 }, 'SPEC_INVALID', /found 1e-60, which is 0 in float32/],
    ['with too large a scale', 'u8', { scale: 1e39 }, 'SPEC_INVALID', /found 1e\+39, which is Infinity in float32/],
    ['with a fraction as zero point', 'u8', { scale: 1, zeroPoint: 0.5 }, 'SPEC_INVALID', /^quantization\.zeroPoint/],
    ['beyond u8', 'u8', { scale: 1, zeroPoint: 256 }, 'SPEC_INVALID', /found 256, but "u8" is u8: .* from 0 to 255/],
    ['beyond i8', 'i8', { scale: 1, zeroPoint: 128 }, 'SPEC_INVALID', /found 128, but "i8" is i8: .* from -128 to 127/],
    ['with two scales for three', 'u8', { scale: [1, 2] }, 'CLASSES_MISMATCH', /^quantization\.scale: it has 2 values/],
    ['with an unknown key', 'u8', { scale: 1, zero_point: 3 }, 'SPEC_UNKNOWN_KEY', /Did you mean "zeroPoint"/],
  ])('%s', async (_, prediction, quantization, code, message) => {
    await expect(run(prediction, quantization as Spec['quantization'])).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });
});
