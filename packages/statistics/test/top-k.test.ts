import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareRows, TopK } from '../src/index.js';

const loss = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Infinity, -Infinity, 0, -0, 1));

describe('TopK', () => {
  it('keeps the k worst rows of any order: NaN first, then the greatest loss, then the lowest row', () => {
    fc.assert(
      fc.property(
        fc.array(loss, { maxLength: 60 }),
        fc.integer({ min: 0, max: 12 }),
        fc.boolean(),
        (losses, k, backwards) => {
          const rows = losses.map((value, row) => ({ loss: value, row }));
          const top = new TopK(k);
          for (const entry of backwards ? [...rows].reverse() : rows) top.add(entry.loss, entry.row);
          expect(top.rows).toEqual([...rows].sort(compareRows).slice(0, k));
        },
      ),
    );
  });

  it('gives the same rows when merged from parts', () => {
    fc.assert(
      fc.property(fc.array(loss, { maxLength: 40 }), fc.nat(40), (losses, cut) => {
        const whole = new TopK(5);
        const parts = [new TopK(5), new TopK(5)];
        losses.forEach((value, row) => {
          whole.add(value, row);
          parts[row < cut ? 0 : 1].add(value, row);
        });
        parts[1].merge(parts[0]);
        expect(parts[1].rows).toEqual(whole.rows);
      }),
    );
  });

  it('admits what may enter and nothing else', () => {
    const top = new TopK(2);
    expect(top.admits(-Infinity, 9)).toBe(true);
    top.add(3, 5);
    top.add(5, 1);
    expect(top.admits(2, 0)).toBe(false);
    // An equal loss of a lower row still may.
    expect(top.admits(3, 4)).toBe(true);
    expect(top.admits(3, 6)).toBe(false);
    expect(top.admits(Number.NaN, 6)).toBe(true);
    top.add(Number.NaN, 7);
    top.add(Number.NaN, 8);
    expect(top.admits(Infinity, 0)).toBe(false);
    expect(top.admits(Number.NaN, 9)).toBe(false);
    expect(new TopK(0).admits(Infinity, 0)).toBe(false);
  });
});
