import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACCUMULATOR_BYTES, ExactSum } from '../src/index.js';
import { productUnits, roundUnits, toUnits } from './oracle.js';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const edges = [
  0,
  -0,
  5e-324,
  -5e-324,
  2.225e-308,
  1e308,
  -1e308,
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
  1,
  2 ** 53,
  -(2 ** -1074),
  1e-300,
];
const value = fc.oneof(finite, fc.constantFrom(...edges), fc.integer({ min: -5, max: 5 }));

function sumOf(values: ArrayLike<number>): ExactSum {
  const sum = new ExactSum();
  sum.addArray(values);
  return sum;
}

describe('ExactSum', () => {
  it('rounds the real sum of any values once', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 60 }), (values) => {
        const units = values.reduce((total, x) => total + toUnits(x), 0n);
        expect(sumOf(values).round()).toBe(roundUnits(units));
      }),
      { numRuns: 2000 },
    );
  });

  it('rounds the real sum of any products once, beyond the range of float64 too', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { maxLength: 20 }), (pairs) => {
        const sum = new ExactSum();
        for (const [a, b] of pairs) sum.addProduct(a, b);
        expect(sum.round()).toBe(roundUnits(pairs.reduce((total, [a, b]) => total + productUnits(a, b), 0n)));
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps products that overflow or underflow until they cancel', () => {
    const sum = new ExactSum();
    sum.addProduct(1e308, 1e308);
    sum.addProduct(5e-324, 5e-324);
    sum.addProduct(-1e308, 1e308);
    expect(sum.round()).toBe(0);
    expect(sum.isZero()).toBe(false);
    expect(sum.toRational()).toEqual({ numerator: 1n, exponent: -2148 });
  });

  it('gives the same bytes for every order and grouping', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 30 }), fc.nat(), (values, cut) => {
        const at = cut % (values.length + 1);
        const merged = sumOf(values.slice(at).reverse());
        merged.merge(sumOf(values.slice(0, at)));
        expect(merged.toBytes()).toEqual(sumOf(values).toBytes());
      }),
    );
  });

  it('reads back what it wrote, and goes on from there', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 10 }), value, (values, next) => {
        const sum = sumOf(values);
        const copy = ExactSum.fromBytes(sum.toBytes());
        expect(copy.toBytes()).toEqual(sum.toBytes());
        sum.add(next);
        copy.add(next);
        expect(copy.round()).toBe(sum.round());
      }),
    );
  });

  it('gives the exact ratio', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 10 }), (values) => {
        const { numerator, exponent } = sumOf(values).toRational();
        expect(numerator << BigInt(exponent + 2148)).toBe(values.reduce((total, x) => total + toUnits(x), 0n));
        expect(numerator === 0n ? exponent : numerator & 1n).toBe(numerator === 0n ? 0 : 1n);
      }),
    );
  });

  it('carries after millions of adds of one value', () => {
    const sum = new ExactSum();
    const count = 3_000_001;
    for (let i = 0; i < count; i++) sum.add(Number.MAX_VALUE);
    for (let i = 0; i < count; i++) sum.add(-Number.MAX_VALUE);
    for (let i = 0; i < count; i++) sum.add(-0.1);
    expect(sum.round()).toBe(roundUnits(toUnits(-0.1) * BigInt(count)));
  });

  it('holds far more than the largest float64 and comes back', () => {
    const sum = sumOf([Number.MAX_VALUE]);
    for (let i = 0; i < 60; i++) sum.merge(sum.clone());
    expect(sum.round()).toBe(Infinity);
    const { numerator, exponent } = sum.toRational();
    expect(numerator << BigInt(exponent)).toBe((2n ** 53n - 1n) << BigInt(971 + 60));
  });

  it('doubles when merged with itself', () => {
    const sum = sumOf([1.5, -0.25]);
    sum.merge(sum);
    expect(sum.round()).toBe(2.5);
  });

  it('rounds ties to even and sees a bit far below the tie', () => {
    expect(sumOf([1, 2 ** -53]).round()).toBe(1);
    expect(sumOf([1, 2 ** -53, 5e-324]).round()).toBe(1 + 2 ** -52);
    expect(sumOf([1, 2 ** -53, -5e-324]).round()).toBe(1);
    expect(sumOf([1 + 2 ** -52, 2 ** -53]).round()).toBe(1 + 2 ** -51);
    expect(sumOf([Number.MAX_VALUE, 2 ** 970]).round()).toBe(Infinity);
    expect(sumOf([Number.MAX_VALUE, 2 ** 969]).round()).toBe(Number.MAX_VALUE);
  });

  it('has a zero without sign', () => {
    expect(Object.is(sumOf([-0, -0]).round(), 0)).toBe(true);
    expect(Object.is(sumOf([1, -1]).round(), 0)).toBe(true);
    const tiny = new ExactSum();
    tiny.addProduct(-5e-324, 5e-324);
    expect(Object.is(tiny.round(), 0)).toBe(true);
  });

  it('remembers NaN and the infinities', () => {
    expect(sumOf([1, Infinity]).round()).toBe(Infinity);
    expect(sumOf([1, -Infinity]).round()).toBe(-Infinity);
    expect(sumOf([Infinity, -Infinity]).round()).toBeNaN();
    expect(sumOf([Infinity, Number.NaN]).round()).toBeNaN();
    expect(sumOf([Infinity]).isFinite()).toBe(false);
    expect(() => sumOf([Infinity]).toRational()).toThrow(RangeError);
    const product = new ExactSum();
    product.addProduct(0, Infinity);
    expect(product.round()).toBeNaN();
    expect(ExactSum.fromBytes(sumOf([3, Infinity]).toBytes()).round()).toBe(Infinity);
  });
});

describe('ExactSum.fromAccumulator', () => {
  it('reads carried digits, the last one signed, and flags', () => {
    const accumulator = new Uint8Array(ACCUMULATOR_BYTES);
    const view = new DataView(accumulator.buffer);
    // -1: all digits from 2^0 upwards are set, as in two's complement. 2^0 is bit 2227 = 69 * 32 + 19.
    view.setUint32(8 * 69, 0xfff80000, true);
    for (let digit = 70; digit < 135; digit++) view.setUint32(8 * digit, 0xffffffff, true);
    view.setBigInt64(8 * 135, -1n, true);
    expect(ExactSum.fromAccumulator(accumulator).round()).toBe(-1);
    view.setInt32(8 * 136, 2, true);
    expect(ExactSum.fromAccumulator(accumulator).round()).toBe(Infinity);
  });

  it('refuses anything of another size', () => {
    expect(() => ExactSum.fromAccumulator(new Uint8Array(ACCUMULATOR_BYTES - 1))).toThrow(RangeError);
  });
});
