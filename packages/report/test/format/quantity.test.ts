import { describe, expect, test } from 'vitest';
import { formatBytes, formatCompact, formatRate, formatSeconds } from '../../src/index.js';

describe('quantities', () => {
  test.each([
    [0, '0'],
    [812, '812'],
    [1520, '1.52 k'],
    [76_000, '76.0 k'],
    [999_999, '1.00 M'],
    [1_520_000, '1.52 M'],
    [21_400_000_000, '21.4 G'],
    [Number.NaN, '0'],
  ])('formatCompact(%d) is %s', (n, text) => {
    expect(formatCompact(n)).toBe(text);
  });

  test.each([
    [0, '0 ms'],
    [0.0401, '40 ms'],
    [0.0999, '0.10 s'],
    [0.186, '0.19 s'],
    [12.34, '12.3 s'],
    [59.96, '1 m 00 s'],
    [125, '2 m 05 s'],
    [11_230, '3 h 07 m'],
    [187_200, '2 d 04 h'],
    [-1, '0 s'],
    [Number.POSITIVE_INFINITY, '0 s'],
  ])('formatSeconds(%d) is %s', (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text);
  });

  test('formatRate and formatBytes name their units', () => {
    expect(formatRate(21_400_000)).toBe('21.4 M rows/s');
    expect([formatBytes(512), formatBytes(4_100_000_000), formatBytes(0)]).toEqual(['512 B', '4.10 GB', '0 B']);
  });
});
