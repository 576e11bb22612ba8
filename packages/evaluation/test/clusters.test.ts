import { createKernels } from '@lossmill/kernels';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  answer,
  decodePartial,
  encodePartial,
  evaluateInline,
  type LossReport,
  Partial,
  prepare,
  ShardRunner,
  type Spec,
  shardsOf,
} from '../src/index.js';

/** Sandwich error of a weighted mean, clusters independent, with G / (G - 1): straight from its definition. */
function oracle(losses: readonly number[], weights: readonly number[], cluster: readonly unknown[]) {
  const total = weights.reduce((a, b) => a + b, 0);
  const mean = losses.reduce((sum, l, i) => sum + weights[i] * l, 0) / total;
  const groups = new Map<unknown, { score: number; weight: number; sum: number; count: number }>();
  losses.forEach((loss, i) => {
    if (weights[i] === 0) return;
    const group = groups.get(cluster[i]) ?? { score: 0, weight: 0, sum: 0, count: 0 };
    group.score += weights[i] * (loss - mean);
    group.weight += weights[i];
    group.sum += weights[i] * loss;
    group.count++;
    groups.set(cluster[i], group);
  });
  const all = [...groups.values()];
  const G = all.length;
  const own = all.map(({ sum, weight }) => sum / weight);
  const middle = own.reduce((a, b) => a + b, 0) / G;
  return {
    count: G,
    stderr: Math.sqrt((G / (G - 1)) * all.reduce((sum, { score }) => sum + score ** 2, 0)) / total,
    mean: middle,
    std: Math.sqrt(own.reduce((sum, m) => sum + (m - middle) ** 2, 0) / (G - 1)),
  };
}

const rows = 2100;
const range = Array.from({ length: rows }, (_, i) => i);
const prediction = range.map((i) => Math.sin(i) + (i % 37) / 9);
const target = range.map((i) => (i % 11) / 5);
const weight = range.map((i) => (i * 7) % 4);
const user = range.map((i) => `u${(i * i + (i >> 4)) % 23}`);
const errors = range.map((i) => Math.abs(prediction[i] - target[i]));

const spec = (columns: Record<string, string>, more: object = {}): Spec => ({
  version: 1,
  data: { inline: { p: prediction, y: target, w: weight, user, row: range } },
  columns: { prediction: 'p', target: 'y', ...columns },
  losses: ['mae', 'mse'],
  ...more,
});

const maeOf = async (given: Spec): Promise<LossReport> => (await evaluateInline(given)).losses[0];

