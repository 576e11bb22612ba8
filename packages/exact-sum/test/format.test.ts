import { describe, expect, it } from 'vitest';
import { ExactSum, ExactSumFormatError } from '../src/index.js';

function bytesOf(...values: number[]): Uint8Array {
  const sum = new ExactSum();
  sum.addArray(values);
  return sum.toBytes();
}

function codeOf(bytes: Uint8Array): string {
  try {
    ExactSum.fromBytes(bytes);
  } catch (error) {
    if (error instanceof ExactSumFormatError) return error.code;
    throw error;
  }
  return 'accepted';
}

function edited(bytes: Uint8Array, at: number, byte: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = byte;
  return copy;
}

describe('the bytes of an exact sum', () => {
  it('are few: a header and the digits in use', () => {
    expect(bytesOf().length).toBe(8);
    expect(bytesOf(1, 2, 3).length).toBe(12);
    expect(bytesOf(0.1, 1e20).length).toBeLessThanOrEqual(28);
  });

  it('never change: version 1 of 1.5 is digit 69, 1.5 * 2^19 = 0xc0000', () => {
    expect(Buffer.from(bytesOf(1.5)).toString('hex')).toBe('585301004500010000000c00');
    expect(Buffer.from(bytesOf(-1.5)).toString('hex')).toBe('585301084500010000000c00');
  });

  it.each([
    ['EXACT_SUM_TRUNCATED', bytesOf(1).slice(0, 7)],
    ['EXACT_SUM_MAGIC', edited(bytesOf(1), 1, 0)],
    ['EXACT_SUM_VERSION', edited(bytesOf(1), 2, 2)],
    ['EXACT_SUM_FLAGS', edited(bytesOf(1), 3, 16)],
    ['EXACT_SUM_LENGTH', bytesOf(1).slice(0, 10)],
    ['EXACT_SUM_LENGTH', edited(bytesOf(1), 6, 2)],
    ['EXACT_SUM_RANGE', edited(bytesOf(1), 5, 1)],
    ['EXACT_SUM_RANGE', edited(edited(bytesOf(1), 4, 135), 11, 0x80)],
    ['EXACT_SUM_NOT_CANONICAL', edited(bytesOf(1), 10, 0)],
    ['EXACT_SUM_NOT_CANONICAL', edited(bytesOf(), 3, 8)],
    ['EXACT_SUM_NOT_CANONICAL', edited(bytesOf(), 4, 1)],
  ])('are refused with %s', (code, bytes) => {
    expect(codeOf(bytes)).toBe(code);
  });

  it('are read from the middle of a larger buffer', () => {
    const bytes = bytesOf(-2.75);
    const larger = new Uint8Array(bytes.length + 5);
    larger.set(bytes, 3);
    expect(ExactSum.fromBytes(larger.subarray(3, 3 + bytes.length)).round()).toBe(-2.75);
  });
});
