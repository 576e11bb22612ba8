import { expect, it } from 'vitest';
import { openDataset, reopenDataset } from '../../src/open.js';
import { expectRangesEqualWhole } from '../helpers/expect-ranges.js';
import { readColumn } from '../helpers/read.js';

it('reads numbers, named numbers, booleans, text, lists and missing values', async () => {
  const dataset = await openDataset({
    inline: {
      number: [1, null, 'NaN', '-Infinity'],
      truth: [true, null, false, true],
      text: ['b', 'NaN', null, 'b'],
      list: [[1, 2], null, [3, 'Infinity'], [4, null]],
      nothing: [null, null, null, null],
    },
  });
  const again = await reopenDataset(JSON.parse(JSON.stringify(dataset.handle)));
  expect(again.description.columns).toEqual([
    { name: 'number', type: 'f64', width: null },
    { name: 'truth', type: 'bool', width: null },
    { name: 'text', type: 'string', width: null },
    { name: 'list', type: 'f64', width: 2 },
    { name: 'nothing', type: 'f64', width: null },
  ]);
  expect(await readColumn(again, 'number', 'f32')).toEqual([1, null, Number.NaN, Number.NEGATIVE_INFINITY]);
  expect(await readColumn(again, 'number', 'text')).toEqual(['1', null, 'NaN', '-Infinity']);
  expect(await readColumn(again, 'truth', 'f64')).toEqual([1, null, 0, 1]);
  expect(await readColumn(again, 'truth', 'text')).toEqual(['true', null, 'false', 'true']);
  expect(await readColumn(again, 'text', 'text')).toEqual(['b', 'NaN', null, 'b']);
  expect(await readColumn(again, 'list', 'f64')).toEqual([1, 2, null, null, 3, Number.POSITIVE_INFINITY, null, null]);
  expect(await readColumn(again, 'nothing', 'f64')).toEqual([null, null, null, null]);
  await expectRangesEqualWhole(again, 'list', 'f32');
  expect(await again.distinct('text', 2)).toEqual(['NaN', 'b']);
  expect(await again.distinct('number', 9)).toEqual(['-Infinity', '1', 'NaN']);
});

it('sorts distinct numbers by value and text by code point', async () => {
  const dataset = await openDataset({ inline: { x: [10, 9, -1, 0.5, 9], t: ['b', 'Z', 'é', 'a', '\u{1f600}'] } });
  expect(await dataset.distinct('x', 10)).toEqual(['-1', '0.5', '9', '10']);
  expect(await dataset.distinct('t', 10)).toEqual(['Z', 'a', 'b', 'é', '\u{1f600}']);
});

it('has a fingerprint that the order of columns does not change, but every value does', async () => {
  const fingerprint = async (inline: Record<string, unknown[]>) =>
    (await openDataset({ inline })).description.sources[0];
  const one = await fingerprint({ a: [1, Number.NaN], b: ['x', null] });
  expect(await fingerprint({ b: ['x', null], a: [1, 'NaN'] })).toMatchObject({
    fingerprint: one.fingerprint,
    bytes: one.bytes,
  });
  expect((await fingerprint({ a: [1, null], b: ['x', null] })).fingerprint).not.toBe(one.fingerprint);
  expect(one).toMatchObject({ uri: 'inline', start: 0, rows: 2, bytes: '{"a":[1,"NaN"],"b":["x",null]}'.length });
});

const refused: [string, Record<string, unknown[]>, string, RegExp][] = [
  ['mixed values', { x: [1, null, true] }, 'COLUMN_TYPE', /row 2 is a boolean \(true\), row 0 a number/],
  ['a number among text', { x: ['a', 1] }, 'COLUMN_TYPE', /row 1 is a number \(1\), row 0 a string/],
  ['a list among numbers', { x: [1, [1]] }, 'COLUMN_TYPE', /row 1 is a list, row 0 a number/],
  ['ragged lists', { x: [[1], null, [1, 2]] }, 'COLUMN_TYPE', /row 2 has 2 values, row 0 has 1/],
  ['empty lists', { x: [[]] }, 'VALUE_INVALID', /at least one number/],
  ['text in a list', { x: [[1], ['a']] }, 'VALUE_INVALID', /has "a" in row 1/],
  ['objects', { x: [1, {}] }, 'VALUE_INVALID', /has \{\} in row 1/],
  ['columns of different length', { x: [1], y: [1, 2] }, 'ROWS_MISMATCH', /"x" has 1 rows and "y" has 2/],
  ['no columns', {}, 'VALUE_INVALID', /no columns/],
  ['a column that is no list', { x: 1 as unknown as unknown[] }, 'VALUE_INVALID', /is not a list of values/],
];

it.each(refused)('refuses %s', async (_, inline, code, message) => {
  await expect(openDataset({ inline })).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});

it('accepts columns without rows', async () => {
  const dataset = await openDataset({ inline: { x: [] } });
  expect(dataset.description).toMatchObject({ rows: 0, columns: [{ name: 'x', type: 'f64', width: null }] });
  expect(await dataset.distinct('x', 1)).toEqual([]);
});
