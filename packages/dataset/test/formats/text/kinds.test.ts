import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNotANumber, parseDecimal } from '../../../src/formats/text/decimal.js';
import { KIND, kindOf, parseBool } from '../../../src/formats/text/kinds.js';

const bytes = (text: string) => Buffer.from(`##${text}##`);
const parse = (text: string) => parseDecimal(bytes(text), 2, 2 + Buffer.byteLength(text));
const kind = (text: string) => kindOf(bytes(text), 2, 2 + Buffer.byteLength(text));

describe('kindOf', () => {
  it('tells integers, reals, booleans and text apart', () => {
    expect(['', '0', '-12', '9223372036854775807', '-9223372036854775808'].map(kind)).toEqual([0, 1, 1, 1, 1]);
    expect(['1.0', '1e3', 'nan', '-inf', '9223372036854775808'].map(kind)).toEqual([2, 2, 2, 2, 2]);
    expect(['true', 'False', 'TRUE'].map(kind)).toEqual([KIND.bool, KIND.bool, KIND.bool]);
    expect(['x', 'n/a', '1.2.3', 'tru', '-', 'é'].map(kind)).toEqual([8, 8, 8, 8, 8, 8]);
  });

  it('agrees with the parsers on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789+-.eEinfaINFtruels x') }), (text) => {
        const b = bytes(text);
        const number = !Number.isNaN(parse(text)) || isNotANumber(b, 2, 2 + text.length);
        expect(number).toBe((kind(text) & (KIND.integer | KIND.real)) !== 0);
        expect(parseBool(b, 2, 2 + text.length) >= 0).toBe(kind(text) === KIND.bool);
      }),
      { numRuns: 3000 },
    );
  });
});
