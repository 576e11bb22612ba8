import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openDataset } from '../../src/open.js';
import type { NumberType } from '../../src/types.js';
import { temporaryFolder } from '../helpers/folder.js';
import { npyBytes, npyOf, type Variant } from '../helpers/npy.js';
import { readColumn } from '../helpers/read.js';
import { readEveryPrefix } from '../helpers/truncate.js';

const folder = temporaryFolder();
let files = 0;

async function openNpy(content: Uint8Array) {
  const path = folder.write(`${files++}.npy`, content);
  return openDataset({ arrays: { x: [path] } });
}

const samples: Record<Exclude<NumberType, 'bf16'>, [stored: (number | bigint)[], values: number[], texts: string[]]> = {
  f16: [
    [0x3c00, 0xc000, 0x0001, 0x7c00, 0x2e66, 0x8000],
    [1, -2, 2 ** -24, Infinity, 0.0999755859375, -0],
    ['1', '-2', '6e-8', 'Infinity', '0.1', '0'],
  ],
  f32: [
    [1, 0.1, -3e38, NaN, -Infinity, 16777217],
    [1, Math.fround(0.1), Math.fround(-3e38), NaN, -Infinity, 16777216],
    ['1', '0.1', '-3e+38', 'NaN', '-Infinity', '16777216'],
  ],
  f64: [
    [1, 0.1, -3e300, NaN, 5e-324, -0],
    [1, 0.1, -3e300, NaN, 5e-324, -0],
    ['1', '0.1', '-3e+300', 'NaN', '5e-324', '0'],
  ],
  i8: [
    [1, 255, 128, 127, 0, 5],
    [1, -1, -128, 127, 0, 5],
    ['1', '-1', '-128', '127', '0', '5'],
  ],
  i16: [
    [1, 65535, 32768, 32767, 0, 5],
    [1, -1, -32768, 32767, 0, 5],
    ['1', '-1', '-32768', '32767', '0', '5'],
  ],
  i32: [
    [1, 2 ** 32 - 1, 2 ** 31, 2 ** 31 - 1, 0, 5],
    [1, -1, -(2 ** 31), 2 ** 31 - 1, 0, 5],
    ['1', '-1', '-2147483648', '2147483647', '0', '5'],
  ],
  i64: [
    [1, -1n, -(2n ** 63n), 2n ** 53n + 1n, 2n ** 63n - 1n, -5],
    [1, -1, -(2 ** 63), 2 ** 53, 2 ** 63, -5],
    ['1', '-1', '-9223372036854775808', '9007199254740993', '9223372036854775807', '-5'],
  ],
  u8: [
    [1, 255, 128, 127, 0, 5],
    [1, 255, 128, 127, 0, 5],
    ['1', '255', '128', '127', '0', '5'],
  ],
  u16: [
    [1, 65535, 32768, 32767, 0, 5],
    [1, 65535, 32768, 32767, 0, 5],
    ['1', '65535', '32768', '32767', '0', '5'],
  ],
  u32: [
    [1, 2 ** 32 - 1, 2 ** 31, 7, 0, 5],
    [1, 2 ** 32 - 1, 2 ** 31, 7, 0, 5],
    ['1', '4294967295', '2147483648', '7', '0', '5'],
  ],
  u64: [
    [1, 2n ** 64n - 1n, 2n ** 63n, 2n ** 53n + 1n, 0, 5],
    [1, 2 ** 64, 2 ** 63, 2 ** 53, 0, 5],
    ['1', '18446744073709551615', '9223372036854775808', '9007199254740993', '0', '5'],
  ],
  bool: [
    [1, 0, 1, 2, 0, 1],
    [1, 0, 1, 1, 0, 1],
    ['true', 'false', 'true', 'true', 'false', 'true'],
  ],
};

