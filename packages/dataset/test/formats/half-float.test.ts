import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { halfTable } from '../../src/half.js';
import { openDataset } from '../../src/open.js';
import { temporaryFolder } from '../helpers/folder.js';
import { npyBytes, npyOf } from '../helpers/npy.js';
import { readColumn } from '../helpers/read.js';
import { zipBytes } from '../helpers/zip.js';

const folder = temporaryFolder();
const bits = Array.from({ length: 403 }, (_, index) => index * 163);
const values = bits.map((pattern) => halfTable()[pattern]);

it('reads float16 of Parquet, scalars and lists', async () => {
  const path = fileURLToPath(new URL('../fixtures/parquet/half.parquet', import.meta.url));
  const dataset = await openDataset({ files: [path] });
  expect(await readColumn(dataset, 'x', 'f32')).toEqual(values);
  const pairs = values.flatMap((value, index) => [value, values[values.length - 1 - index]]);
  expect(await readColumn(dataset, 'pairs', 'f32', [0, 403], 50)).toEqual(pairs);
  await dataset.close();
});

it.each([
  ['little-endian', false, {}],
  ['big-endian', true, {}],
  ['big-endian, deflated', true, { deflate: true }],
])('reads float16 of .npz: %s', async (name, bigEndian, options) => {
  const path = folder.write(
    `${name}.npz`,
    zipBytes({ 'x.npy': npyOf({ type: 'f16', bigEndian }, [403], bits) }, options),
  );
  const dataset = await openDataset({ files: [path] });
  expect(dataset.description.columns).toEqual([{ name: 'x', type: 'f16', width: null }]);
  expect(await readColumn(dataset, 'x', 'f32')).toEqual(values);
  expect(await readColumn(dataset, 'x', 'f64')).toEqual(values);
  await dataset.close();
});

it('says what to do about bfloat16 in .npy, which has no name for it', async () => {
  const path = folder.write('brain.npy', npyBytes({ descr: '<V2', shape: [1] }, Buffer.of(0x80, 0x3f)));
  await expect(openDataset({ arrays: { x: [path] } })).rejects.toThrow(
    /dtype "<V2" \(bfloat16 is saved so\).*astype\("float32"\), or as \.safetensors/s,
  );
});
