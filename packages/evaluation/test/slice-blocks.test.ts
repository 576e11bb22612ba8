import { groupMoments, NODE } from '@lossmill/statistics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SliceBlocks } from '../src/slice-blocks.js';
import { mergeSliceNodes, type SliceNodes } from '../src/slice-nodes.js';

const LOSSES = 2;
const BLOCKS = 8;
const GROUPS = Int32Array.of(3, 4, 7, 20);

/** Rows as [group's place, value], block by block. */
type Rows = [number, number][][];

/** Makes a batch's moments: loss 1 is half of loss 0. */
function fill(blocks: SliceBlocks, rows: Rows): void {
  blocks.begin(GROUPS);
  const entries = Int32Array.from(rows.flatMap((block, b) => block.map(([k]) => blocks.entry(k, b))));
  blocks.clear();
  const values = rows.flat().map(([, value]) => value);
  for (let loss = 0; loss < LOSSES; loss++) {
    const own = Float64Array.from(values, (value) => value / (loss + 1));
    const target = { nodes: blocks.nodes, stride: LOSSES, offset: loss };
    groupMoments(own, null, entries, 0, entries.length, target);
  }
}

/** The same by merges of whole lists of groups, two neighbours at a time. */
function merged(rows: Rows, at: number, size: number): SliceNodes {
  if (size > 1) return mergeSliceNodes(merged(rows, at, size / 2), merged(rows, at + size / 2, size / 2));
  const places = [...new Set(rows[at].map(([k]) => k))].sort((a, b) => a - b);
  const nodes = new Float64Array(places.length * LOSSES * NODE);
  const group = Int32Array.from(rows[at], ([k]) => places.indexOf(k));
  for (let loss = 0; loss < LOSSES; loss++) {
    const values = Float64Array.from(rows[at], ([, value]) => value / (loss + 1));
    groupMoments(values, null, group, 0, values.length, { nodes, stride: LOSSES, offset: loss });
  }
  return { ids: Int32Array.from(places, (k) => GROUPS[k]), nodes };
}

const batch = fc.array(fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.double()), { maxLength: 6 }), {
  minLength: BLOCKS,
  maxLength: BLOCKS,
});

describe('SliceBlocks', () => {
  it('folds any run to the bits of merging its blocks two by two, batch after batch', () => {
    const blocks = new SliceBlocks(LOSSES, BLOCKS);
    fc.assert(
      fc.property(batch, fc.constantFrom([0, 8], [0, 4, 4, 4], [0, 1, 1, 1, 2, 2, 4, 4]), (rows, runs) => {
        fill(blocks, rows);
        for (let i = 0; i < runs.length; i += 2)
          expect(blocks.fold(runs[i], runs[i + 1])).toEqual(merged(rows, runs[i], runs[i + 1]));
      }),
      { numRuns: 500 },
    );
  });
});
