import fc from 'fast-check';
import { expect, it } from 'vitest';
import { halfTable, roundToBrain, roundToHalf, widenBrain } from '../src/half.js';
import { numberText } from '../src/number-text.js';

it('gives the shortest text of a float32 that reads back as the same', () => {
  expect(numberText(Math.fround(0.1), 'f32')).toBe('0.1');
  expect(numberText(Math.fround(16777216), 'f32')).toBe('16777216');
  expect(numberText(Math.fround(3.4028234663852886e38), 'f32')).toBe('3.4028235e+38');
  expect(numberText(Number.NaN, 'f32')).toBe('NaN');
  fc.assert(
    fc.property(fc.float({ noNaN: true }), (value) => {
      expect(Math.fround(Number(numberText(value, 'f32')))).toBe(value === 0 ? 0 : value);
    }),
  );
});

it('reads every float16 back from its text', () => {
  const table = halfTable();
  for (let bits = 0; bits < 65536; bits++) {
    const value = table[bits];
    if (Number.isNaN(value)) continue;
    expect(roundToHalf(value)).toBe(value);
    expect(roundToHalf(Number(numberText(value, 'f16'))) === value).toBe(true);
  }
});

it('reads every bfloat16 back from its text', () => {
  const values = new Float32Array(65536);
  widenBrain(
    Uint16Array.from(values, (_, bits) => bits),
    values,
  );
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    if (roundToBrain(value) !== value || roundToBrain(Number(numberText(value, 'bf16'))) !== value)
      expect(numberText(value, 'bf16')).toBe(value);
  }
});

it('rounds to float16 to the nearest, ties to even', () => {
  expect(roundToHalf(2049)).toBe(2048);
  expect(roundToHalf(2051)).toBe(2052);
  expect(roundToHalf(65519)).toBe(65504);
  expect(roundToHalf(65520)).toBe(Number.POSITIVE_INFINITY);
  expect(roundToHalf(-(2 ** -25))).toBe(-0);
  expect(roundToHalf(3 * 2 ** -25)).toBe(2 ** -23);
  expect(roundToHalf(Number.NaN)).toBeNaN();
});

it('writes booleans as words and zero without a sign', () => {
  expect(['true', 'false', '0']).toEqual([numberText(1, 'bool'), numberText(0, 'bool'), numberText(-0, 'f64')]);
});
