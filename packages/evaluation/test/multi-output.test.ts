import { createKernels } from '@lossmill/kernels';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  answer,
  decodePartial,
  encodePartial,
  evaluateInline,
  Partial,
  prepare,
  ShardRunner,
  type Spec,
  shardsOf,
} from '../src/index.js';
import { evaluateArrays } from './helpers/arrays.js';
import { exactSum } from './helpers/rational.js';

const hard = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e150, max: 1e150 }),
  fc.double({ noNaN: true, min: -10, max: 10 }),
  fc.constantFrom(0, -0, 5e-324, 1e-310, 1e150, 1, 1 + 2 ** -52),
);
const special = fc.oneof(
  { weight: 40, arbitrary: hard },
  { weight: 1, arbitrary: fc.constantFrom(Infinity, -Infinity, Number.NaN) },
);
const drawn = (of: fc.Arbitrary<number>) => fc.array(of, { minLength: 5, maxLength: 41 });

const jsonable = (x: number): number | string => (Number.isFinite(x) ? x : String(x));

/** Repeats a few drawn values to `n` rows of `k`, unevenly. */
const rowsOf = (values: readonly number[], n: number, k: number, step: number): number[][] =>
  Array.from({ length: n }, (_, i) =>
    Array.from({ length: k }, (_, j) => values[((i * k + j) * step + (i >> 3)) % values.length]),
  );

const listed = (rows: number[][]): unknown[][] => rows.map((row) => row.map(jsonable));

async function digests(spec: Spec): Promise<string[]> {
  const found: string[] = [];
  for (const rows of [256, 768, 2 ** 40]) found.push((await evaluateInline({ ...spec, shard: { rows } })).digest);
  return found;
}

