import { truncateSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lossmill } from '../helpers/cli.js';
import { folderWith, listing } from '../helpers/folder.js';
import { arrays, expectRefusal } from '../helpers/refusals.js';
import { zerosNpy } from '../helpers/sparse.js';

/** Far more rows than any machine evaluates before the first progress line, which is printed after a second. */
const ROWS = 2e9;

const shrink = (path: string): void => truncateSync(path, 4096);
const touch = (path: string): void => utimesSync(path, new Date(0), new Date(1e12));

describe('files that change', () => {
  for (const [wrong, change, threads] of [
    ['shrinks', shrink, '1'],
    ['shrinks', shrink, '2'],
    ['is written to', touch, '1'],
    ['is written to', touch, '2'],
  ] as const) {
    it.concurrent(`refuses a file that ${wrong} while it is read, with --threads ${threads}`, async () => {
      const cwd = folderWith();
      const path = zerosNpy(cwd, 'p.npy', '<f8', [ROWS]);
      let changed = false;
      const result = await lossmill(
        arrays('p.npy', 'p.npy', 'mse', '--worst', '0', '--threads', threads, '--out', 'out.json'),
        {
          cwd,
          onStderr: (_child, stderr) => {
            if (changed || !stderr.includes('evaluating')) return;
            changed = true;
            change(path);
          },
        },
      );
      expect(changed).toBe(true);
      expectRefusal(result, ['p.npy', /became shorter|changed/]);
      expect(Object.keys(listing(cwd))).toEqual(['p.npy']);
    });
  }

  it.concurrent('refuses a file that is gone before it is read', async () => {
    const cwd = folderWith();
    zerosNpy(cwd, 'p.npy', '<f8', [4]);
    const result = await lossmill(arrays('p.npy', join('gone', 'y.npy')), { cwd });
    expectRefusal(result, ['gone/y.npy', 'does not exist']);
  });
});