describe.each(Object.keys(samples) as (keyof typeof samples)[])('a .npy file of %s', (type) => {
  const [stored, values, texts] = samples[type];
  for (const bigEndian of [false, true]) {
    const order = bigEndian ? 'big-endian' : 'little-endian';
    it(`gives its ${order} numbers as float64, as float32 and as text`, async () => {
      const dataset = await openNpy(npyOf({ type, bigEndian }, [6], stored));
      expect(dataset.description.columns).toEqual([{ name: 'x', type, width: null }]);
      expect(await readColumn(dataset, 'x', 'f64', [0, 6], 4)).toEqual(values);
      expect(await readColumn(dataset, 'x', 'f32', [1, 6], 2)).toEqual(values.slice(1).map(Math.fround));
      expect(await readColumn(dataset, 'x', 'text', [0, 6], 4)).toEqual(texts);
    });

    it(`gives rows of its ${order} column-major form`, async () => {
      for (const version of [1, 2, 3] as const) {
        const dataset = await openNpy(npyOf({ type, bigEndian, fortran: true, version }, [3, 2], stored));
        expect(dataset.description).toMatchObject({ rows: 3, columns: [{ name: 'x', type, width: 2 }] });
        expect(await readColumn(dataset, 'x', 'f64', [1, 3], 1)).toEqual(values.slice(2));
        expect(await readColumn(dataset, 'x', 'f32')).toEqual(values.map(Math.fround));
      }
    });
  }
});

it('rounds 64-bit integers to float32 once, not by way of float64', async () => {
  // Floats near 2^60 are 2^37 apart; 2^60 + 2^36 is half way, and float64 cannot hold one more than it.
  const half = 2n ** 60n + 2n ** 36n;
  const values = [half - 1n, half, half + 1n, half + 2n ** 37n - 1n, -(half + 1n), -(half - 1n)];
  const [low, high] = [2 ** 60, 2 ** 60 + 2 ** 37];
  for (const type of ['i64', 'u64'] as const) {
    const dataset = await openNpy(npyOf({ type }, [4], values.slice(0, 4)));
    expect(await readColumn(dataset, 'x', 'f32')).toEqual([low, low, high, high]);
  }
  const dataset = await openNpy(npyOf({ type: 'i64' }, [2], values.slice(4)));
  expect(await readColumn(dataset, 'x', 'f32')).toEqual([-high, -low]);
});

it('reads any range in fills of any size like the whole', async () => {
  const rows = 97;
  const variants: Variant[] = [
    { type: 'f32' },
    { type: 'f64', bigEndian: true },
    { type: 'i64' },
    { type: 'f32', fortran: true },
    { type: 'f64', fortran: true, bigEndian: true },
  ];
  for (const variant of variants) {
    const values = Array.from({ length: rows * 3 }, (_, index) => index * 3 - 100);
    const dataset = await openNpy(npyOf(variant, [rows, 3], values));
    const ranges = fc.tuple(
      fc.nat(rows),
      fc.nat(rows),
      fc.integer({ min: 1, max: 120 }),
      fc.constantFrom('f32' as const, 'f64' as const),
    );
    await fc.assert(
      fc.asyncProperty(ranges, async ([a, b, chunk, as]) => {
        const [start, end] = [Math.min(a, b), Math.max(a, b)];
        expect(await readColumn(dataset, 'x', as, [start, end], chunk)).toEqual(values.slice(start * 3, end * 3));
      }),
      { numRuns: 40 },
    );
  }
});

it('converts arrays larger than its chunk, and column-major arrays larger than its tile', async () => {
  const rows = 150_000;
  const values = Array.from({ length: rows * 2 }, (_, index) => index);
  for (const variant of [{ type: 'i32' }, { type: 'i32', bigEndian: true }] as const) {
    const dataset = await openNpy(npyOf(variant, [rows, 2], values));
    expect(await readColumn(dataset, 'x', 'f64', [1, rows], 149_990)).toEqual(values.slice(2));
  }
  const wide = Array.from({ length: 3000 * 1001 }, (_, index) => index);
  const dataset = await openNpy(npyOf({ type: 'f32', fortran: true }, [3000, 1001], wide));
  expect(await readColumn(dataset, 'x', 'f32', [5, 3000], 2000)).toEqual(wide.slice(5 * 1001));
});

it('accepts an array without rows', async () => {
  const dataset = await openNpy(npyOf({ type: 'f64' }, [0, 3], []));
  expect(dataset.description.rows).toBe(0);
  expect(await readColumn(dataset, 'x', 'f64')).toEqual([]);
});

it('accepts a header with any key order, quotes, white space and long integers', async () => {
  const header = ` {"shape" :\n( 2L ,), 'descr':'<f8' ,"fortran_order":False} `;
  const dataset = await openNpy(npyBytes({ descr: '', shape: [], header }, new Uint8Array(16)));
  expect(await readColumn(dataset, 'x', 'f64')).toEqual([0, 0]);
});

