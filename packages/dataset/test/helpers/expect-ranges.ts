import fc from 'fast-check';
import { expect } from 'vitest';
import type { ColumnRead, Dataset } from '../../src/types.js';
import { readColumn } from './read.js';

/** Checks that random row ranges in fills of random size give the same as the whole column. */
export async function expectRangesEqualWhole(
  dataset: Dataset,
  column: string,
  as: ColumnRead['as'],
  runs = 15,
): Promise<void> {
  const { rows } = dataset.description;
  const whole = await readColumn(dataset, column, as, [0, rows], rows);
  const width = rows === 0 ? 1 : whole.length / rows;
  const range = fc.tuple(fc.nat(rows), fc.nat(rows), fc.integer({ min: 1, max: rows }));
  await fc.assert(
    fc.asyncProperty(range, async ([a, b, chunk]) => {
      const [start, end] = [Math.min(a, b), Math.max(a, b)];
      const part = await readColumn(dataset, column, as, [start, end], chunk);
      expect(part).toEqual(whole.slice(start * width, end * width));
    }),
    { numRuns: runs },
  );
}
