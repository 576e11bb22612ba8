import { expect, it } from 'vitest';
import type { DescribedFile, FileColumn } from '../src/formats/format.js';
import { commonColumns, commonType } from '../src/schema.js';
import type { ColumnType } from '../src/types.js';

const file = (uri: string, columns: FileColumn[]): DescribedFile => ({
  uri,
  path: uri,
  bytes: 0,
  rows: 1,
  layout: null,
  columns,
});
const column = (name: string, type: ColumnType, width: number | null = null): FileColumn => ({ name, type, width });

const promotions: [ColumnType, ColumnType, ColumnType | null][] = [
  ['f16', 'f32', 'f32'],
  ['f32', 'f64', 'f64'],
  ['f16', 'bf16', 'f32'],
  ['bf16', 'f32', 'f32'],
  ['bf16', 'f64', 'f64'],
  ['bf16', 'i8', 'bf16'],
  ['u16', 'bf16', 'f32'],
  ['bf16', 'i32', 'f64'],
  ['i8', 'i64', 'i64'],
  ['u8', 'u32', 'u32'],
  ['i8', 'u8', 'i16'],
  ['u16', 'i8', 'i32'],
  ['i16', 'u32', 'i64'],
  ['i64', 'u64', null],
  ['i8', 'u64', null],
  ['u8', 'f16', 'f16'],
  ['i16', 'f16', 'f32'],
  ['i16', 'f32', 'f32'],
  ['i32', 'f32', 'f64'],
  ['i64', 'f32', 'f64'],
  ['u64', 'f64', 'f64'],
  ['bool', 'i8', null],
  ['string', 'f64', null],
  ['bool', 'string', null],
];

it.each(promotions)('the common type of %s and %s is %s', (left, right, both) => {
  expect(commonType(left, right, false)).toBe(both);
  expect(commonType(right, left, false)).toBe(both);
});

it('text and anything meet in text where values are written as text', () => {
  expect(commonType('string', 'i64', true)).toBe('string');
  expect(commonType('bool', 'string', true)).toBe('string');
  expect(commonType('bool', 'i64', true)).toBeNull();
});

it('columns may stand in any order and an empty one takes the type of the others', () => {
  const files = [
    file('a', [{ ...column('x', 'string'), empty: true }, column('y', 'f32', 3)]),
    file('b', [column('y', 'f64', 3), column('x', 'i64')]),
    file('c', [{ ...column('y', 'string'), empty: true }, column('x', 'f64')]),
  ];
  expect(commonColumns(files, false)).toEqual([column('x', 'f64'), column('y', 'f64', 3)]);
});

const different: [string, FileColumn[], FileColumn[], RegExp][] = [
  [
    'types',
    [column('x', 'f32')],
    [column('x', 'string')],
    /column "x" is f32 in a and string in b, which have no common type/,
  ],
  ['widths', [column('x', 'f32', 2)], [column('x', 'f32', 3)], /column "x" has lists of 2 in a and lists of 3 in b/],
  [
    'lists and scalars',
    [column('x', 'f32', 1)],
    [column('x', 'f32')],
    /column "x" has lists of 1 in a and single values in b/,
  ],
  [
    'an additional column',
    [column('x', 'f32')],
    [column('x', 'f32'), column('y', 'f32')],
    /b has a column "y", a has not/,
  ],
  ['an absent column', [column('x', 'f32'), column('y', 'f32')], [column('x', 'f32')], /a has a column "y", b has not/],
];

it.each(different)('names both files and the column for %s', (_, left, right, message) => {
  expect(() => commonColumns([file('a', left), file('b', right)], false)).toThrowError(
    expect.objectContaining({ code: 'SCHEMA_MISMATCH', message: expect.stringMatching(message) }),
  );
});

it('refuses two columns of one name', () => {
  expect(() => commonColumns([file('a', [column('x', 'f32'), column('x', 'f64')])], false)).toThrowError(
    expect.objectContaining({
      code: 'COLUMN_DUPLICATE',
      message: expect.stringContaining('a has two columns named "x"'),
    }),
  );
});
