import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openDataset, reopenDataset } from '../../src/open.js';
import type { Dataset } from '../../src/types.js';
import { expectRangesEqualWhole } from '../helpers/expect-ranges.js';
import { temporaryFolder } from '../helpers/folder.js';
import { readColumn } from '../helpers/read.js';
import { readEveryPrefix } from '../helpers/truncate.js';

const folder = temporaryFolder();
let files = 0;
const rows = 40;
const reference = (name: string) => fileURLToPath(new URL(`../fixtures/arrow/${name}`, import.meta.url));
const openReference = (name: string): Promise<Dataset> => openDataset({ files: [reference(name)] });
const openBytes = (content: Uint8Array, extension = 'arrow') =>
  openDataset({ files: [folder.write(`${files++}.${extension}`, content)] });

const each = <Value>(value: (row: number) => Value): Value[] => Array.from({ length: rows }, (_, row) => value(row));
const some = <Value>(value: (row: number) => Value): (Value | null)[] =>
  each((row) => (row % 7 === 3 ? null : value(row)));
const pairs = (value: (row: number) => [number, number] | null) => each(value).flatMap((pair) => pair ?? [null, null]);
const whole = each((row) => row);
const missing = some((row) => row);
const gappy = pairs((row) => (row % 7 === 3 || row % 7 === 5 ? null : [row, row]));

const isoSeconds = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');

/** Columns of every reference file, see fixtures/arrow/generate.py. */
const numbers: Record<string, (number | null)[]> = {
  i8: whole,
  i16: whole,
  i32: whole,
  i64: whole,
  u8: whole,
  u16: whole,
  u32: whole,
  u64: whole,
  i8_missing: missing,
  i16_missing: missing,
  i32_missing: missing,
  i64_missing: missing,
  u8_missing: missing,
  u16_missing: missing,
  u32_missing: missing,
  u64_missing: missing,
  f16: each((row) => row / 4),
  f32: each((row) => row / 4),
  f64_missing: some((row) => row / 4),
  bool: each((row) => (row % 3 === 0 ? 1 : 0)),
  bool_missing: some((row) => (row % 3 === 0 ? 1 : 0)),
  null: each(() => null),
  number_choice: some((row) => 10 * (row % 3)),
  list: pairs((row) => [row, row + 0.5]),
  list_missing: gappy,
  fixed: each((row) => [row, row + 0.5, 1]).flat(),
  fixed_missing: gappy,
  last: whole,
  decimal: whole,
  exact_missing: some((row) => (row - 20) / 8),
  exact256: each((row) => Number(BigInt(row - 20) * 10n ** 40n + 1n)),
};
const texts: Record<string, (string | null)[]> = {
  text: each((row) => `käse ${row % 5}`),
  text_missing: some((row) => 'x'.repeat(row)),
  view_missing: some((row) => 'long '.repeat(row)),
  choice: some((row) => 'abc'[row % 3]),
  number_choice: some((row) => String(10 * (row % 3))),
  f32: each((row) => String(row / 4)),
  i64_missing: some(String),
  bool_missing: some((row) => String(row % 3 === 0)),
  null: each(() => null),
  exact_missing: some((row) => String((row - 20) / 8)),
  time: each(
    (row) => `1970-01-01 00:00:00${row === 0 ? '' : `.0000${String(row).padStart(2, '0').replace(/0$/, '')}`}`,
  ),
  zoned_missing: some((row) => `${isoSeconds(row * 1e8 - 1e9)}.000000001+00`),
  day: each((row) => isoSeconds((row * 1000 - 20000) * 86400).slice(0, 10)),
  day64: each((row) => isoSeconds((row - 5) * 86400).slice(0, 10)),
};

const references = ['file.arrow', 'stream.arrows', 'lz4.arrow', 'zstd.arrow', 'lz4.feather', 'zstd.feather'];

it.each(references)("reads every column of pyarrow's %s", async (name) => {
  const dataset = await reopenDataset(JSON.parse(JSON.stringify((await openReference(name)).handle)));
  expect(dataset.description).toMatchObject({ format: 'arrow', rows });
  for (const [column, values] of Object.entries(numbers)) {
    expect([column, await readColumn(dataset, column, 'f64')]).toEqual([column, values]);
    const rounded = values.map((value) => (value === null ? null : Math.fround(value)));
    expect([column, await readColumn(dataset, column, 'f32', [0, rows], 64)]).toEqual([column, rounded]);
  }
  for (const [column, values] of Object.entries(texts)) {
    expect([column, await readColumn(dataset, column, 'text')]).toEqual([column, values]);
  }
});

