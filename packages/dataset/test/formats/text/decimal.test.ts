import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNotANumber, parseDecimal } from '../../../src/formats/text/decimal.js';

const bytes = (text: string) => Buffer.from(`##${text}##`);
const parse = (text: string) => parseDecimal(bytes(text), 2, 2 + Buffer.byteLength(text));

const digits = (min: number, max: number) => fc.stringMatching(new RegExp(`^[0-9]{${min},${max}}$`));

describe('parseDecimal', () => {
  it('gives the bits of Number for the text of any float64', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => {
        for (const text of [String(value), value.toExponential(16), value.toFixed(9)]) {
          expect(parse(text)).toBe(Number(text));
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('gives the bits of Number for 16 to 24 digit decimals of ordinary size', () => {
    fc.assert(
      fc.property(digits(0, 12), digits(1, 24), fc.integer({ min: -70, max: 70 }), (whole, fraction, exponent) => {
        const text = `${whole}.${fraction}e${exponent}`;
        expect(parse(text)).toBe(Number(text));
      }),
      { numRuns: 5000 },
    );
  });

  it('rounds halfway cases to even and near-halfway cases the right way', () => {
    for (const text of [
      '9007199254740993',
      '9007199254740992.999999999',
      '9007199254740993.00000000000001',
      '1.00000000000000011102230246251565404',
      '1.00000000000000011102230246251565405',
      '0.500000000000000166533453693773481063544750213623046875',
      '2.2250738585072014e-308',
      '2.2250738585072011e-308',
      '4.9e-324',
      '2.4703282292062327e-324',
      '1.7976931348623159e308',
      '123456789012345678901234567890',
      '8.5e-63',
      '1234567890123456789e45',
    ]) {
      expect(parse(text), text).toBe(Number(text));
    }
  });

  it('rounds every decimal halfway between two neighbours as Number does', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2 ** 31, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 2 ** 21 - 1 }), (a, b) => {
        const halfway = BigInt(a) * 2n ** 21n * 2n + BigInt(b) * 2n + 1n; // 54 bits, odd
        for (const text of [`${halfway}`, `${halfway}.0`, `${halfway}e-3`, `0.${halfway}`, `${halfway}e7`]) {
          expect(parse(text), text).toBe(Number(text));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('accepts the short forms of numbers and the signs', () => {
    expect(['.5', '5.', '+1', '-0', '1E5', '1e+5', '007', '-.5e-1'].map(parse)).toEqual([
      0.5, 5, 1, -0, 1e5, 1e5, 7, -0.05,
    ]);
  });

  it('reads infinity in every spelling', () => {
    for (const text of ['inf', 'Inf', '+INF', 'infinity', 'Infinity']) expect(parse(text)).toBe(Infinity);
    for (const text of ['-inf', '-Infinity', '-INFINITY']) expect(parse(text)).toBe(-Infinity);
  });

  it('refuses what only looks like a number', () => {
    for (const text of [
      '',
      '.',
      '-',
      '+',
      '1e',
      '1e+',
      'e5',
      '1.2.3',
      '1_000',
      '0x10',
      '1,5',
      '--1',
      '1 2',
      'n/a',
      '1f',
    ]) {
      expect(parse(text), text).toBeNaN();
      expect(isNotANumber(bytes(text), 2, 2 + text.length), text).toBe(false);
    }
    for (const text of ['nan', 'NaN', '-NAN', '+nan']) expect(isNotANumber(bytes(text), 2, 2 + text.length)).toBe(true);
  });
});
