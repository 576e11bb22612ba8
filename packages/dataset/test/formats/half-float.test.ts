import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { halfTable, widenHalves } from '../../src/half.js';
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

it.each([{}, { deflate: true }])('lets the caller widen where the values go, fill by fill (%j)', async (options) => {
  const path = folder.write(
    `widen${JSON.stringify(options).length}.npz`,
    zipBytes({ 'x.npy': npyOf({ type: 'f16' }, [403], bits) }, options),
  );
  const dataset = await openDataset({ files: [path] });
  const memory = new Float32Array(500).fill(7);
  const calls: number[][] = [];
  const widen = (type: 'f16' | 'bf16', source: number, count: number, target: number) => {
    calls.push([source - target, count]);
    expect(type).toBe('f16');
    widenHalves(new Uint16Array(memory.buffer, source, count).slice(), new Float32Array(memory.buffer, target, count));
  };
  const cursor = await dataset.cursor(3, 403, [{ column: 'x', as: 'f32' }]);
  const buffer = (at: number, rows: number) =>
    ({ as: 'f32', values: memory.subarray(at, at + rows), present: new Uint8Array(rows), missing: 0, widen }) as const;
  await cursor.fill(300, [buffer(50, 300)]);
  await cursor.fill(100, [buffer(350, 100)]);
  expect([...memory]).toEqual([...Array(50).fill(7), ...values.slice(3), ...Array(50).fill(7)]);
  expect(calls).toEqual([
    [600, 300],
    [200, 100],
  ]);
  await cursor.close();
  await dataset.close();
});