it('gives the types and widths of columns', async () => {
  const { columns } = (await openReference('file.arrow')).description;
  const types = Object.fromEntries(
    columns.map(({ name, type, width }) => [name, width === null ? type : [type, width]]),
  );
  expect(types).toMatchObject({
    i8: 'i8',
    u64: 'u64',
    f16: 'f16',
    bool: 'bool',
    text: 'string',
    view_missing: 'string',
    choice: 'string',
    number_choice: 'i64',
    list: ['f32', 2],
    list_missing: ['f64', 2],
    fixed: ['f32', 3],
    fixed_missing: ['i16', 2],
  });
});

it.each(references)('reads any range of %s in fills of any size like the whole', async (name) => {
  const dataset = await openReference(name);
  for (const column of ['i64_missing', 'f32', 'bool_missing', 'list_missing', 'fixed']) {
    await expectRangesEqualWhole(dataset, column, 'f64');
  }
  for (const column of ['text_missing', 'view_missing', 'choice', 'number_choice']) {
    await expectRangesEqualWhole(dataset, column, 'text');
  }
});

it('lists distinct values', async () => {
  const dataset = await openReference('stream.arrows');
  expect(await dataset.distinct('choice', 3)).toEqual(['a', 'b', 'c']);
  expect(await dataset.distinct('number_choice', 3)).toEqual(['0', '10', '20']);
  expect(await dataset.distinct('i8_missing', 33)).toBeNull();
  expect(await dataset.distinct('i8_missing', 34)).toHaveLength(34);
});

it('follows a dictionary that is replaced and extended within a stream', async () => {
  const dataset = await openReference('replaced.arrows');
  const words = ['a', 'b', 'c', 'a', 'd', 'c', 'a', 'd', 'e'];
  expect(await readColumn(dataset, 'word', 'text')).toEqual(words);
  expect(await readColumn(dataset, 'word', 'text', [4, 9], 2)).toEqual(words.slice(4));
});

it('names the row of a ragged list', async () => {
  const dataset = await openReference('ragged.arrow');
  await expect(readColumn(dataset, 'list', 'f32', [0, 3])).resolves.toEqual([1, 2, null, null, 3, 4]);
  await expect(readColumn(dataset, 'list', 'f32')).rejects.toMatchObject({
    code: 'COLUMN_TYPE',
    message: expect.stringContaining('row 3 has 1 values, the first list has 2'),
    where: { row: 3, column: 'list' },
  });
});

it.each(['struct', 'map'])('refuses a %s column by name, and only when it is read', async (column) => {
  const dataset = await openReference('file.arrow');
  await expect(readColumn(dataset, column, 'text')).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    message: expect.stringContaining(`Column "${column}"`),
  });
});

it.each(['replaced.arrows', 'ragged.arrow'])('answers every truncation of %s with an error', async (name) => {
  const outcomes = await readEveryPrefix(readFileSync(reference(name)), (prefix) => openBytes(prefix));
  expect(new Set(outcomes)).toEqual(new Set(['DataError FILE_CORRUPT']));
});

it('answers changed bytes with a DataError or a result', async () => {
  const content = readFileSync(reference('replaced.arrows'));
  for (let at = 0; at < content.length; at += 3) {
    const changed = Buffer.from(content);
    changed[at] ^= 0x5a;
    const outcome = await readFirst(changed).catch((error) => error);
    if (outcome instanceof Error)
      expect([at, outcome.name, outcome.message]).toEqual([at, 'DataError', outcome.message]);
  }
});

async function readFirst(content: Uint8Array): Promise<unknown> {
  const dataset = await openBytes(content, 'arrows');
  const [column] = dataset.description.columns;
  if (!column || dataset.description.rows > 1000) return null;
  return readColumn(dataset, column.name, column.type === 'string' ? 'text' : 'f64');
}

it('refuses Feather version 1 and other files by name', async () => {
  await expect(openBytes(Buffer.from('FEA1 and so on'), 'feather')).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    message: expect.stringContaining('Feather version 1'),
  });
  await expect(openBytes(Buffer.from('PAR1 and so on'))).rejects.toThrow(
    /should be arrow, but it looks like a Parquet file/,
  );
  await expect(openBytes(Buffer.alloc(0))).rejects.toThrow(/is empty/);
});
