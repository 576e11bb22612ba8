import { describe, expect, it } from 'vitest';
import { openDataset, reopenDataset } from '../../src/open.js';
import type { NumberType } from '../../src/types.js';
import { expectRangesEqualWhole } from '../helpers/expect-ranges.js';
import { temporaryFolder } from '../helpers/folder.js';
import { readColumn } from '../helpers/read.js';
import { safetensorsBytes, type TensorOptions, tensorOf } from '../helpers/safetensors.js';
import { readEveryPrefix } from '../helpers/truncate.js';

const folder = temporaryFolder();
let files = 0;
const write = (content: Uint8Array) => folder.write(`${files++}.safetensors`, content);
const open = (content: Uint8Array, columns?: string[]) => openDataset({ files: [write(content)] }, { columns });

const samples: [NumberType, (number | bigint)[], number[], string[]][] = [
  ['f16', [0x3c00, 0x0001, 0x7bff, 0x8000], [1, 2 ** -24, 65504, -0], ['1', '6e-8', '65504', '0']],
  ['bf16', [0x3f80, 0x3dcd, 0xff80, 0x8000], [1, 0.10009765625, -Infinity, -0], ['1', '0.1', '-Infinity', '0']],
  ['f32', [1.5, 2 ** -149, -0, 3], [1.5, 2 ** -149, -0, 3], ['1.5', '1e-45', '0', '3']],
  ['f64', [0.1, 5e-324, -0, 3], [0.1, 5e-324, -0, 3], ['0.1', '5e-324', '0', '3']],
  ['i8', [1, 255, 128, 127], [1, -1, -128, 127], ['1', '-1', '-128', '127']],
  ['i16', [1, 65535, 32768, 7], [1, -1, -32768, 7], ['1', '-1', '-32768', '7']],
  ['i32', [1, 2 ** 32 - 1, 2 ** 31, 7], [1, -1, -(2 ** 31), 7], ['1', '-1', '-2147483648', '7']],
  ['i64', [1, -1n, 2n ** 53n + 1n, 7], [1, -1, 2 ** 53, 7], ['1', '-1', '9007199254740993', '7']],
  ['u8', [1, 255, 128, 0], [1, 255, 128, 0], ['1', '255', '128', '0']],
  ['u16', [1, 65535, 128, 0], [1, 65535, 128, 0], ['1', '65535', '128', '0']],
  ['u32', [1, 2 ** 32 - 1, 128, 0], [1, 2 ** 32 - 1, 128, 0], ['1', '4294967295', '128', '0']],
  ['u64', [1, 2n ** 64n - 1n, 128, 0], [1, 2 ** 64, 128, 0], ['1', '18446744073709551615', '128', '0']],
  ['bool', [1, 0, 1, 1], [1, 0, 1, 1], ['true', 'false', 'true', 'true']],
];

it.each(samples)(
  'reads tensors of %s as numbers and as text, in one dimension and in two',
  async (type, stored, values, texts) => {
    // One byte before, so that nothing is aligned.
    const dataset = await open(
      safetensorsBytes({
        pad: tensorOf('u8', [4], [0, 0, 0, 0]),
        x: tensorOf(type, [4], stored),
        wide: tensorOf(type, [4, 2], [...stored, ...stored]),
      }),
    );
    expect(dataset.description).toMatchObject({ format: 'safetensors', rows: 4 });
    expect(dataset.description.columns).toEqual([
      { name: 'pad', type: 'u8', width: null },
      { name: 'x', type, width: null },
      { name: 'wide', type, width: 2 },
    ]);
    expect(await readColumn(dataset, 'x', 'f64')).toEqual(values);
    expect(await readColumn(dataset, 'x', 'f32')).toEqual(values.map(Math.fround));
    expect(await readColumn(dataset, 'wide', 'f64', [1, 3])).toEqual([...values, ...values].slice(2, 6));
    expect(await readColumn(dataset, 'x', 'text')).toEqual(texts);
    await dataset.close();
  },
);

it('gives the same for every row range, and from a handle that went through JSON', async () => {
  const bits = Array.from({ length: 600 }, (_, index) => (index * 7919) % 0x7c00);
  const dataset = await open(
    safetensorsBytes({ half: tensorOf('f16', [200, 3], bits) }, { metadata: { format: 'pt', note: '{"shape": [7]}' } }),
  );
  const again = await reopenDataset(JSON.parse(JSON.stringify(dataset.handle)));
  await expectRangesEqualWhole(again, 'half', 'f32');
  expect(await readColumn(again, 'half', 'f32', [0, 200], 200)).toEqual(await readColumn(dataset, 'half', 'f32'));
});

it('chains several files to one table, promoting where types differ', async () => {
  folder.write('shards/part-1.safetensors', safetensorsBytes({ x: tensorOf('f16', [2], [0x3c00, 0x4000]) }));
  folder.write('shards/part-2.safetensors', safetensorsBytes({ x: tensorOf('bf16', [1], [0x4040]) }));
  folder.write('shards/part-3.safetensors', safetensorsBytes({ x: tensorOf('u8', [0], []) }));
  const dataset = await openDataset({ files: ['shards/*.safetensors'] }, { folder: folder.path });
  expect(dataset.description.columns).toEqual([{ name: 'x', type: 'f32', width: null }]);
  expect(await readColumn(dataset, 'x', 'f32')).toEqual([1, 2, 3]);
});

