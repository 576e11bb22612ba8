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
import { exactSum } from './helpers/rational.js';

/** Numbers that make sums hard: huge, tiny, denormal, cancelling. */
const hard = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e150, max: 1e150 }),
  fc.double({ noNaN: true, min: -10, max: 10 }),
  fc.constantFrom(0, -0, 5e-324, -5e-324, 1e-310, 1e150, -1e150, 1, 1 + 2 ** -52),
);
const special = fc.oneof(
  { weight: 30, arbitrary: hard },
  { weight: 1, arbitrary: fc.constantFrom(Infinity, -Infinity) },
);

const column = (of: fc.Arbitrary<number>) => fc.array(of, { minLength: 1, maxLength: 40 });

/** Repeats a few drawn values to `n` rows, unevenly. */
const stretch = (values: readonly number[], n: number, step: number): number[] =>
  Array.from({ length: n }, (_, i) => values[(i * step + (i >> 3)) % values.length]);

const CUTS = [256, 768, 1000, 262_144, 2 ** 40];

async function digests(spec: Spec): Promise<string[]> {
  const found: string[] = [];
  for (const rows of CUTS) found.push((await evaluateInline({ ...spec, shard: { rows } })).digest);
  return found;
}

describe('the digest', () => {
  it('is the same for every cut, with hard and non-finite values, weights and slices', async () => {
    await fc.assert(
      fc.asyncProperty(
        column(special),
        column(special),
        fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 9 }),
        fc.integer({ min: 1, max: 3000 }),
        async (p, y, w, n) => {
          const spec: Spec = {
            version: 1,
            data: {
              inline: {
                p: stretch(p, n, 7).map(jsonable),
                y: stretch(y, n, 5).map(jsonable),
                w: stretch(w, n, 3),
                g: Array.from({ length: n }, (_, i) => ['a', 'b', null, 'c'][(i * i + (i >> 5)) % 4]),
              },
            },
            columns: { prediction: 'p', target: 'y', weight: 'w' },
            losses: ['error', 'mse', 'mae', { name: 'huber', delta: 1.5 }],
            gradient: 'norms',
            slices: ['g'],
          };
          expect(new Set(await digests(spec)).size).toBe(1);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('is the same for every real loss, with variances, weights and bad rows', async () => {
    const positive = fc.oneof(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.constantFrom(0, 5e-324, -1, Infinity));
    await fc.assert(
      fc.asyncProperty(
        column(special),
        column(positive),
        column(positive),
        fc.integer({ min: 1, max: 2000 }),
        async (p, y, v, n) => {
          const spec: Spec = {
            version: 1,
            data: {
              inline: {
                p: stretch(p, n, 7).map(jsonable),
                y: stretch(y, n, 5).map(jsonable),
                v: stretch(v, n, 3).map(jsonable),
                w: Array.from({ length: n }, (_, i) => i % 4),
              },
            },
            columns: { prediction: 'p', target: 'y', variance: 'v', weight: 'w' },
            losses: [
              ...['smooth_l1', 'pseudo_huber', 'log_cosh', 'quantile', 'expectile', 'mape', 'smape', 'gamma_nll'],
              ...['tweedie', 'gaussian_nll', { name: 'poisson_nll', full: true }],
            ],
            gradient: 'summary',
            badRows: 'skip',
          };
          expect(new Set(await digests(spec)).size).toBe(1);
        },
      ),
      { numRuns: 12 },
    );
  });

  it('is the same for classification, with ignored and bad rows', async () => {
    const logit = fc.oneof(
      fc.double({ min: -50, max: 50, noNaN: true }),
      fc.constantFrom(Infinity, -Infinity, Number.NaN, 0),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(logit, { minLength: 3, maxLength: 31 }),
        fc.integer({ min: 1, max: 1500 }),
        async (drawn, n) => {
          const z = stretch(drawn, n * 3, 11);
          const spec: Spec = {
            version: 1,
            data: {
              inline: {
                z: Array.from({ length: n }, (_, i) => z.slice(3 * i, 3 * i + 3).map(jsonable)),
                y: Array.from({ length: n }, (_, i) => [0, 1, 2, -1, 7][(i * 7) % 5]),
              },
            },
            columns: { prediction: 'z', target: 'y' },
            losses: [
              { name: 'cross_entropy', ignore_index: -1, class_weight: [1, 0.3, 2] },
              { name: 'cross_entropy', ignore_index: -1, label_smoothing: 0.1 },
            ],
            gradient: 'summary',
            badRows: 'skip',
          };
          expect(new Set(await digests(spec)).size).toBe(1);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('does not depend on which partial is merged into which, nor on their bytes', async () => {
    const n = 5000;
    const spec = {
      version: 1,
      data: {
        inline: {
          p: Array.from({ length: n }, (_, i) => Math.sin(i) * 10 ** ((i % 13) - 6)),
          y: Array.from({ length: n }, (_, i) => Math.cos(i)),
          g: Array.from({ length: n }, (_, i) => i % 7),
        },
      },
      columns: { prediction: 'p', target: 'y' },
      losses: ['mse', 'mae'],
      slices: ['g'],
      gradient: 'summary',
      shard: { rows: 256 },
    };
    const expected = (await evaluateInline(spec)).digest;
    const { plan, dataset } = await prepare(spec);
    const runner = new ShardRunner(plan, dataset, createKernels());
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...shardsOf(plan)], { minLength: plan.shards }),
        fc.boolean(),
        async (shards, viaBytes) => {
          let total = new Partial(plan.spec);
          for (const shard of shards) {
            const own = runner.partial();
            await runner.run(shard, own);
            const arrived = new Partial(plan.spec);
            arrived.merge(viaBytes ? decodePartial(encodePartial(own), plan.spec) : own);
            if (shard.index % 2 === 0) total.merge(arrived);
            else {
              arrived.merge(total);
              total = arrived;
            }
          }
          expect((await answer(plan, dataset, total)).digest).toBe(expected);
        },
      ),
      { numRuns: 20 },
    );
    await dataset.close();
  });
});

describe('the sum', () => {
  it('is the correctly rounded sum of the row values', async () => {
    await fc.assert(
      fc.asyncProperty(column(hard), fc.integer({ min: 1, max: 700 }), async (values, n) => {
        const p = stretch(values, n, 3);
        const { losses } = await evaluateInline({
          version: 1,
          data: { inline: { p, y: p.map(() => 0) } },
          columns: { prediction: 'p', target: 'y' },
          losses: ['error', 'mae'],
          worst: 0,
        });
        expect(losses[0].sum).toBe(exactSum(p));
        expect(losses[1].sum).toBe(exactSum(p.map(Math.abs)));
      }),
      { numRuns: 60 },
    );
  });

  it('is the correctly rounded sum of weight times loss', async () => {
    const weight = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
    await fc.assert(
      fc.asyncProperty(
        column(fc.double({ min: -1e6, max: 1e6, noNaN: true })),
        column(weight),
        fc.integer({ min: 1, max: 700 }),
        async (values, weights, n) => {
          const p = stretch(values, n, 3);
          const w = stretch(weights, n, 5);
          const { losses } = await evaluateInline({
            version: 1,
            data: { inline: { p, w, y: p.map(() => 0) } },
            columns: { prediction: 'p', target: 'y', weight: 'w' },
            losses: ['error'],
            worst: 0,
          });
          expect(losses[0].sum).toBe(exactSum(p, w));
          expect(losses[0].weight).toBe(exactSum(w));
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** Inline data carries what JSON cannot hold as text. */
function jsonable(x: number): number | string {
  return Number.isFinite(x) ? x : String(x);
}