it('answers every truncation with an error that says what is cut off', async () => {
  for (const version of [1, 2] as const) {
    const content = npyOf({ type: 'i16', version }, [4], [1, 2, 3, 4]);
    const outcomes = await readEveryPrefix(content, async (prefix) => readColumn(await openNpy(prefix), 'x', 'f64'));
    expect(new Set(outcomes)).toEqual(new Set(['DataError FILE_CORRUPT']));
  }
  await expect(openNpy(npyOf({ type: 'f64' }, [4], [1, 2, 3, 4]).subarray(0, -3))).rejects.toThrow(
    /shape \(4\) of f64 needs 32 bytes of data, but the file has 29: it is cut off/,
  );
});

const refused: [what: string, content: () => Uint8Array, message: RegExp][] = [
  ['an empty file', () => Buffer.alloc(0), /is empty/],
  [
    'another kind of file',
    () => Buffer.from('PAR1 and more'),
    /does not start with the .npy signature; it looks like a Parquet file/,
  ],
  [
    'an unknown version',
    () => npyBytes({ descr: '<f4', shape: [0], version: 9 as 3 }, Buffer.alloc(0)),
    /format version 9/,
  ],
  [
    'a header beyond the file',
    () => npyOf({ type: 'f32' }, [1], [1]).fill(255, 8, 10),
    /header should end at byte 65545/,
  ],
  [
    'data after the array',
    () => Buffer.concat([npyOf({ type: 'f32' }, [1], [1]), Buffer.alloc(4)]),
    /something follows/,
  ],
  [
    'a header that is no dictionary',
    () => npyBytes({ descr: '', shape: [], header: 'import os' }, Buffer.alloc(0)),
    /not a Python dictionary/,
  ],
  [
    'a header without a shape',
    () => npyBytes({ descr: '', shape: [], header: "{'descr': '<f4', 'fortran_order': False}" }, Buffer.alloc(0)),
    /has no 'shape'/,
  ],
  ['a negative size', () => npyBytes({ descr: '<f4', shape: [-1] }, Buffer.alloc(0)), /holds -1, which is no size/],
  [
    'four dimensions',
    () => npyBytes({ descr: '<f4', shape: [1, 1, 1, 1] }, Buffer.alloc(4)),
    /shape \(1, 1, 1, 1\), 4 dimensions/,
  ],
  [
    'a single value',
    () =>
      npyBytes(
        { descr: '<f4', shape: [], header: "{'descr': '<f4', 'fortran_order': False, 'shape': ()}" },
        Buffer.alloc(4),
      ),
    /a single value/,
  ],
  [
    'rows of nothing',
    () => npyBytes({ descr: '<f4', shape: [3, 0] }, Buffer.alloc(0)),
    /A row needs at least one value/,
  ],
  ['objects', () => npyBytes({ descr: '|O', shape: [1] }, Buffer.alloc(8)), /an object array/],
  ['unicode text', () => npyBytes({ descr: '<U5', shape: [1] }, Buffer.alloc(20)), /unicode text/],
  ['complex numbers', () => npyBytes({ descr: '<c8', shape: [1] }, Buffer.alloc(8)), /complex/],
  ['dates', () => npyBytes({ descr: '<M8[ns]', shape: [1] }, Buffer.alloc(8)), /dates/],
  [
    'named fields',
    () =>
      npyBytes(
        { descr: '', shape: [], header: "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}" },
        Buffer.alloc(4),
      ),
    /structured array/,
  ],
  ['long doubles', () => npyBytes({ descr: '<f16', shape: [1] }, Buffer.alloc(16)), /dtype "<f16"/],
];

it.each(refused)('refuses %s by name', async (_, content, message) => {
  await expect(openNpy(content())).rejects.toMatchObject({
    name: 'DataError',
    message: expect.stringMatching(message),
  });
});

it('reads straight into the memory of a WebAssembly module', async () => {
  const dataset = await openNpy(npyOf({ type: 'f32' }, [3], [1, 2, 3]));
  const memory = new WebAssembly.Memory({ initial: 1 });
  const values = new Float32Array(memory.buffer, 64, 3);
  const cursor = await dataset.cursor(0, 3, [{ column: 'x', as: 'f32' }]);
  expect(cursor.fill(3, [{ as: 'f32', values, present: new Uint8Array(3), missing: 9 }])).toBeUndefined();
  expect([...values]).toEqual([1, 2, 3]);
  expect(cursor.bytesRead).toBe(12);
});
