import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatInterval, formatMean, meanText } from '../../src/index.js';

describe('formatMean', () => {
  test.each([
    [1318.4187, 8.7123, '1,318.4 ± 8.7'],
    [19.60412, 0.02171, '19.604 ± 0.022'],
    [0.451237, 0.000412, '0.45124 ± 0.00041'],
    [0.5, 0.0996, '0.50 ± 0.10'],
    [-3.1423, 0.5, '-3.14 ± 0.50'],
    [0.003, 12.3, '0 ± 12'],
    [123_456, 2345, '123,456 ± 2,345'],
    [1.2345e21, 4e18, '1.2345e21 ± 4.0e18'],
    [-1.2e-9, 3e-11, '-1.200e-9 ± 3.0e-11'],
    [0, 3e-11, '0 ± 3.0e-11'],
  ])('writes %d with error %d to the second digit of the error: %s', (mean, stderr, text) => {
    expect(formatMean(mean, stderr)).toBe(text);
  });

  test('shows six digits where no error is known, and no error bar', () => {
    expect(formatMean(2.123456789, 'NaN')).toBe('2.12346');
    expect(formatMean('NaN', 'NaN')).toBe('NaN');
    expect(formatMean('Infinity', 'NaN')).toBe('Infinity');
  });

  test('a mean without spread says so', () => {
    expect(formatMean(0.25, 0)).toBe('0.25 ± 0');
  });

  test('promises no more than the fifteen digits of a double', () => {
    expect(formatMean(1234.5, 1e-30)).toBe('1,234.50000000000 ± 1e-30');
  });

  test('has an ASCII form', () => {
    expect(formatMean(19.6, 0.2, { unicode: false })).toBe('19.60 +- 0.20');
    expect(formatInterval(19.6, 0.2, [19.2, 20], { unicode: false })).toBe('19.20 .. 20.00');
  });

  test('never throws and never invents a number, for any pair', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.double({ min: -1e307, max: 1e307 }), fc.constantFrom(Number.NaN, Infinity)),
        fc.double({ min: 0 }),
        (mean, stderr) => {
          const { value } = meanText(mean, stderr);
          if (Number.isNaN(mean)) expect(value).toBe('NaN');
          else if (Number.isFinite(mean) && stderr > 0 && Number.isFinite(stderr)) {
            const back = Number(value.replaceAll(',', ''));
            // Rounded at the second digit of the error (half of a tenth of it) or at the fifteenth of the mean.
            expect(Math.abs(back / 2 - mean / 2)).toBeLessThanOrEqual(stderr * 0.03 + Math.abs(mean) * 1e-14);
          }
        },
      ),
    );
  });
});

describe('formatInterval', () => {
  test('ends at the same decimal as the mean', () => {
    expect(formatInterval(1318.4187, 8.7123, [1301.343, 1335.495])).toBe('1,301.3 … 1,335.5');
  });

  test('is empty where nothing could be estimated', () => {
    expect(formatInterval(2, 'NaN', ['NaN', 'NaN'])).toBe('');
  });

  test('shows infinite ends', () => {
    expect(formatInterval(2, 0.1, ['-Infinity', 'Infinity'])).toBe('-Infinity … Infinity');
  });
});
