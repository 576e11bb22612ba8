import { describe, expect, it } from 'vitest';
import { exp_f32, expScaled_f32, expScaled_f64, powerOfTwo } from '../../src/reference/link/exp.js';
import { log_f64, log1p_f32, log1p_f64, log1pUnit_f32, log1pUnit_f64 } from '../../src/reference/link/log.js';
import { worstError } from '../support/truth.js';

/** Numbers between `from` and `to`, densely on a linear and on a logarithmic scale. */
function grid(from: number, to: number): number[] {
  const linear = Array.from({ length: 20_000 }, (_, i) => from + ((to - from) * i) / 19_999);
  const sign = Math.sign(from || to);
  const size = Math.max(Math.abs(from), Math.abs(to));
  const tiny = Array.from({ length: 5_000 }, (_, i) => sign * size * 2 ** (-i / 50));
  return [...linear, ...tiny.filter((x) => x >= from && x <= to)];
}

const worst = (xs: number[], found: (x: number) => number, expected: (x: number) => number) =>
  worstError(xs.map(found), xs.map(expected)).error;

// Math.exp, Math.log and Math.log1p are themselves off by less than 2^-52.
describe('exp and log, float64', () => {
  it('are within 1.5 ulp', () => {
    expect(worst(grid(-640, 0), (x) => expScaled_f64(x) / 2 ** 64, Math.exp)).toBeLessThan(1.5 * 2 ** -52);
    expect(worst(grid(0, 1), log1pUnit_f64, Math.log1p)).toBeLessThan(1.5 * 2 ** -52);
    expect(worst(grid(0, 1e6), log1p_f64, Math.log1p)).toBeLessThan(1.5 * 2 ** -52);
    expect(worst(grid(-0.999, 0), log1p_f64, Math.log1p)).toBeLessThan(2 * 2 ** -52);
    expect(worst(grid(1e-300, 2), log_f64, Math.log)).toBeLessThan(1.5 * 2 ** -52);
    expect(worst([5e-324, 1e-310, 2e-308, 1e300], log_f64, Math.log)).toBeLessThan(2 ** -52);
  });

  it('are exact where the answer is', () => {
    expect([expScaled_f64(0), expScaled_f64(-0)]).toEqual([2 ** 64, 2 ** 64]);
    expect([log1p_f64(0), log1pUnit_f64(0), log_f64(1)]).toEqual([0, 0, 0]);
    expect([log_f64(0), log1p_f64(-1)]).toEqual([-Infinity, -Infinity]);
    expect([log_f64(-1), log1p_f64(-2), log_f64(Number.NaN), expScaled_f64(Number.NaN)]).toEqual(
      new Array(4).fill(Number.NaN),
    );
    expect(expScaled_f64(Number.NEGATIVE_INFINITY) / 2 ** 64).toBe(0);
  });

  it('end in correctly rounded denormals', () => {
    for (const x of [-709, -720, -740, -745, -746]) {
      expect(Math.abs(expScaled_f64(x) / 2 ** 64 - Math.exp(x))).toBeLessThanOrEqual(5e-324);
    }
  });
});

describe('exp and log, float32', () => {
  const rounded = (from: number, to: number) => grid(from, to).map(Math.fround);

  it('are within 2^-22', () => {
    expect(worst(rounded(-80, 0), exp_f32, Math.exp)).toBeLessThan(2 ** -22);
    expect(worst(rounded(-86, 0), (x) => expScaled_f32(x) / 2 ** 24, Math.exp)).toBeLessThan(2 ** -22);
    expect(worst(rounded(0, 1), log1pUnit_f32, Math.log1p)).toBeLessThan(2 ** -22);
    expect(worst(rounded(0, 20), log1p_f32, Math.log1p)).toBeLessThan(2 ** -22);
  });

  it('are exact where the answer is, and keep NaN', () => {
    expect([exp_f32(0), expScaled_f32(0), log1p_f32(0), log1pUnit_f32(0)]).toEqual([1, 2 ** 24, 0, 0]);
    expect([exp_f32, expScaled_f32, log1p_f32, log1pUnit_f32].map((f) => f(Number.NaN))).toEqual(
      new Array(4).fill(Number.NaN),
    );
  });
});

it('powerOfTwo is exact', () => {
  expect([-1022, -1, 0, 1, 1023].map(powerOfTwo)).toEqual([2 ** -1022, 0.5, 1, 2, 2 ** 1023]);
});
