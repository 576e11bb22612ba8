import { describe, expect, it } from 'vitest';
import { reference } from '../../src/index.js';
import { bitsOf, kernels, LENGTHS, place, viewOf, withMemory } from '../support/instance.js';
import { distributions, specials } from '../support/random.js';

const FIELDS = 10;
const blocks = (n: number) => Math.ceil(n / 256);

function momentsOf(x: number[], w?: number[]): Float64Array {
  return withMemory(() => {
    const out = place('f64', new Float64Array(FIELDS * blocks(x.length)));
    if (w) kernels.exports.moments_weighted_f64(place('f64', x, 1), place('f64', w, 1), x.length, out);
    else kernels.exports.moments_f64(place('f64', x, 1), x.length, out);
    return viewOf('f64', out, FIELDS * blocks(x.length)).slice() as Float64Array;
  });
}

function twinOf(x: number[], w?: number[]): Float64Array {
  const out = new Float64Array(FIELDS * blocks(x.length));
  if (w) reference.moments_weighted_f64(Float64Array.from(x), Float64Array.from(w), x.length, out);
  else reference.moments_f64(Float64Array.from(x), x.length, out);
  return out;
}

describe('block moments', () => {
  it('equal their twin bit for bit at every length, of ordinary and special values', () => {
    const draw = distributions(3).normal;
    for (const n of LENGTHS) {
      for (const x of [Array.from({ length: n }, draw), specials(n, n)]) {
        const w = Array.from({ length: n }, () => Math.abs(draw()));
        expect(bitsOf(momentsOf(x))).toEqual(bitsOf(twinOf(x)));
        expect(bitsOf(momentsOf(x, w))).toEqual(bitsOf(twinOf(x, w)));
        expect(bitsOf(momentsOf(x, specials(n, n + 1)))).toEqual(bitsOf(twinOf(x, specials(n, n + 1))));
      }
    }
  });

  it('depend on the rows of their block alone', () => {
    const x = Array.from({ length: 700 }, distributions(4)['lognormal(4)']);
    expect(momentsOf(x).slice(2 * FIELDS)).toEqual(momentsOf(x.slice(512)));
    expect(momentsOf(x, x).slice(2 * FIELDS)).toEqual(momentsOf(x.slice(512), x.slice(512)));
  });

  it('keep the deviations of values with a huge mean', () => {
    const [rows, w, mean, lo, m] = momentsOf([1e9 + 0.25, 1e9 - 0.25, 1e9 + 0.5, 1e9 - 0.5, 1e9 + 1]);
    expect([rows, w]).toEqual([5, 5]);
    expect(mean + lo).toBe(1e9 + 0.2);
    expect(m).toBeCloseTo(1.425, 12);
  });

  it('hold weight, squares and shares about the weighted mean', () => {
    const [rows, w, mean, lo, m, v, r, q, min, max] = momentsOf([1, 2, 4], [3, 1, 1]);
    expect([rows, w, v, min, max]).toEqual([3, 5, 11, 1, 4]);
    const c = mean + lo;
    expect(c).toBeCloseTo(1.8, 15);
    expect(m).toBeCloseTo(3 * 0.64 + 0.04 + 4.84, 14);
    expect(r).toBeCloseTo(9 * -0.8 + 0.2 + 2.2, 14);
    expect(q).toBeCloseTo(9 * 0.64 + 0.04 + 4.84, 14);
  });

  it('are the plain ones where weights are all 1, up to rounding', () => {
    const x = Array.from({ length: 256 }, distributions(8).normal);
    const plain = momentsOf(x);
    const weighted = momentsOf(
      x,
      x.map(() => 1),
    );
    for (const field of [0, 1, 2, 4, 5, 7, 8, 9]) expect(weighted[field]).toBeCloseTo(plain[field], 10);
  });

  it('have an empty mean where there is no weight', () => {
    expect(Array.from(momentsOf([3, 4], [0, 0]))).toEqual([2, 0, 0, 0, 0, 0, 0, 0, 3, 4]);
  });

  it('find NaN, infinities and zeros of either sign', () => {
    expect(Array.from(momentsOf([1, Number.NaN, 3]).slice(8))).toEqual([Number.NaN, Number.NaN]);
    expect(Array.from(momentsOf([Infinity, 1, -Infinity]).slice(8))).toEqual([-Infinity, Infinity]);
    expect(bitsOf(momentsOf([-0, -0]).slice(8))).toEqual(['0', '0']);
    expect(bitsOf(momentsOf([0, -0, 0, -0, -0]).slice(8))).toEqual(['0', '0']);
  });
});

describe('the range of block records', () => {
  const rangeOf = (records: Float64Array): string[] =>
    withMemory(() => {
      const out = place('f64', [0, 0]);
      kernels.exports.moments_range_f64(place('f64', records), records.length / FIELDS, out);
      return bitsOf(viewOf('f64', out, 2));
    });

  it('equals its twin', () => {
    for (const x of [LENGTHS.map((n) => n - 900.5), specials(2000, 1), specials(2000, 2).map((v) => v || 1)]) {
      const records = momentsOf(x);
      const twin = new Float64Array(2);
      reference.moments_range_f64(records, records.length / FIELDS, twin);
      expect(rangeOf(records)).toEqual(bitsOf(twin));
    }
  });

  it('keeps a NaN, and leaves out blocks without rows', () => {
    const empty = new Float64Array(FIELDS);
    const block = (...x: number[]) => momentsOf(x);
    expect(rangeOf(Float64Array.of(...block(4, 5), ...empty, ...block(3, 7)))).toEqual(['3', '7']);
    expect(rangeOf(Float64Array.of(...block(1, Number.NaN), ...block(3)))).toEqual(['NaN', 'NaN']);
    expect(rangeOf(empty)).toEqual(['Infinity', '-Infinity']);
  });
});
