import { expect, it } from 'vitest';
import { momentText } from '../../../src/formats/arrow/moment.js';

it('writes dates and timestamps of any resolution', () => {
  expect(momentText(0n, 'days', 'date')).toBe('1970-01-01');
  expect(momentText(-1n, 'days', 'date')).toBe('1969-12-31');
  expect(momentText(19_782n, 'days', 'date')).toBe('2024-02-29');
  expect(momentText(1n, 'seconds', 'timestamp')).toBe('1970-01-01 00:00:01');
  expect(momentText(-1n, 'milliseconds', 'timestamp')).toBe('1969-12-31 23:59:59.999');
  expect(momentText(1_500_000n, 'microseconds', 'zoned')).toBe('1970-01-01 00:00:01.5+00');
  expect(momentText(-62_135_596_800n, 'seconds', 'timestamp')).toBe('0001-01-01 00:00:00');
});

it('refuses what no calendar holds', () => {
  expect(() => momentText(2n ** 62n, 'seconds', 'timestamp')).toThrow(RangeError);
});
