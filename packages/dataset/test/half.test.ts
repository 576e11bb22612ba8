import { expect, it } from 'vitest';
import { halfTable, roundToBrain, widenBrain, widenHalves } from '../src/half.js';

const everyPattern = Uint16Array.from({ length: 65536 }, (_, bits) => bits);
const bitsOf = (values: Float32Array) => new Uint32Array(values.buffer, values.byteOffset, values.length);

/** The value of a float by its definition: `fraction` bits of fraction, the rest exponent and sign. */
function byDefinition(bits: number, fraction: number): number {
  const sign = bits >= 0x8000 ? -1 : 1;
  const exponents = 2 ** (15 - fraction);
  const exponent = Math.floor((bits % 0x8000) / 2 ** fraction);
  const digits = bits % 2 ** fraction;
  if (exponent === exponents - 1) return digits === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  const least = 2 - exponents / 2;
  if (exponent === 0) return sign * digits * 2 ** (least - fraction);
  return sign * (1 + digits / 2 ** fraction) * 2 ** (exponent + least - 1);
}

it('widens every float16 exactly, to float32 and to float64', () => {
  const single = new Float32Array(65536);
  const double = new Float64Array(65536);
  widenHalves(everyPattern, single);
  widenHalves(everyPattern, double);
  for (const bits of everyPattern) {
    const value = byDefinition(bits, 10);
    if (!Object.is(single[bits], value) || !Object.is(double[bits], value)) expect([bits, single[bits]]).toBe(value);
  }
  expect([single[0x0001], single[0x03ff], single[0x0400]]).toEqual([2 ** -24, 1023 * 2 ** -24, 2 ** -14]);
  expect([single[0x7bff], single[0xfc00]]).toEqual([65504, Number.NEGATIVE_INFINITY]);
});

it('widens every bfloat16 exactly, to float32 and to float64', () => {
  const single = new Float32Array(65536);
  const double = new Float64Array(65536);
  widenBrain(everyPattern, single);
  widenBrain(everyPattern, double);
  for (const bits of everyPattern) {
    const value = byDefinition(bits, 7);
    if (!Object.is(single[bits], value) || !Object.is(double[bits], value)) expect([bits, single[bits]]).toBe(value);
  }
  expect([single[0x0001], single[0x7f7f], single[0x8000]]).toEqual([2 ** -133, (2 - 2 ** -7) * 2 ** 127, -0]);
});

it('keeps sign and payload of every NaN', () => {
  const half = new Float32Array(65536);
  const brain = new Float32Array(65536);
  widenHalves(everyPattern, half);
  widenBrain(everyPattern, brain);
  for (const bits of everyPattern) {
    if ((bits & 0x7fff) > 0x7c00 && bitsOf(half)[bits] >>> 13 !== (bits & 0x3ff) + 0x3fc00 + (bits >> 15) * 0x40000)
      expect(bitsOf(half)[bits]).toBe(bits);
    if (bitsOf(brain)[bits] !== bits * 65536) expect(bitsOf(brain)[bits]).toBe(bits);
  }
  expect(bitsOf(halfTable())[0xfe01]).toBe(0xffc02000);
});

it('writes into the part of a memory that it is given', () => {
  const memory = new Float32Array(8).fill(7);
  widenHalves(Uint16Array.of(0x3c00, 0xc000), memory.subarray(3, 5));
  widenBrain(Uint16Array.of(0x3f80), memory.subarray(6, 7));
  expect([...memory]).toEqual([7, 7, 7, 1, -2, 7, 1, 7]);
});

it('rounds to bfloat16 to the nearest, ties to even', () => {
  expect([roundToBrain(257), roundToBrain(259), roundToBrain(-258)]).toEqual([256, 260, -258]);
  expect(roundToBrain(3.385e38)).toBe(3.3895313892515355e38);
  expect(roundToBrain(3.4e38)).toBe(Number.POSITIVE_INFINITY);
  expect(roundToBrain(2 ** -134)).toBe(0);
  expect(roundToBrain(3 * 2 ** -134)).toBe(2 ** -132);
});
