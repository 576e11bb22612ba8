import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ByteRangeSet, coalesce, cut } from '../../src/storage/byte-ranges.js';
import type { ByteRange } from '../../src/storage/storage.js';

const range = fc.tuple(fc.nat(60), fc.nat(20)).map(([start, length]): ByteRange => [start, start + length]);
const bytesOf = (ranges: readonly ByteRange[]) =>
  new Set(ranges.flatMap(([start, end]) => Array.from({ length: end - start }, (_, i) => start + i)));

it('knows what is missing of any range, as a set of bytes would', () => {
  fc.assert(
    fc.property(fc.array(range), range, (added, asked) => {
      const set = new ByteRangeSet();
      for (const one of added) set.add(one);
      const have = bytesOf(added);
      expect(set.bytes).toBe(have.size);
      expect(bytesOf(set.missing(asked))).toEqual(new Set([...bytesOf([asked])].filter((byte) => !have.has(byte))));
    }),
  );
});

it('coalesces near ranges and cuts long ones without losing a byte', () => {
  fc.assert(
    fc.property(fc.array(range), fc.nat(5), fc.integer({ min: 1, max: 9 }), (ranges, gap, most) => {
      const joined = coalesce(ranges, gap);
      for (const byte of bytesOf(ranges)) expect(bytesOf(joined).has(byte)).toBe(true);
      for (let at = 1; at < joined.length; at++) expect(joined[at][0] - joined[at - 1][1]).toBeGreaterThan(gap);
      const pieces = cut(joined, most);
      expect(bytesOf(pieces)).toEqual(bytesOf(joined));
      expect(pieces.every(([start, end]) => end - start <= most && end > start)).toBe(true);
    }),
  );
});
