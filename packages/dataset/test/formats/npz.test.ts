import { expect, it } from 'vitest';
import { openDataset, reopenDataset } from '../../src/open.js';
import type { Dataset } from '../../src/types.js';
import { temporaryFolder } from '../helpers/folder.js';
import { npyOf } from '../helpers/npy.js';
import { readColumn } from '../helpers/read.js';
import { readEveryPrefix } from '../helpers/truncate.js';
import { type ZipOptions, zipBytes } from '../helpers/zip.js';

const folder = temporaryFolder();
let files = 0;
const rows = 400;
const logits = Array.from({ length: rows * 3 }, (_, index) => index / 4);
const labels = Array.from({ length: rows }, (_, index) => (index * 7) % 10);
const members = {
  'logits.npy': npyOf({ type: 'f32' }, [rows, 3], logits),
  'label.npy': npyOf({ type: 'i64' }, [rows], labels),
  'columns.npy': npyOf({ type: 'f64', fortran: true }, [rows, 3], logits),
};

async function openNpz(content: Uint8Array): Promise<Dataset> {
  return openDataset({ files: [folder.write(`${files++}.npz`, content)] });
}

const variants: [string, ZipOptions][] = [
  ['stored', {}],
  ['deflated', { deflate: true }],
  ['stored, with data descriptors', { descriptor: true }],
  ['deflated, with data descriptors and a comment', { deflate: true, descriptor: true, comment: 'made by hand' }],
  ['zip64', { zip64: true }],
  ['deflated zip64', { zip64: true, deflate: true }],
];

it.each(variants)('reads columns and row ranges of a %s archive', async (_, options) => {
  const dataset = await openNpz(zipBytes(members, options));
  expect(dataset.description).toMatchObject({
    format: 'npz',
    rows,
    columns: [
      { name: 'logits', type: 'f32', width: 3 },
      { name: 'label', type: 'i64', width: null },
      { name: 'columns', type: 'f64', width: 3 },
    ],
  });
  const again = await reopenDataset(JSON.parse(JSON.stringify(dataset.handle)));
  for (const [start, end] of [
    [0, rows],
    [10, 20],
    [30, 333],
    [5, 6],
    [0, 400],
    [399, 400],
  ] as const) {
    expect(await readColumn(again, 'logits', 'f32', [start, end])).toEqual(logits.slice(3 * start, 3 * end));
    expect(await readColumn(again, 'columns', 'f64', [start, end], 100)).toEqual(logits.slice(3 * start, 3 * end));
    expect(await readColumn(again, 'label', 'text', [start, end])).toEqual(labels.slice(start, end).map(String));
  }
  expect(await again.distinct('label', 10)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  expect(await again.distinct('label', 9)).toBeNull();
  await again.close();
  await dataset.close();
});

it('answers every truncation with an error', async () => {
  for (const options of [{}, { deflate: true }, { zip64: true }]) {
    const content = zipBytes({ 'x.npy': npyOf({ type: 'i16' }, [4], [1, 2, 3, 4]) }, options);
    const outcomes = await readEveryPrefix(content, async (prefix) => readColumn(await openNpz(prefix), 'x', 'f64'));
    expect(new Set(outcomes)).toEqual(new Set(['DataError FILE_CORRUPT']));
  }
});

it.each([{ deflate: true }, {}])(
  'answers every changed byte with an error or with the same numbers (%j)',
  async (options) => {
    const content = zipBytes({ 'x.npy': npyOf({ type: 'u8' }, [3], [1, 2, 3]) }, options);
    for (let at = 0; at < content.length; at++) {
      const changed = Buffer.from(content);
      changed[at] ^= 0xff;
      const dataset = await openNpz(changed).catch((error) => error);
      if (dataset.name === 'DataError') continue;
      const { columns } = dataset.description;
      const values = await readColumn(dataset, columns[0].name, 'f64').catch((error) => error);
      if (values.name !== 'DataError') expect(values).toEqual([1, 2, 3]);
      await dataset.close();
    }
  },
);

it('finds damage in a deflated member by its checksum once it is read through', async () => {
  const dataset = await openNpz(
    zipBytes({ 'x.npy': npyOf({ type: 'f32' }, [40_000], labelsOf(40_000)) }, { deflate: true, crc: 1 }),
  );
  await expect(readColumn(dataset, 'x', 'f32', [0, 100])).resolves.toHaveLength(100);
  await expect(readColumn(dataset, 'x', 'f32', [0, 40_000], 1000)).rejects.toThrow(/checksum \(CRC-32\) is wrong/);
  await dataset.close();
});

it('finds damage in a stored member that is used by its checksum before any row is read', async () => {
  const array = npyOf({ type: 'f32' }, [400_000], labelsOf(400_000));
  const content = zipBytes({ 'x.npy': array, 'y.npy': array });
  // Far inside y, the second array.
  content[content.length - 1_000_000] ^= 1;
  const path = folder.write('damaged.npz', content);
  await expect(openDataset({ files: [path] })).rejects.toMatchObject({
    code: 'FILE_CORRUPT',
    message: expect.stringMatching(/member y\.npy cannot be read: its checksum \(CRC-32\) is wrong/),
  });
  await expect(openDataset({ files: [path] }, { columns: ['y'] })).rejects.toThrow(/checksum/);
  const dataset = await openDataset({ files: [path] }, { columns: ['x'] });
  expect(await readColumn(dataset, 'x', 'f32', [399_998, 400_000])).toEqual([399_998 % 251, 399_999 % 251]);
  await dataset.close();
});

const labelsOf = (count: number) => Array.from({ length: count }, (_, index) => index % 251);
const one = npyOf({ type: 'f32' }, [1], [1]);

const refused: [string, Buffer, string, RegExp][] = [
  ['an encrypted member', zipBytes({ 'x.npy': one }, { flags: 1 }), 'UNSUPPORTED', /x\.npy is encrypted/],
  ['another compression', zipBytes({ 'x.npy': one }, { method: 14 }), 'UNSUPPORTED', /compressed by method 14/],
  ['a member that is no array', zipBytes({ 'read.me': one }), 'UNSUPPORTED', /member read\.me is no \.npy array/],
  ['an archive without members', zipBytes({}), 'FILE_CORRUPT', /without members/],
  [
    'different row counts',
    zipBytes({ 'x.npy': one, 'y.npy': npyOf({ type: 'f32' }, [2], [1, 2]) }),
    'ROWS_MISMATCH',
    /x has 1 rows and y has 2/,
  ],
  [
    'another kind of file',
    Buffer.from('PAR1....PAR1'),
    'FILE_CORRUPT',
    /should be npz, but it looks like a Parquet file/,
  ],
];

it.each(refused)('refuses %s', async (_, content, code, message) => {
  await expect(openNpz(content)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});
