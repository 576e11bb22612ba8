import { createKernels } from '@lossmill/kernels';
import { describe, expect, it } from 'vitest';
import {
  decodePartial,
  encodePartial,
  evaluateInline,
  type GradientReport,
  prepare,
  ShardRunner,
  type Spec,
  shardsOf,
} from '../src/index.js';
import { evaluateArrays, type Outcome } from './helpers/arrays.js';
import { exactSum } from './helpers/rational.js';

const summary = { output: 'unused', summary: true } as const;
const wave = (n: number, f: (i: number) => number): number[] => Array.from({ length: n }, (_, i) => f(i));

function gradientOf(outcome: Pick<Outcome, 'answer'>): Required<GradientReport> {
  return outcome.answer.losses[0].gradient as Required<GradientReport>;
}

/** The definition, in two passes: rows' gradients u under weights v. */
function definition(u: readonly (readonly number[])[], v: readonly number[]) {
  const W = v.reduce((sum, x) => sum + x, 0);
  const V = v.reduce((sum, x) => sum + x * x, 0);
  const mean = u[0].map((_, k) => u.reduce((sum, row, i) => sum + v[i] * row[k], 0) / W);
  const spread = u.reduce((sum, row, i) => sum + v[i] * row.reduce((s, x, k) => s + (x - mean[k]) ** 2, 0), 0);
  const trace = spread / (W - V / W);
  const squaredNorm = mean.reduce((sum, x) => sum + x * x, 0) - (trace * V) / W ** 2;
  return { mean, trace, squaredNorm, scale: trace / squaredNorm };
}

function expectDefinition(found: GradientReport, u: number[][], v: number[], digits = 1e-11): void {
  const expected = definition(u, v);
  const near = (x: unknown, y: number) => expect(Math.abs(Number(x) / y - 1)).toBeLessThan(digits);
  [found.meanGradient].flat().forEach((x, k) => {
    near(x, expected.mean[k]);
  });
  near(found.covarianceTrace, expected.trace);
  near(found.squaredNorm, expected.squaredNorm);
  near(found.noiseScale, expected.scale);
}

const rowsOf = (flat: readonly number[], width: number): number[][] =>
  wave(flat.length / width, (i) => i).map((i) => flat.slice(i * width, (i + 1) * width));

describe.each(['f32', 'f64'] as const)('the gradient in a report of %s', (type) => {
  const n = 900;
  const p = wave(n, (i) => Math.fround(3 + Math.sin(i) * 2));
  const y = wave(n, (i) => Math.fround(Math.cos(i * i)));
  const z = wave(n, (i) => i).map((i) => wave(3, (k) => Math.fround(Math.sin(i * 3 + k) * 4 + k)));
  const k = wave(n, (i) => (i * 7 + (i >> 4)) % 3);

  it('has norms and mean of the elements as written, each rounded once', async () => {
    const { gradient, ...outcome } = await evaluateArrays(type, z, k, { losses: ['cross_entropy'] });
    const report = gradientOf(outcome);
    expect(report).toEqual({
      l2: Math.sqrt(exactSum(gradient, gradient)),
      linf: Math.max(...gradient.map(Math.abs)),
      mean: expect.closeTo(exactSum(gradient) / (3 * n), 15),
    });
  });

  it('has the noise scale of the definition, for one prediction a row', async () => {
    const { gradient, ...outcome } = await evaluateArrays(type, p, y, { losses: ['mse'], gradient: summary });
    expectDefinition(
      gradientOf(outcome),
      rowsOf(gradient, 1),
      wave(n, () => 1),
    );
    expect(gradientOf(outcome).meanGradient).toBeCloseTo(exactSum(gradient) / n, 14);
  });

  it('has a mean gradient a class, and the noise of all', async () => {
    const { gradient, ...outcome } = await evaluateArrays(type, z, k, { losses: ['cross_entropy'], gradient: summary });
    const report = gradientOf(outcome);
    const sums = wave(3, (c) => exactSum(rowsOf(gradient, 3).map((row) => row[c])));
    for (const [c, mean] of [report.meanGradient].flat().entries()) expect(mean).toBeCloseTo(sums[c] / n, 15);
    expectDefinition(
      report,
      rowsOf(gradient, 3),
      wave(n, () => 1),
    );
  });

  it('weighs rows by row weight and class weight, and leaves out what does not count', async () => {
    const weight = wave(n, (i) => (i % 5) / 2);
    const c = [1, 0.25, 3];
    const bad = z.map((row, i) => (i % 50 === 0 ? [Number.NaN, 1, 2] : row));
    const { gradient, ...outcome } = await evaluateArrays(type, bad, k, {
      losses: [{ name: 'cross_entropy', class_weight: c, ignore_index: 1 }],
      badRows: 'skip',
      gradient: summary,
      weight,
    });
    const counted = wave(n, (i) => i).filter((i) => weight[i] > 0 && k[i] !== 1 && i % 50 !== 0);
    const v = counted.map((i) => weight[i] * c[k[i]]);
    const g = rowsOf(gradient, 3);
    // Where float32 gradients were rounded after the weight, so were the definition's.
    expectDefinition(
      gradientOf(outcome),
      counted.map((i, j) => g[i].map((x) => x / v[j])),
      v,
      type === 'f32' ? 1e-6 : 1e-11,
    );
    for (const [i, row] of g.entries()) if (!counted.includes(i)) expect(row).toEqual([0, 0, 0]);
  });

  it('has the same bits for any cut, weighted', async () => {
    const found = new Set<string>();
    for (const rows of [256, 512, 2 ** 30]) {
      const outcome = await evaluateArrays(type, z, k, {
        losses: ['cross_entropy'],
        weight: wave(n, (i) => 1 / (1 + (i % 7))),
        gradient: summary,
        shard: { rows },
        worst: 0,
      });
      found.add(JSON.stringify(outcome.answer.losses));
    }
    expect(found.size).toBe(1);
  });
});

