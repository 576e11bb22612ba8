import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exp, log } from '../src/index.js';

const near = (actual: number, expected: number): void => {
  if (!Number.isFinite(expected) || expected === 0) expect(actual).toBe(expected);
  else expect(Math.abs(actual / expected - 1)).toBeLessThanOrEqual(4 * 2 ** -52);
};

describe('elementary functions', () => {
  it('exp agrees with the engine to a few ulp, and at its ends', () => {
    fc.assert(fc.property(fc.double({ min: -700, max: 709, noNaN: true }), (x) => near(exp(x), Math.exp(x))));
    for (const x of [0, -0, 1, -1, 709.7, 710, Infinity, -Infinity, -800]) near(exp(x), Math.exp(x));
    expect(exp(Number.NaN)).toBeNaN();
  });

  it('log agrees with the engine to a few ulp, and at its ends', () => {
    fc.assert(
      fc.property(fc.double({ min: 5e-324, max: Number.MAX_VALUE, noNaN: true }), (x) => near(log(x), Math.log(x))),
    );
    for (const x of [0, 1, 2, 0.5, 5e-324, 2 ** 1000, 6.4e307, 1e308, Number.MAX_VALUE, Infinity])
      near(log(x), Math.log(x));
    expect(log(-1)).toBeNaN();
  });
});
