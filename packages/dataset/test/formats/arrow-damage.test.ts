import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openDataset } from '../../src/open.js';
import { readColumn } from '../helpers/read.js';

it('takes no memory for a dictionary that claims more values than its bytes can hold', async () => {
  // replaced.arrows with one number of a dictionary batch changed: found by npm run test:fuzz.
  const path = fileURLToPath(new URL('../fixtures/arrow/long-dictionary.arrows', import.meta.url));
  const dataset = await openDataset({ files: [path] });
  await expect(readColumn(dataset, 'word', 'text')).rejects.toMatchObject({
    code: 'FILE_CORRUPT',
    message: expect.stringMatching(/a dictionary of \d{10,} values has \d+ bytes for them/),
  });
  await dataset.close();
});
