import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openDataset } from '../../src/open.js';

it('refuses a footer with fewer values than rows, before lists of memory that nobody wrote are read', async () => {
  // One bit of a column's num_values is flipped: found by npm run test:fuzz.
  const path = fileURLToPath(new URL('../fixtures/parquet/damaged-lists.parquet', import.meta.url));
  await expect(openDataset({ files: [path] })).rejects.toMatchObject({
    code: 'FILE_CORRUPT',
    message: expect.stringMatching(/its footer has 120 rows, but 0 values in column l/),
  });
});
