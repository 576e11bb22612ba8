import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FoldTree } from '../src/index.js';

/** A merge that records who was left of whom. */
const bracket = (left: string, right: string): string => `(${left}${right})`;

const build = (order: readonly number[]): FoldTree<string> => {
  const tree = new FoldTree(bracket);
  for (const index of order) tree.add(0, index, String(index % 10));
  return tree;
};

describe('FoldTree', () => {
  it('unites sibling nodes and folds the rest from the left', () => {
    expect(build([0, 1, 2, 3]).fold()).toBe('((01)(23))');
    expect(build([0, 1, 2, 3, 4, 5, 6]).fold()).toBe('((((01)(23))(45))6)');
    expect(build([1, 2]).fold()).toBe('(12)');
    expect(new FoldTree(bracket).fold()).toBeUndefined();
  });

  it('gives the same fold for any order of arrival', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), (n, seed) => {
        const order = Array.from({ length: n }, (_, i) => i);
        for (let i = n - 1, s = seed + 1; i > 0; i--) {
          s = (s * 1103515245 + 12345) % 2147483648;
          const j = s % (i + 1);
          [order[i], order[j]] = [order[j], order[i]];
        }
        expect(build(order).fold()).toBe(build([...order].sort((a, b) => a - b)).fold());
      }),
    );
  });

  it('gives the same fold however the blocks are split over trees that absorb each other', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 60 }), (owners) => {
        const trees = Array.from({ length: 4 }, () => new FoldTree(bracket));
        owners.forEach((owner, index) => {
          trees[owner].add(0, index, String(index % 10));
        });
        const [total, ...rest] = trees;
        for (const tree of rest.reverse()) total.absorb(tree);
        expect(total.fold()).toBe(build(owners.map((_, index) => index)).fold());
      }),
    );
  });

  it('keeps no more nodes than the bits of its length while it is filled in order', () => {
    const tree = build(Array.from({ length: 1000 }, (_, i) => i));
    expect(tree.nodes.length).toBe(6); // 1000 = 512 + 256 + 128 + 64 + 32 + 8
    expect(tree.nodes.map(({ level }) => level)).toEqual([9, 8, 7, 6, 5, 3]);
  });
});