describe('several outputs a row', () => {
  it('give the same digest for every cut, with hard values, weights, slices and bad rows', async () => {
    await fc.assert(
      fc.asyncProperty(
        drawn(special),
        drawn(hard),
        fc.integer({ min: 1, max: 1500 }),
        fc.integer({ min: 2, max: 9 }),
        async (p, y, n, k) => {
          const spec: Spec = {
            version: 1,
            data: {
              inline: {
                p: listed(rowsOf(p, n, k, 7)),
                y: listed(rowsOf(y, n, k, 5)),
                w: Array.from({ length: n }, (_, i) => (i * 7) % 4),
                g: Array.from({ length: n }, (_, i) => ['a', 'b', null][(i * i + (i >> 5)) % 3]),
              },
            },
            columns: { prediction: 'p', target: 'y', weight: 'w' },
            losses: ['error', 'mse', { name: 'huber', delta: 1.5 }, 'log_cosh'],
            slices: ['g'],
            gradient: 'summary',
            badRows: 'skip',
          };
          expect(new Set(await digests(spec)).size).toBe(1);
        },
      ),
      { numRuns: 12 },
    );
  });

  it('give the same report from partials merged in any order, by way of their bytes', async () => {
    const n = 3000;
    const spec: Spec = {
      version: 1,
      data: {
        inline: {
          p: Array.from({ length: n }, (_, i) => [Math.sin(i) * 10 ** ((i % 13) - 6), Math.cos(i), i]),
          y: Array.from({ length: n }, (_, i) => [Math.cos(i), 1 / (i + 1), i % 7]),
        },
      },
      columns: { prediction: 'p', target: 'y' },
      losses: ['mse', 'mae'],
      shard: { rows: 256 },
    };
    const expected = (await evaluateInline(spec)).digest;
    const { plan, dataset } = await prepare(spec);
    const runner = new ShardRunner(plan, dataset, createKernels());
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...shardsOf(plan)], { minLength: plan.shards }), async (shards) => {
        const total = new Partial(plan.spec);
        for (const shard of shards) {
          const own = runner.partial();
          await runner.run(shard, own);
          total.merge(decodePartial(encodePartial(own), plan.spec));
        }
        expect((await answer(plan, dataset, total)).digest).toBe(expected);
      }),
      { numRuns: 10 },
    );
    await dataset.close();
  });

  it('are the same as lists, as columns and as .npy arrays, and each as if it were alone', async () => {
    const n = 700;
    const p = Array.from({ length: n }, (_, i) => [Math.sin(i), Math.cos(3 * i), 1e6 + Math.sin(i * i)]);
    const y = Array.from({ length: n }, (_, i) => [Math.sin(i + 1), 0.5, 1e6]);
    const w = Array.from({ length: n }, (_, i) => 0.5 + (i % 5));
    const column = (rows: number[][], k: number) => rows.map((row) => row[k]);
    const common = { version: 1, losses: ['error', 'mse', 'pseudo_huber'] } as const;
    const asLists = await evaluateInline({
      ...common,
      losses: [...common.losses],
      data: { inline: { p, y, w } },
      columns: { prediction: 'p', target: 'y', weight: 'w' },
    });
    const inline = Object.fromEntries(
      [0, 1, 2].flatMap((k) => [
        [`p${k}`, column(p, k)],
        [`y${k}`, column(y, k)],
      ]),
    );
    const asColumns = await evaluateInline({
      ...common,
      losses: [...common.losses],
      data: { inline: { ...inline, w } },
      columns: { prediction: ['p0', 'p1', 'p2'], target: ['y0', 'y1', 'y2'], weight: 'w' },
    });
    const arrays = await evaluateArrays('f64', p, y, { losses: [...common.losses], weight: w });
    for (const [i, loss] of asLists.losses.entries()) {
      const { sum, mean, stderr, outputs } = loss;
      expect(asColumns.losses[i]).toMatchObject({ sum, mean, stderr });
      expect(arrays.answer.losses[i]).toMatchObject({
        sum,
        mean,
        stderr,
        outputs: outputs?.map(({ sum, std }) => ({ sum, std })),
      });
      expect(asColumns.losses[i].outputs?.map(({ name }) => name)).toEqual(['y0', 'y1', 'y2']);
    }
    for (const k of [0, 1, 2]) {
      const alone = await evaluateInline({
        ...common,
        losses: [...common.losses],
        data: { inline: { ...inline, w } },
        columns: { prediction: `p${k}`, target: `y${k}`, weight: 'w' },
      });
      for (const [i, { count, weight, sum, mean, std, stderr, interval }] of alone.losses.entries())
        expect(asLists.losses[i].outputs?.[k]).toMatchObject({
          index: k,
          name: `y[${k}]`,
          count,
          weight,
          sum,
          mean,
          std,
          stderr,
          interval,
        });
    }
  });

  it('have the exact sum of rounded row means, and exact sums of their own', async () => {
    await fc.assert(
      fc.asyncProperty(
        drawn(hard),
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 2, max: 5 }),
        async (values, n, k) => {
          const p = rowsOf(values, n, k, 3);
          const { losses } = await evaluateInline({
            version: 1,
            data: { inline: { p, y: p.map((row) => row.map(() => 0)) } },
            columns: { prediction: 'p', target: 'y' },
            losses: ['error'],
            worst: 0,
          });
          expect(losses[0].sum).toBe(exactSum(p.map((row) => exactSum(row) / k)));
          for (const { index, sum } of losses[0].outputs ?? []) expect(sum).toBe(exactSum(p.map((row) => row[index])));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('show lists among the worst rows and write one loss a row and a gradient an element', async () => {
    const {
      answer: found,
      losses,
      gradient,
    } = await evaluateArrays(
      'f32',
      [
        [1, 2],
        [3, 5],
      ],
      [
        [1, 1],
        [1, 1],
      ],
      {
        losses: ['mse'],
        weight: [1, 0.5],
      },
    );
    expect(losses).toEqual([0.5, 10]);
    // d(sum of w (mean of 2 squares)): w 2 (p - y) / 2.
    expect(gradient).toEqual([0, 1, 1, 2]);
    expect(found.losses[0].worst[0]).toMatchObject({ row: 1, loss: 10, prediction: [3, 5], target: [1, 1] });
    expect(found.losses[0].gradient).toMatchObject({ l2: Math.sqrt(6), linf: 2, mean: 1 });
  });

  it('leave accuracy to zero_one, whose mean is the share of wrong elements', async () => {
    const { losses } = await evaluateInline({
      version: 1,
      data: {
        inline: {
          z: [
            [1, 2, -3],
            [4, 5, -6],
          ],
          y: [
            [1, 0, 1],
            [1, 1, 0],
          ],
        },
      },
      columns: { prediction: 'z', target: 'y' },
      losses: ['bce', 'zero_one'],
    });
    expect(losses[0].derived.accuracy).toBeUndefined();
    expect(losses[1].mean).toBe(exactSum([2 / 3, 0]) / 2);
    expect(losses[1].outputs?.map(({ derived }) => derived.accuracy?.value)).toEqual([1, 0.5, 0.5]);
  });

  it('have the mean gradient of each, and no error bars of their own where rows are in clusters', async () => {
    const { losses } = await evaluateInline({
      version: 1,
      data: {
        inline: {
          p: [
            [1, 2],
            [3, 5],
            [0, 1],
          ],
          y: [
            [1, 1],
            [1, 1],
            [1, 1],
          ],
          u: ['a', 'a', 'b'],
        },
      },
      columns: { prediction: 'p', target: 'y', cluster: 'u' },
      losses: ['mse'],
      gradient: 'summary',
    });
    expect(losses[0].gradient?.meanGradient).toEqual([1 / 3, 5 / 3]);
    expect(losses[0].clusters?.count).toBe(2);
    expect(losses[0].outputs?.map(({ mean, stderr, interval }) => [mean, stderr, interval])).toEqual([
      [5 / 3, 'NaN', ['NaN', 'NaN']],
      [17 / 3, 'NaN', ['NaN', 'NaN']],
    ]);
  });

  it('are evaluated but not listed where they are more than 1024', async () => {
    const row = Array.from({ length: 1025 }, (_, k) => k);
    const { losses, warnings } = await evaluateInline({
      version: 1,
      data: { inline: { p: [row, row], y: [row.map((x) => x + 1), row] } },
      columns: { prediction: 'p', target: 'y' },
      losses: ['mse'],
    });
    expect(losses[0]).toMatchObject({ sum: 1, mean: 0.5 });
    expect(losses[0].outputs).toBeUndefined();
    expect(warnings.join()).toMatch(/1025 outputs: figures for each are only given for up to 1024/);
  });
});

describe('what does not fit', () => {
  const data = {
    inline: { p: [[1, 2, 3]], y: [[1, 2]], z: [[1, 2, 'NaN']], s: [1], t: ['a'], v: [[1, 1]] },
  };
  const refused: [string, Spec['columns'], string, string, RegExp][] = [
    [
      'fewer targets',
      { prediction: 'p', target: 'y' },
      'mse',
      'CLASSES_MISMATCH',
      /"y" has 2 targets a row, but the prediction has 3 outputs/,
    ],
    ['fewer columns', { prediction: 'p', target: ['s', 't'] }, 'mse', 'COLUMN_TYPE', /"t" holds text/],
    [
      'one target',
      { prediction: 'p', target: 's' },
      'mse',
      'COLUMN_TYPE',
      /"p" has 3 values a row: mse wants one. Several outputs/,
    ],
    [
      'one prediction',
      { prediction: 's', target: 'y' },
      'mse',
      'COLUMN_TYPE',
      /"y" has 2 values a row; one target is wanted/,
    ],
    [
      'a list among columns',
      { prediction: 'p', target: ['s', 'y'] },
      'mse',
      'SPEC_COMBINATION',
      /"y" has 2 values a row/,
    ],
    [
      'a column twice',
      { prediction: 'p', target: ['s', 's'] },
      'mse',
      'SPEC_COMBINATION',
      /columns.target: a column is listed twice/,
    ],
    [
      'fewer variances',
      { prediction: 'p', target: 'p2', variance: 'v' },
      'gaussian_nll',
      'CLASSES_MISMATCH',
      /"v" has 2 variances a row, but the prediction has 3 outputs/,
    ],
    ['a bad element', { prediction: 'p', target: 'z' }, 'mse', 'BAD_ROW', /column z\[2\]: NaN is not a number/],
  ];
  it.each(refused)('is refused: %s', async (_, columns, loss, code, message) => {
    const spec: Spec = { version: 1, data: { inline: { ...data.inline, p2: [[1, 2, 3]] } }, columns, losses: [loss] };
    await expect(evaluateInline(spec)).rejects.toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });
});
