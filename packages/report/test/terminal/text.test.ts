import { describe, expect, test } from 'vitest';
import { alignDecimals, flow, padEnd, padStart, truncate, widthOf, wrap } from '../../src/terminal/text.js';

describe('width on a terminal', () => {
  test('counts columns, not code units', () => {
    expect([widthOf('日本'), widthOf('é'), widthOf('👩‍🔬'), widthOf('\u001b[31mred\u001b[39m')]).toEqual([4, 1, 2, 3]);
  });

  test('padding fills columns', () => {
    expect(padEnd('日本', 6)).toBe('日本  ');
    expect(padStart('日本', 6)).toBe('  日本');
    expect(padEnd('too long', 3)).toBe('too long');
  });

  test('truncate keeps whole characters and never exceeds the width', () => {
    expect(truncate('flights', 7, '…')).toBe('flights');
    expect(truncate('flights', 5, '…')).toBe('flig…');
    expect(truncate('日本語', 4, '…')).toBe('日…');
    expect(truncate('👩‍🔬👩‍🔬👩‍🔬', 5, '…')).toBe('👩‍🔬👩‍🔬…');
    expect(truncate('abcdef', 2, '...')).toBe('');
  });
});

describe('lines', () => {
  test('wrap breaks at spaces and cuts what is longer than a line', () => {
    expect(wrap('one two  three', 8, '…')).toEqual(['one two', 'three']);
    expect(wrap('abcdefghijkl', 5, '…')).toEqual(['abcd…']);
    expect(wrap('', 5, '…')).toEqual([]);
  });

  test('flow breaks between parts only', () => {
    expect(flow(['a b', 'c d', 'e f'], ' · ', 9, '…')).toEqual(['a b · c d', 'e f']);
  });
});

describe('alignDecimals', () => {
  test('puts decimal points under each other', () => {
    expect(alignDecimals(['1,318.4', '19.604', '7', 'Infinity'])).toEqual([
      '   1,318.4  ',
      '      19.604',
      '       7    ',
      'Infinity    ',
    ]);
  });

  test('takes a mantissa without a point to end at the exponent', () => {
    expect(alignDecimals(['1e21', '1.5e21'])).toEqual(['1e21  ', '1.5e21']);
  });
});
