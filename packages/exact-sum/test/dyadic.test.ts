import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dyadic } from '../src/index.js';

const { add, multiply, of, quotient, squareRoot, subtract } = dyadic;

const value = fc.double({ noNaN: true, noDefaultInfinity: true });
const moderate = fc
  .double({ noNaN: true, min: -(2 ** 300), max: 2 ** 300 })
  .filter((x) => x === 0 || Math.abs(x) > 2 ** -300);

describe('dyadic numbers', () => {
  it('hold every finite float64', () => {
    fc.assert(
      fc.property(value, (x) => {
        expect(quotient(of(x), of(1))).toBe(x + 0);
      }),
    );
  });

  it('round sums, products and quotients as float64 arithmetic does, once', () => {
    fc.assert(
      fc.property(moderate, moderate, (a, b) => {
        expect(quotient(add(of(a), of(b)), of(1))).toBe(a + b + 0);
        expect(quotient(subtract(of(a), of(b)), of(1))).toBe(a - b + 0);
        expect(quotient(multiply(of(a), of(b)), of(1))).toBe(a * b + 0);
        if (b !== 0) expect(quotient(of(a), of(b))).toBe(a / b + 0);
      }),
    );
  });

  it('take roots as Math.sqrt does, and beyond its range', () => {
    fc.assert(
      fc.property(moderate, (x) => {
        expect(squareRoot(of(Math.abs(x)))).toBe(Math.sqrt(Math.abs(x)));
      }),
    );
    for (const x of [1e300, 3e-300, 1.7976931348623157e308, 2 ** -1022])
      expect(squareRoot(multiply(of(x), of(x)))).toBe(x);
    expect(squareRoot(of(0))).toBe(0);
    expect(squareRoot(of(-1))).toBe(Number.NaN);
  });

  it('divide by 0 as float64 arithmetic does', () => {
    expect([1, -1, 0].map((x) => quotient(of(x), of(0)))).toEqual([Infinity, -Infinity, Number.NaN]);
  });

  it('keep what float64 cancels, and give Infinity beyond its range', () => {
    const difference = subtract(multiply(of(1 + 2 ** -52), of(1 + 2 ** -52)), of(1 + 2 ** -51));
    expect(quotient(difference, of(1))).toBe(2 ** -104);
    expect(quotient(multiply(of(1e300), of(-1e300)), of(1))).toBe(-Infinity);
    expect(quotient(of(1e-300), of(1e300))).toBe(0);
  });
});
