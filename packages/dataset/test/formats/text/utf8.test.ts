import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstInvalidUtf8 } from '../../../src/formats/text/utf8.js';

describe('firstInvalidUtf8', () => {
  it('finds nothing in text, and the first bad byte wherever it stands', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.constantFrom(0xff, 0x80, 0xc0),
        (before, after, bad) => {
          const head = Buffer.from(`xx${before.toWellFormed()}`);
          const good = Buffer.concat([head, Buffer.from(after.toWellFormed())]);
          expect(firstInvalidUtf8(good, 2, good.length)).toBe(-1);
          const broken = Buffer.concat([head, Buffer.from([bad]), Buffer.from(after.toWellFormed())]);
          expect(firstInvalidUtf8(broken, 2, broken.length)).toBe(head.length);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('names the first byte of a character that is cut off', () => {
    const bytes = Buffer.from(`${'a'.repeat(200)}€`);
    expect(firstInvalidUtf8(bytes, 0, bytes.length - 1)).toBe(200);
    expect(firstInvalidUtf8(Buffer.concat([bytes.subarray(0, 202), Buffer.from('b')]), 0, 203)).toBe(200);
  });
});