describe('the noise scale', () => {
  const of = async (p: (number | string)[], more: Partial<Spec> & { y?: number[] } = {}) => {
    const { y = p.map(() => 0), ...spec } = more;
    const answer = await evaluateInline({
      version: 1,
      data: { inline: { p, y } },
      columns: { prediction: 'p', target: 'y' },
      losses: ['mse'],
      gradient: 'summary',
      ...spec,
    } as Spec);
    return gradientOf({ answer });
  };

  it('loses nothing where the gradients nearly agree', async () => {
    // 2^27 +- 1/2: in float64 the squares of both are the same number.
    const near = await of([2 ** 27 + 0.25, 2 ** 27 - 0.25]);
    expect(near.covarianceTrace).toBe(0.5);
    expect(near.squaredNorm).toBe(2 ** 56 - 0.25);
    expect(near.noiseScale).toBe(0.5 / (2 ** 56 - 0.25));
  });

  it('is Infinity where the mean gradient is no larger than noise makes it', async () => {
    expect(await of([1, -1])).toEqual({
      ...{ l2: Math.sqrt(8), linf: 2, mean: 0, meanGradient: 0 },
      ...{ covarianceTrace: 8, squaredNorm: -4, noiseScale: 'Infinity' },
    });
  });

  it('is unknown of one row, of none, and of zero gradients', async () => {
    expect((await of([3])).noiseScale).toBe('NaN');
    expect((await of([0, 0, 0])).noiseScale).toBe('NaN');
    const none = await of([Number.NaN as unknown as string, 'NaN'], { badRows: 'skip' });
    expect(none).toMatchObject({ l2: 0, linf: 0, mean: 'NaN', meanGradient: 'NaN', noiseScale: 'NaN' });
  });

  it('is 0 where all gradients are equal', async () => {
    expect((await of([2, 2, 2])).noiseScale).toBe(0);
  });

  it('has norms where the squares leave float64', async () => {
    expect(await of([1e200, -1e200])).toMatchObject({ l2: Math.sqrt(2) * 2e200, linf: 2e200, mean: 0 });
    expect((await of([1e-200])).l2).toBe(2e-200);
    expect(await of(['Infinity', 1])).toMatchObject({ l2: 'Infinity', mean: 'Infinity', noiseScale: 'NaN' });
  });

  it('is refused of more columns than can be summed up', async () => {
    const wide = wave(16_385, (i) => i);
    const spec = { version: 1, data: { inline: { p: [wide], y: [0] } }, columns: { prediction: 'p', target: 'y' } };
    await expect(prepare({ ...spec, losses: ['cross_entropy'], gradient: 'summary' })).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
      message: expect.stringMatching(/^gradient: .* 16385 predictions; at most 16384/),
    });
  });
});

it('a partial with a summary reads back as it was, and damaged sizes are refused', async () => {
  const spec: Spec = {
    version: 1,
    data: { inline: { p: wave(600, Math.sin), y: wave(600, Math.cos), w: wave(600, (i) => i % 3) } },
    columns: { prediction: 'p', target: 'y', weight: 'w' },
    losses: ['mse', 'mae'],
    gradient: 'summary',
  };
  const { plan, dataset } = await prepare(spec);
  const runner = new ShardRunner(plan, dataset, createKernels());
  const partial = runner.partial();
  for (const shard of shardsOf(plan)) await runner.run(shard, partial);
  await dataset.close();
  const bytes = encodePartial(partial);
  expect(Buffer.from(encodePartial(decodePartial(bytes, plan.spec))).equals(bytes)).toBe(true);
  const greatest = Buffer.alloc(8);
  greatest.writeDoubleLE(partial.losses[0].gradient?.greatest ?? 0);
  const at = Buffer.from(bytes).indexOf(greatest);
  const damaged = Buffer.from(bytes);
  damaged.writeDoubleLE(-1, at);
  expect(() => decodePartial(damaged, plan.spec)).toThrow(/-1 where a size belongs/);
});
