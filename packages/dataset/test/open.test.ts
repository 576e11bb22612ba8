import { mkdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { openDataset, reopenDataset } from '../src/open.js';
import { temporaryFolder } from './helpers/folder.js';
import { npyOf } from './helpers/npy.js';
import { buffersFor, readColumn } from './helpers/read.js';
import { zipBytes } from './helpers/zip.js';

const folder = temporaryFolder();
const float = (values: number[]) => npyOf({ type: 'f32' }, [values.length], values);

it('aligns columns whose files are cut differently', async () => {
  folder.write('cut/x-0.npy', float([0, 1, 2]));
  folder.write('cut/x-1.npy', float([]));
  folder.write('cut/x-2.npy', float([3, 4, 5, 6]));
  folder.write('cut/y-0.npy', npyOf({ type: 'i16', fortran: true }, [2, 2], [0, 1, 2, 3]));
  folder.write('cut/y-1.npy', npyOf({ type: 'f32' }, [5, 2], [4, 5, 6, 7, 8, 9, 10, 11, 12, 13.5]));
  const dataset = await openDataset(
    { arrays: { x: ['cut/x-*.npy'], y: ['cut/y-0.npy', 'cut/y-1.npy'] } },
    { folder: folder.path },
  );
  expect(dataset.description).toMatchObject({
    format: 'npy',
    rows: 7,
    columns: [
      { name: 'x', type: 'f32', width: null },
      { name: 'y', type: 'f32', width: 2 },
    ],
    sources: [
      { uri: 'cut/x-0.npy', columns: ['x'], start: 0, rows: 3 },
      { uri: 'cut/x-1.npy', columns: ['x'], start: 3, rows: 0 },
      { uri: 'cut/x-2.npy', columns: ['x'], start: 3, rows: 4 },
      { uri: 'cut/y-0.npy', columns: ['y'], start: 0, rows: 2 },
      { uri: 'cut/y-1.npy', columns: ['y'], start: 2, rows: 5 },
    ],
  });
  const reads = [
    { column: 'y', as: 'f64' as const },
    { column: 'x', as: 'f64' as const },
    { column: 'x', as: 'text' as const },
  ];
  const buffers = buffersFor(dataset, reads, 5);
  const cursor = await dataset.cursor(1, 6, reads);
  expect(cursor.fill(5, buffers)).toBeUndefined();
  expect(buffers[0]).toMatchObject({ values: Float64Array.of(2, 3, 4, 5, 6, 7, 8, 9, 10, 11), missing: 0 });
  expect(buffers[1]).toMatchObject({ values: Float64Array.of(1, 2, 3, 4, 5), missing: 0 });
  expect(buffers[2]).toMatchObject({
    codes: Int32Array.of(0, 1, 2, 3, 4),
    dictionary: { values: ['1', '2', '3', '4', '5'] },
  });
  expect(cursor.bytesRead).toBe(2 * 5 * 4 + 2 * 2 + 2 * 4 * 4);
  expect(() => cursor.fill(1, buffers)).toThrow(RangeError);
});

it('refuses arrays of different length, naming both', async () => {
  const one = folder.write('one.npy', float([1]));
  const two = folder.write('two.npy', float([1, 2]));
  await expect(openDataset({ arrays: { a: [one], b: [two] } })).rejects.toMatchObject({
    code: 'ROWS_MISMATCH',
    message: `The arrays are not aligned: "a" (${one}) has 1 rows, "b" (${two}) has 2 rows. All arrays need as many rows.`,
  });
});

it('keeps the order of the list for arrays and sorts files', async () => {
  const b = folder.write('order/b.npz', zipBytes({ 'x.npy': float([2]) }));
  const a = folder.write('order/a.npz', zipBytes({ 'x.npy': float([1]) }));
  const table = await openDataset({ files: [b, a] });
  expect(await readColumn(table, 'x', 'f32')).toEqual([1, 2]);
  const first = folder.write('order/z.npy', float([1]));
  const second = folder.write('order/y.npy', float([2]));
  expect(await readColumn(await openDataset({ arrays: { x: [first, second] } }), 'x', 'f32')).toEqual([1, 2]);
});

it('opens a handle without touching the files', async () => {
  const path = folder.write('gone.npy', float([1, 2]));
  const dataset = await openDataset({ arrays: { x: [path] } });
  const handle = structuredClone(dataset.handle);
  writeFileSync(path, 'no longer an array');
  const again = await reopenDataset(handle);
  expect(again.description).toEqual(dataset.description);
  await expect(readColumn(again, 'x', 'f32')).rejects.toMatchObject({ code: 'FILE_CHANGED' });
});

it('notices a file that changed before, while and after it is read', async () => {
  const path = folder.write('changing.npy', float([1, 2, 3, 4]));
  const dataset = await openDataset({ arrays: { x: [path] } });
  const reads = [{ column: 'x', as: 'f32' as const }];
  const buffers = buffersFor(dataset, reads, 2);
  const content = readFileSync(path);

  const early = await dataset.cursor(0, 4, reads);
  await early.fill(2, buffers);
  utimesSync(path, new Date(), new Date(Date.now() + 5000));
  await expect(async () => early.fill(2, buffers)).rejects.toMatchObject({
    code: 'FILE_CHANGED',
    message: expect.stringContaining('its modification time changed'),
  });
  await expect(readColumn(dataset, 'x', 'f32')).rejects.toMatchObject({ code: 'FILE_CHANGED' });

  const fresh = await openDataset({ arrays: { x: [path] } });
  const cursor = await fresh.cursor(0, 4, reads);
  await cursor.fill(2, buffers);
  truncateSync(path, content.length - 4);
  await expect(async () => cursor.fill(2, buffers)).rejects.toMatchObject({
    code: 'FILE_CHANGED',
    message: expect.stringContaining('became shorter'),
  });
});

it('refuses row ranges outside the dataset, unknown columns and unfitting types', async () => {
  const dataset = await openDataset({ inline: { x: [1, 2], name: ['a', 'b'], list: [[1], [2]] } });
  expect(() => dataset.cursor(0, 3, [])).toThrow(RangeError);
  expect(() => dataset.cursor(1, 0, [])).toThrow(RangeError);
  expect(() => dataset.cursor(0, 1, [{ column: 'y', as: 'f32' }])).toThrow(
    'inline has no column "y". It has "x", "name", "list".',
  );
  expect(() => dataset.cursor(0, 1, [{ column: 'name', as: 'f32' }])).toThrow(/holds text, but numbers are needed/);
  expect(() => dataset.cursor(0, 1, [{ column: 'list', as: 'text' }])).toThrow(/holds lists of 1 numbers/);
});

it('refuses unknown formats, naming those that exist', async () => {
  const path = folder.write('data.xlsx', 'x');
  await expect(openDataset({ files: [path] })).rejects.toMatchObject({
    code: 'FORMAT_UNKNOWN',
    message: expect.stringMatching(/extension \.xlsx.*arrow \(\.arrow, .*npz \(\.npz\).*\.npy under "arrays"/),
  });
  const npy = folder.write('x.npy', float([1]));
  await expect(openDataset({ files: [npy] })).rejects.toMatchObject({
    code: 'FORMAT_UNKNOWN',
    message: expect.stringContaining(`--pred ${npy}`),
  });
  const npz = folder.write('mixed/x.npz', zipBytes({ 'x.npy': float([1]) }));
  const arrow = folder.write('mixed/y.arrow', 'ARROW1');
  await expect(openDataset({ files: [npz, arrow] })).rejects.toMatchObject({
    code: 'SCHEMA_MISMATCH',
    message: expect.stringContaining(`${npz} is npz and ${arrow} is arrow`),
  });
  await expect(openDataset({})).rejects.toThrow(/none of "files", "arrays" and "inline"/);
});

it('reads a file whatever its extension if the format is given', async () => {
  const path = folder.write('arrays.dat', zipBytes({ 'x.npy': float([1]) }));
  const dataset = await openDataset({ files: [path], format: 'npz' });
  expect(await readColumn(dataset, 'x', 'f32')).toEqual([1]);
});

it('reads names with spaces, brackets and letters of any script', async () => {
  mkdirSync(join(folder.path, 'größe 数'), { recursive: true });
  folder.write('größe 数/a [1] {x}.npy', float([1]));
  folder.write('größe 数/b.npy', float([2]));
  const options = { folder: folder.path };
  const literal = await openDataset({ arrays: { x: ['größe 数/a [1] {x}.npy'] } }, options);
  expect(await readColumn(literal, 'x', 'f32')).toEqual([1]);
  const globbed = await openDataset({ arrays: { x: ['größe 数/*.npy'] } }, options);
  expect(globbed.description.sources.map((source) => source.uri)).toEqual(['größe 数/a [1] {x}.npy', 'größe 数/b.npy']);
});

it('is quick with ten thousand columns', async () => {
  const members = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, index) => [`c${index}.npy`, float([index, -index])]),
  );
  const path = folder.write('wide.npz', zipBytes(members));
  const started = performance.now();
  const dataset = await reopenDataset((await openDataset({ files: [path] })).handle);
  expect(dataset.description.columns).toHaveLength(10_000);
  expect(await readColumn(dataset, 'c9999', 'f32')).toEqual([9999, -9999]);
  expect(performance.now() - started).toBeLessThan(10_000);
});

it('gives a handle that a worker thread can be sent', async () => {
  const dataset = await openDataset({ inline: { x: [Number.NaN, 1, Number.POSITIVE_INFINITY] } });
  const worker = new Worker('const w = require("node:worker_threads"); w.parentPort.postMessage(w.workerData)', {
    eval: true,
    workerData: dataset.handle,
  });
  const back = await new Promise<typeof dataset.handle>((resolve) => worker.once('message', resolve));
  expect(await readColumn(await reopenDataset(back), 'x', 'f64')).toEqual([Number.NaN, 1, Number.POSITIVE_INFINITY]);
});
