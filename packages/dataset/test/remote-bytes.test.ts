import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openDataset, reopenDataset } from '../src/open.js';
import type { ColumnRead, DataSpec } from '../src/types.js';
import { writeParquet } from './formats/parquet-writer.js';
import { npyBytes } from './helpers/npy.js';
import { buffersFor } from './helpers/read.js';
import { webServer } from './helpers/web-server.js';

const server = await webServer();
const MiB = 2 ** 20;

/** Bytes that a cursor over the rows says it read, and bytes that the server sent for it. */
async function bytesOf(data: DataSpec, reads: ColumnRead[], start: number, end: number, fill = 100_000) {
  const described = await openDataset(data);
  const describing = server.bytes;
  await described.close();
  const dataset = await reopenDataset(described.handle);
  server.reset();
  const cursor = await dataset.cursor(start, end, reads);
  const buffers = buffersFor(dataset, reads, fill);
  for (let at = start; at < end; at += fill) await cursor.fill(Math.min(fill, end - at), buffers);
  const { bytesRead } = cursor;
  await cursor.close();
  await dataset.close();
  return { bytesRead, sent: server.bytes, requests: server.requests.length, describing };
}

it('reads of .npy the header, the samples of the fingerprint, and exactly the rows asked for', async () => {
  const rows = 5_000_000;
  const content = npyBytes({ descr: '<f4', shape: [rows, 4] }, Buffer.alloc(rows * 16, 1));
  server.files.set('/a.npy', content);
  server.reset();
  const data = { arrays: { x: [`${server.url}/a.npy`] } };
  const { bytesRead, sent, requests, describing } = await bytesOf(
    data,
    [{ column: 'x', as: 'f32' }],
    1_000_000,
    2_000_000,
  );
  expect(content.length).toBeGreaterThan(80_000_000);
  expect(describing).toBeLessThan(300_000);
  expect(bytesRead).toBe(16_000_000);
  expect(sent).toBe(16_000_000);
  // Segments of 4 MiB.
  expect(requests).toBe(4);
});

it('reads of a column-major .npy only the strips of its rows', async () => {
  const rows = 1_000_000;
  server.files.set('/f.npy', npyBytes({ descr: '<f8', shape: [rows, 4], fortran: true }, Buffer.alloc(rows * 32, 1)));
  const data = { arrays: { x: [`${server.url}/f.npy`] } };
  const { sent } = await bytesOf(data, [{ column: 'x', as: 'f64' }], 500_000, 600_000);
  expect(sent).toBe(3_200_000);
});

it('reads of Parquet the footer and the wanted columns of the wanted row groups', async () => {
  const columns = Array.from({ length: 20 }, (_, at) => `hash(i * 20 + ${at}) / 3 AS c${at}`).join(', ');
  const file = await writeParquet('wide.parquet', `SELECT ${columns} FROM range(500000) t(i)`, 'ROW_GROUP_SIZE 50000');
  const content = readFileSync(file.path);
  server.files.set('/wide.parquet', content);
  server.reset();
  const data = { files: [`${server.url}/wide.parquet`] };
  const reads: ColumnRead[] = [{ column: 'c3', as: 'f64' }];
  const one = await bytesOf(data, reads, 0, 500_000);
  expect(content.length).toBeGreaterThan(60 * MiB);
  expect(one.describing).toBeLessThan(400_000);
  // One column of twenty, and the footer.
  expect(one.sent).toBeLessThan(content.length / 20 + 200_000);
  expect(one.bytesRead).toBe(one.sent);
  const rows = await bytesOf(data, reads, 120_000, 130_000);
  // One row group of ten of it.
  expect(rows.sent).toBeLessThan(content.length / 200 + 200_000);
});

it('reads of text what lies about the rows', async () => {
  const lines = Array.from({ length: 400_000 }, (_, i) => `${i},${i * 0.37},some text that nobody asks for`);
  const content = Buffer.from(`i,x,t\n${lines.join('\n')}\n`);
  server.files.set('/a.csv', content);
  const { sent, bytesRead } = await bytesOf(
    { files: [`${server.url}/a.csv`] },
    [{ column: 'x', as: 'f64' }],
    200_000,
    210_000,
    5000,
  );
  expect(content.length).toBeGreaterThan(18_000_000);
  // 0.5 MB of rows; places where rows begin are known every 512 KiB.
  expect(sent).toBeLessThan(2 * MiB);
  expect(bytesRead).toBe(sent);
});