describe('columns.cluster', () => {
  it.each([
    ['without weights', {}, range.map(() => 1)],
    ['with weights', { weight: 'w' }, weight],
  ])('makes standard errors of clusters, %s', async (_, columns, weights) => {
    const wanted = oracle(errors, weights, user);
    const plain = await maeOf(spec(columns));
    const { clusters, stderr, interval, mean } = await maeOf(spec({ ...columns, cluster: 'user' }));
    expect(plain.clusters).toBeUndefined();
    expect(clusters).toMatchObject({ column: 'user', count: wanted.count, rowStderr: plain.stderr });
    expect(stderr).toBeCloseTo(wanted.stderr, 12);
    expect(clusters?.stderr).toBe(stderr);
    expect(clusters?.interval).toEqual(interval);
    expect(mean).toBe(plain.mean);
    expect(clusters?.means.mean).toBeCloseTo(wanted.mean, 12);
    expect(clusters?.means.std).toBeCloseTo(wanted.std, 12);
    expect(clusters?.means.stderr).toBeCloseTo(wanted.std / Math.sqrt(wanted.count), 12);
  });

  it('is the plain standard error where every row is a cluster of its own', async () => {
    const plain = await maeOf(spec({ weight: 'w' }));
    const { stderr, clusters } = await maeOf(spec({ weight: 'w', cluster: 'row' }));
    expect(stderr).toBeCloseTo(plain.stderr as number, 14);
    expect(clusters?.count).toBe(weight.filter((w) => w !== 0).length);
  });

  it('names the clusters of greatest mean loss, numbers as numbers', async () => {
    const { clusters } = await maeOf(spec({ cluster: 'row' }, { worst: 2 }));
    const order = range.toSorted((a, b) => errors[b] - errors[a]);
    expect(clusters?.worst.map(({ cluster, count }) => [cluster, count])).toEqual(order.slice(0, 2).map((i) => [i, 1]));
  });

  it('has no standard error of one cluster', async () => {
    const data = { inline: { p: prediction, y: target, c: range.map(() => 'one') } };
    const { clusters, stderr } = await maeOf({ ...spec({ cluster: 'c' }), data });
    expect([stderr, clusters?.count, clusters?.means.std]).toEqual(['NaN', 1, 'NaN']);
  });

  it('keeps the digits of 1e9 plus noise', async () => {
    const far = { inline: { p: errors.map((e) => 1e9 + e), y: range.map(() => 0), user } };
    const { stderr } = await maeOf({ ...spec({ cluster: 'user' }), data: far });
    expect(stderr as number).toBeCloseTo(
      oracle(
        errors,
        range.map(() => 1),
        user,
      ).stderr,
      6,
    );
  });

  it('refuses a row without a cluster, or leaves it out', async () => {
    const data = { inline: { p: prediction, y: target, c: user.map((name, i) => (i === 5 ? null : name)) } };
    const given = { ...spec({ cluster: 'c' }), data };
    await expect(evaluateInline(given)).rejects.toMatchObject({
      code: 'BAD_ROW',
      message: expect.stringMatching(/row 5\b.*\bc\b.*is missing/),
    });
    const { rows: counts } = await evaluateInline({ ...given, badRows: 'skip' });
    expect(counts).toMatchObject({ bad: 1, badReasons: { 'missing cluster': 1 } });
  });

  it('says which error bars take rows as independent', async () => {
    const { warnings } = await evaluateInline(spec({ cluster: 'user' }, { slices: ['user'] }));
    expect(warnings).toEqual([expect.stringMatching(/^The standard errors of slices take rows as independent/)]);
    expect((await evaluateInline(spec({ cluster: 'user' }))).warnings).toEqual([]);
  });

  it('gives the same bits for every cut and every order of merging', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 3000 }),
        fc.integer({ min: 1, max: 300 }),
        fc.infiniteStream(fc.nat()),
        async (values, n, groups, order) => {
          const inline = {
            p: Array.from({ length: n }, (_, i) => values[(i * 7 + (i >> 3)) % values.length]),
            y: Array.from({ length: n }, (_, i) => i % 3),
            c: Array.from({ length: n }, (_, i) => (i * i + (i >> 5)) % groups),
          };
          const given: Spec = {
            version: 1,
            data: { inline },
            columns: { prediction: 'p', target: 'y', cluster: 'c' },
            losses: ['mse', 'mae'],
            slices: ['y'],
          };
          const whole = await evaluateInline(given);
          expect(await mergedInAnyOrder(given, order)).toEqual(whole);
        },
      ),
      { numRuns: 40 },
    );
  });
});

/** Partials of single blocks, each through its bytes, merged in a drawn order. */
async function mergedInAnyOrder(spec: Spec, order: IterableIterator<number>) {
  const { plan, dataset } = await prepare({ ...spec, shard: { rows: 256 } });
  const partials: Partial[] = [];
  for (const shard of shardsOf(plan)) {
    const runner = new ShardRunner(plan, dataset, createKernels());
    const partial = runner.partial();
    await runner.run(shard, partial);
    partials.push(decodePartial(encodePartial(partial), plan.spec));
  }
  const total = new Partial(plan.spec);
  while (partials.length > 0) total.merge(partials.splice(order.next().value % partials.length, 1)[0]);
  const again = encodePartial(decodePartial(encodePartial(total), plan.spec));
  expect(again).toEqual(encodePartial(total));
  const result = await answer(plan, dataset, total);
  await dataset.close();
  return result;
}
