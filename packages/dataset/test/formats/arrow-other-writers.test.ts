import {
  bool,
  CompressionType,
  fixedSizeList,
  float32,
  float64,
  int64,
  list,
  setCompressionCodec,
  tableFromArrays,
  tableToIPC,
  utf8,
} from '@uwdata/flechette';
import { compressFrameSync, decompressFrameSync } from 'lz4-napi';
import { expect, it } from 'vitest';
import { openDataset } from '../../src/open.js';
import { temporaryFolder } from '../helpers/folder.js';
import { readColumn } from '../helpers/read.js';

const folder = temporaryFolder();
const lz4 = CompressionType.LZ4_FRAME;
setCompressionCodec(lz4, {
  encode: (data) => new Uint8Array(compressFrameSync(Buffer.from(data))),
  decode: (data) => new Uint8Array(decompressFrameSync(Buffer.from(data))),
});

const columns = {
  single: [1.5, null, 3],
  double: [1e300, 2, null],
  whole: [2n ** 53n + 1n, -1n, null],
  truth: [true, false, null],
  text: ['å', null, 'long enough to be kept in a buffer of its own'],
  pairs: [[1, 2], null, [5, 6]],
  fixed: [[1, 2], null, [5, 6]],
};

const variants = [
  { name: 'a stream', options: { format: 'stream' as const } },
  { name: 'a file', options: { format: 'file' as const } },
  { name: 'a compressed stream', options: { format: 'stream' as const, codec: lz4 } },
];

it.each(variants)('reads $name written by flechette in several batches', async ({ name, options }) => {
  const types = {
    single: float32(),
    double: float64(),
    whole: int64(),
    truth: bool(),
    text: utf8(),
    pairs: list(float32()),
    fixed: fixedSizeList(float64(), 2),
  };
  const table = tableFromArrays(columns, { types, maxBatchRows: 2, useBigInt: true });
  const path = folder.write(`${name}.arrow`, tableToIPC(table, options) as Uint8Array);
  const dataset = await openDataset({ files: [path] });
  expect(dataset.description.rows).toBe(3);
  expect(await readColumn(dataset, 'single', 'f64')).toEqual([1.5, null, 3]);
  expect(await readColumn(dataset, 'double', 'f64')).toEqual([1e300, 2, null]);
  expect(await readColumn(dataset, 'whole', 'text')).toEqual(['9007199254740993', '-1', null]);
  expect(await readColumn(dataset, 'truth', 'text')).toEqual(['true', 'false', null]);
  expect(await readColumn(dataset, 'text', 'text')).toEqual(columns.text);
  expect(await readColumn(dataset, 'pairs', 'f32')).toEqual([1, 2, null, null, 5, 6]);
  expect(await readColumn(dataset, 'fixed', 'f32')).toEqual([1, 2, null, null, 5, 6]);
});
