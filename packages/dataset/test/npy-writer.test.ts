import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createNpyFile, openNpyPart } from '../src/npy-writer.js';
import { openDataset } from '../src/open.js';
import { temporaryFolder } from './helpers/folder.js';
import { npyOf } from './helpers/npy.js';
import { readColumn } from './helpers/read.js';

const folder = temporaryFolder();
const place = (name: string) => join(folder.path, name);

it('writes the bytes that NumPy writes', () => {
  const file = createNpyFile(place('a.npy'), 'f4', [2, 3]);
  file.write(0, Float32Array.of(1, 2, 3, 4, 5, 6));
  file.finish();
  expect(readFileSync(place('a.npy')).equals(npyOf({ type: 'f32' }, [2, 3], [1, 2, 3, 4, 5, 6]))).toBe(true);
});

it('is written in parts, in any order, by several holders, and appears when it is finished', async () => {
  const path = place('parts.npy');
  const file = createNpyFile(path, 'f8', [6]);
  const parts = [openNpyPart(file.tempPath), openNpyPart(file.tempPath)];
  parts[1].write(4, Float64Array.of(4, 5));
  parts[0].write(0, Float64Array.of(0, 1));
  file.write(2, Float64Array.of(2));
  for (const part of parts) part.close();
  expect(existsSync(path)).toBe(false);
  file.finish();
  expect(existsSync(file.tempPath)).toBe(false);
  const dataset = await openDataset({ arrays: { x: [path] } });
  expect(await readColumn(dataset, 'x', 'f64')).toEqual([0, 1, 2, 0, 4, 5]);
});

it('leaves nothing behind when it is given up', () => {
  const file = createNpyFile(place('given-up.npy'), 'f4', [1000]);
  file.write(0, new Float32Array(10));
  file.abort();
  expect(readdirSync(folder.path).filter((name) => name.includes('given-up'))).toEqual([]);
});

it('writes an array without rows', async () => {
  createNpyFile(place('none.npy'), 'f4', [0, 5]).finish();
  const dataset = await openDataset({ arrays: { x: [place('none.npy')] } });
  expect(dataset.description).toMatchObject({ rows: 0, columns: [{ width: 5 }] });
});

it('refuses elements outside the array and values of another type', () => {
  const file = createNpyFile(place('strict.npy'), 'f4', [2, 2]);
  expect(() => file.write(3, new Float32Array(2))).toThrow(/Elements \[3, 5\) lie outside the 4/);
  expect(() => file.write(-1, new Float32Array(1))).toThrow(RangeError);
  expect(() => file.write(0, new Float64Array(1))).toThrow(TypeError);
  file.abort();
});

it('names the file that cannot be written', () => {
  expect(() => createNpyFile(place('absent/x.npy'), 'f4', [1])).toThrowError(
    expect.objectContaining({
      code: 'FILE_NOT_WRITABLE',
      message: expect.stringContaining('absent/x.npy cannot be written'),
    }),
  );
});

it('writes and reads beyond four gibibytes', async () => {
  const rows = 650_000_000;
  const file = createNpyFile(place('huge.npy'), 'f8', [rows]);
  file.write(rows - 3, Float64Array.of(1, 2, 3));
  file.finish();
  const dataset = await openDataset({ arrays: { x: [place('huge.npy')] } });
  expect(await readColumn(dataset, 'x', 'f64', [rows - 4, rows])).toEqual([0, 1, 2, 3]);
});
