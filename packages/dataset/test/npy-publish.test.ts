import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { dropNpyPart, publishNpyPart } from '../src/npy-publish.js';
import { ensureNpyPart, openNpyPart } from '../src/npy-writer.js';
import { temporaryFolder } from './helpers/folder.js';

const folder = temporaryFolder();

async function write(part: string, offset: number, values: number[]): Promise<void> {
  const open = openNpyPart(part);
  open.write(offset, Float64Array.from(values));
  await open.sync();
  open.close();
}

it('keeps what a part holds when it is made again, and replaces the old file at once', async () => {
  const [part, file] = [join(folder.path, '.a.npy.part'), join(folder.path, 'a.npy')];
  writeFileSync(file, 'old');
  ensureNpyPart(part, 'f8', [3]);
  await write(part, 0, [1, 2]);
  ensureNpyPart(part, 'f8', [3]);
  await write(part, 2, [3]);
  expect(readFileSync(file, 'utf8')).toBe('old');
  const values = () => [0, 1, 2].map((i) => readFileSync(file).readDoubleLE(128 + 8 * i));
  // By a process that does not know that another has done it.
  for (let times = 0; times < 3; times++) {
    publishNpyPart(part, file);
    expect([values(), existsSync(part)]).toEqual([[1, 2, 3], true]);
  }
  for (let times = 0; times < 2; times++) dropNpyPart(part);
  expect([values(), readdirSync(folder.path)]).toEqual([[1, 2, 3], ['a.npy']]);
});

it('follows no link in place of a part, and has nothing to remove below a file', () => {
  const [part, other] = [join(folder.path, '.b.npy.part'), join(folder.path, 'other')];
  writeFileSync(other, 'mine');
  symlinkSync(other, part);
  expect(() => ensureNpyPart(part, 'f8', [1], 'b.npy')).toThrow(/^b\.npy cannot be written: ELOOP/);
  expect(readFileSync(other, 'utf8')).toBe('mine');
  dropNpyPart(join(other, 'below'));
});
