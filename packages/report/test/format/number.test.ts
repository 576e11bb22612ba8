import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatCount, formatExact, formatFixed, formatNumber, plural, toNumber } from '../../src/index.js';

describe('toNumber', () => {
  test('reads the strings JSON needs for numbers it cannot hold', () => {
    expect([toNumber('NaN'), toNumber('Infinity'), toNumber('-Infinity'), toNumber(2.5)]).toEqual([
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      2.5,
    ]);
  });
});

describe('formatNumber', () => {
  test.each([
    [0, '0'],
    [1380, '1,380'],
    [12318.4, '12,318'],
    [1_904_400, '1,904,400'],
    [30.5999999, '30.6'],
    [0.5, '0.5'],
    [-0.00012345678, '-0.00012346'],
    [0.0000123, '1.23e-5'],
    [1.7976931348623157e308, '1.7977e308'],
    [5e-324, '4.9407e-324'],
    [9_999_999_999, '9,999,999,999'],
    [99_999.96, '100,000'],
    [99_999_999_999, '1e11'],
  ])('writes %d as %s', (x, text) => {
    expect(formatNumber(x)).toBe(text);
  });

  test('keeps the words for what is no number', () => {
    expect([formatNumber('NaN'), formatNumber('-Infinity')]).toEqual(['NaN', '-Infinity']);
  });

  test('stays within its digits of any double', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e308, max: 1e308 }), (x) => {
        const back = Number(formatNumber(x, 5).replaceAll(',', ''));
        // Half a unit of the fifth digit; denormals have fewer digits than that to lose.
        expect(Math.abs(back / 2 - x / 2)).toBeLessThanOrEqual(Math.max(Math.abs(x) * 2.6e-5, 5e-324));
      }),
    );
  });
});

describe('formatCount, formatFixed, formatExact and plural', () => {
  test('group whole digits by thousands, never decimals', () => {
    expect(formatCount(3_000_000)).toBe('3,000,000');
    expect(formatFixed(-1234567.8912, 4)).toBe('-1,234,567.8912');
  });

  test('drop the sign of what rounds to zero', () => {
    expect(formatFixed(-0.001, 2)).toBe('0.00');
    expect(formatFixed(-0, 0)).toBe('0');
  });

  test('formatExact shows every digit a double has', () => {
    expect(formatExact(1234567.1)).toBe('1,234,567.1');
    expect(formatExact(1.234567890123456e21)).toBe('1.234567890123456e21');
    expect(formatExact('Infinity')).toBe('Infinity');
  });

  test('plural counts', () => {
    expect([plural(1, 'row'), plural(0, 'row'), plural(2000, 'loss', 'losses')]).toEqual([
      '1 row',
      '0 rows',
      '2,000 losses',
    ]);
  });
});
