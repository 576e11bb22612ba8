import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lossmill } from '../helpers/cli.js';
import { folderWith } from '../helpers/folder.js';
import { evaluation, expectRefusal } from '../helpers/refusals.js';
import { sparseFile } from '../helpers/sparse.js';

const GIGABYTE = 2 ** 30;
/** As much of the line as holds digits; the rest is zero bytes that take no room on the disk. */
const DIGITS = 96 * 2 ** 20;

/** Writes the most memory the process had, in kilobytes, where it runs. */
const HOOK = `import { writeFileSync } from 'node:fs';
process.on('exit', () => writeFileSync(process.env.PEAK_FILE, String(process.resourceUsage().maxRSS)));`;

const files: [wrong: string, name: string, start: string][] = [
  ['a csv line of a gigabyte', 'a.csv', 'p,y\n1,2\n1,'],
  ['a quoted csv field of a gigabyte', 'a.csv', 'p,y\n1,2\n1,"'],
  ['a jsonl line of a gigabyte', 'a.jsonl', '{"p": 1, "y": 2}\n{"p": 1, "y": '],
  ['a csv header of a gigabyte', 'a.csv', ''],
];

describe('huge lines', () => {
  for (const [wrong, name, start] of files) {
    it(`refuses ${wrong} within seconds and bounded memory`, async () => {
      const cwd = folderWith({ 'hook.mjs': HOOK });
      sparseFile(cwd, name, Buffer.concat([Buffer.from(start), Buffer.alloc(DIGITS, '1')]), GIGABYTE);
      const result = await lossmill(evaluation(name), {
        cwd,
        env: { NODE_OPTIONS: '--import=./hook.mjs', PEAK_FILE: join(cwd, 'peak') },
      });
      expectRefusal(result, [name, ...(start === '' ? [] : ['row 1']), '64 MiB', /missing line end|line end/]);
      expect(result.seconds).toBeLessThan(20);
      expect(Number(readFileSync(join(cwd, 'peak'), 'utf8')) / 1024).toBeLessThan(600);
    });
  }
});
