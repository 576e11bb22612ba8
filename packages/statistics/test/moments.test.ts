import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupMoments, mergeMoments, NODE, spread } from '../src/index.js';

const one = (values: readonly number[], weights: readonly number[] | null = null): Float64Array => {
  const nodes = new Float64Array(NODE);
  const n = values.length;
  groupMoments(Float64Array.from(values), weights && Float64Array.from(weights), new Int32Array(n), 0, n, {
    nodes,
    stride: 1,
    offset: 0,
  });
  return nodes;
};

/** Two passes with weights, about the exact mean as far as float64 goes. */
function truth(values: readonly number[], weights: readonly number[]) {
  const w = weights.reduce((a, b) => a + b, 0);
  const shift = values[0];
  const mean = shift + values.reduce((sum, x, i) => sum + weights[i] * (x - shift), 0) / w;
  const m = values.reduce((sum, x, i) => sum + weights[i] * (x - mean) ** 2, 0);
  const q = values.reduce((sum, x, i) => sum + (weights[i] * (x - mean)) ** 2, 0);
  const v = weights.reduce((sum, x) => sum + x * x, 0);
  const n = values.length;
  return { std: Math.sqrt(m / (w - v / w)), stderr: Math.sqrt((n / (n - 1)) * q) / w };
}

const close = (actual: number, expected: number, relative: number): void => {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(relative * Math.abs(expected) + 1e-300);
};

describe('moments', () => {
  it('give the sample standard deviation and the standard error of the mean', () => {
    const { std, stderr } = spread(one([1, 2, 3, 4]));
    close(std, Math.sqrt(5 / 3), 1e-15);
    close(stderr, Math.sqrt(5 / 12), 1e-15);
  });

  it('are NaN below two rows', () => {
    expect(spread(one([]))).toEqual({ std: Number.NaN, stderr: Number.NaN });
    expect(spread(one([7]))).toEqual({ std: Number.NaN, stderr: Number.NaN });
  });

  it('keep the deviation of 1e9 plus noise through any merge', () => {
    const noise = (i: number): number => Math.sin(i * 12.9898) * 1e-3;
    const values = Array.from({ length: 4096 }, (_, i) => 1e9 + noise(i));
    const expected = truth(
      values,
      values.map(() => 1),
    );
    for (const size of [1, 7, 256, 4096]) {
      const total = new Float64Array(NODE);
      for (let i = 0; i < values.length; i += size) mergeMoments(total, 0, one(values.slice(i, i + size)), 0);
      close(spread(total).std, expected.std, 1e-6);
      close(spread(total).stderr, expected.stderr, 1e-6);
    }
  });

  it('agree with two passes for weighted rows cut anywhere', () => {
    const row = fc.record({
      x: fc.double({ min: -1e3, max: 1e3, noNaN: true }),
      w: fc.double({ min: 0.01, max: 100, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 3, maxLength: 50 }), fc.nat(50), (rows, at) => {
        const x = rows.map((r) => r.x);
        const w = rows.map((r) => r.w);
        const cut = Math.min(at, rows.length);
        const total = one(x.slice(0, cut), w.slice(0, cut));
        mergeMoments(total, 0, one(x.slice(cut), w.slice(cut)), 0);
        const expected = truth(x, w);
        const scale = Math.max(...x.map(Math.abs), 1e-9);
        expect(Math.abs(spread(total).std - expected.std)).toBeLessThanOrEqual(1e-7 * scale + 1e-6 * expected.std);
        expect(Math.abs(spread(total).stderr - expected.stderr)).toBeLessThanOrEqual(
          1e-7 * scale + 1e-6 * expected.stderr,
        );
      }),
    );
  });

  it('reduce to the unweighted ones when all weights are 1', () => {
    const values = [3, 1, 4, 1, 5, 9, 2, 6];
    expect([
      ...one(
        values,
        values.map(() => 1),
      ),
    ]).toEqual([...one(values)]);
  });

  it('of rows without weight change nothing but the count, in any merge', () => {
    const silent = one([0, 3], [0, 0]);
    expect([...silent]).toEqual([2, 0, 0, 0, 0, 0, 0, 0]);
    const both = one([9], [0]);
    mergeMoments(both, 0, silent, 0);
    expect([...both]).toEqual([3, 0, 0, 0, 0, 0, 0, 0]);
    const loud = one([1, 2, 4], [3, 1, 1]);
    for (const [left, right] of [
      [loud.slice(), both],
      [both.slice(), loud],
    ]) {
      mergeMoments(left, 0, right, 0);
      expect([...left]).toEqual([6, ...loud.slice(1)]);
    }
  });

  it('of equal values give no spread, whatever the weights round to', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        fc.array(fc.double({ min: 1e-3, max: 1, noNaN: true }), { minLength: 2, maxLength: 300 }),
        (x, weights) => {
          const { std, stderr } = spread(
            one(
              weights.map(() => x),
              weights,
            ),
          );
          expect(std).toBeLessThanOrEqual(1e-12 * x);
          expect(stderr).toBeLessThanOrEqual(1e-12 * x);
        },
      ),
    );
  });

  it('are kept apart by group', () => {
    const nodes = new Float64Array(2 * 3 * NODE);
    const values = Float64Array.from([7, 1, 10, 2, 20, 3, 30]);
    groupMoments(values, null, Int32Array.from([0, 0, 1, 0, 1, 0, 1]), 1, 7, { nodes, stride: 3, offset: 2 });
    expect([...nodes.slice(2 * NODE, 3 * NODE)]).toEqual([3, 3, 2, 0, 2, 3, 0, 2]);
    expect([...nodes.slice(5 * NODE, 6 * NODE)]).toEqual([3, 3, 20, 0, 200, 3, 0, 200]);
    expect(nodes.slice(3 * NODE, 5 * NODE).every((x) => x === 0)).toBe(true);
  });
});