describe('of tensors of different lengths', () => {
  const content = safetensorsBytes({
    temperature: tensorOf('f32', [], [1]),
    logits: tensorOf('bf16', [2, 3], [0, 1, 2, 3, 4, 5]),
    embedding: tensorOf('f32', [5], [0, 1, 2, 3, 4]),
    deep: tensorOf('u8', [1, 1, 1, 1], [3]),
    fp8: { dtype: 'F8_E4M3', shape: [2], bytes: new Uint8Array(2) },
    label: tensorOf('i64', [2], [1, 0]),
  });

  it('those that are used give the rows', async () => {
    const dataset = await open(content, ['label', 'logits']);
    expect(dataset.description.rows).toBe(2);
    expect(dataset.description.columns.map(({ name }) => name)).toEqual(['logits', 'label']);
    expect((await open(content, ['embedding'])).description.rows).toBe(5);
  });

  it('the others are offered where one is not found', async () => {
    const { description } = await open(content, ['logits', 'lable']);
    expect(description.columns.map(({ name }) => name)).toEqual(['logits', 'label']);
  });

  it.each([
    [['label', 'embedding'], 'ROWS_MISMATCH', /embedding has 5 rows and label has 2\. All tensors that are used/],
    [undefined, 'ROWS_MISMATCH', /logits has 2 rows and embedding has 5/],
    [['fp8'], 'UNSUPPORTED', /tensor "fp8" is of type F8_E4M3\. Tensors of F16, BF16/],
    [['temperature'], 'UNSUPPORTED', /tensor "temperature" is a single value/],
  ])('%j is refused', async (columns, code, message) => {
    await expect(open(content, columns)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});

it('answers every truncation with an error', async () => {
  const content = safetensorsBytes({ x: tensorOf('i16', [4], [1, 2, 3, 4]), y: tensorOf('u8', [4], [1, 2, 3, 4]) });
  const outcomes = await readEveryPrefix(content, async (prefix) => readColumn(await open(prefix), 'x', 'f64'));
  expect(new Set(outcomes)).toEqual(new Set(['DataError FILE_CORRUPT']));
});

const bytes = Buffer.alloc(8);
const raw = (header: object | string, length?: bigint) =>
  safetensorsBytes(
    { x: { dtype: '', shape: [], bytes } },
    { header: typeof header === 'string' ? header : JSON.stringify(header), length },
  );
const tensor = (shape: unknown, offsets: unknown, dtype: unknown = 'U8') => ({ dtype, shape, data_offsets: offsets });

const refused: [string, Buffer, RegExp][] = [
  [
    'a header longer than the file',
    raw('{}', 2n ** 63n),
    /header should have 9223372036854775808 bytes, but the file has/,
  ],
  [
    'a file of another kind',
    Buffer.from('PAR1....PAR1'),
    /does not begin with "{" but with byte 0x50; it looks like a Parquet/,
  ],
  ['text that is no JSON', raw('{"x": nothing}'), /header is not JSON/],
  ['bytes that are no UTF-8', raw('{"\u0000\u0000"}', 4n), /header is not JSON/],
  ['an entry that is no object', raw({ x: 1 }), /says nothing of "x"/],
  ['no dtype', raw({ x: tensor([8], [0, 8], null) }), /"x" has no dtype/],
  ['a negative size', raw({ x: tensor([-8], [0, 8]) }), /has the shape \[-8\], which is none/],
  ['a shape beyond all bounds', raw({ x: tensor([2 ** 52, 2 ** 52], [0, 8]) }), /needs .* bytes for shape/],
  ['offsets in the wrong order', raw({ x: tensor([8], [8, 0]) }), /data_offsets \[8,0\], which are none/],
  ['fractions as offsets', raw({ x: tensor([8], [0.5, 8.5]) }), /data_offsets \[0.5,8.5\], which are none/],
  [
    'an end beyond the file',
    raw({ x: tensor([2 ** 40], [0, 2 ** 40]) }),
    /but the file ends at byte .*: it is cut off/,
  ],
  [
    'a shape that does not fill its bytes',
    raw({ x: tensor([7], [0, 8]) }),
    /needs 7 bytes for shape \[7\] of U8, but has 8/,
  ],
  [
    'an overlap',
    raw({ x: tensor([8], [0, 8]), y: tensor([1], [7, 8]) }),
    /tensor "y" begins at byte .*, inside tensor "x"/,
  ],
  ['a gap', raw({ x: tensor([3], [0, 3]), y: tensor([4], [4, 8]) }), /1 bytes between tensor "x" and tensor "y"/],
  ['bytes that follow', raw({ x: tensor([3], [0, 3]) }), /5 bytes after tensor "x" .* belong to none/],
];

it.each(refused)('refuses %s', async (_, content, message) => {
  await expect(open(content)).rejects.toMatchObject({
    code: 'FILE_CORRUPT',
    message: expect.stringMatching(message),
  });
});

it('refuses a file without a tensor that it can read', async () => {
  const fp8: TensorOptions = { dtype: 'F8_E5M2', shape: [2], bytes: new Uint8Array(2) };
  await expect(open(safetensorsBytes({ fp8 }))).rejects.toThrow(
    /holds no tensor that can be read: it has fp8 \(F8_E5M2, \[2\]\)/,
  );
  await expect(open(safetensorsBytes({}))).rejects.toThrow(/holds no tensor that can be read: it is empty/);
});

it('takes a header whose length looks like the signature of another format', async () => {
  const padded = JSON.stringify({ x: tensor([8], [0, 8]) }).padEnd(0x0280);
  expect((await open(raw(padded))).description.rows).toBe(8);
});
