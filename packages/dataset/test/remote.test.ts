import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, expect, it } from 'vitest';
import type { DataError } from '../src/errors.js';
import { openDataset, reopenDataset } from '../src/open.js';
import type { ColumnRead, Dataset } from '../src/types.js';
import { temporaryFolder } from './helpers/folder.js';
import { npyOf } from './helpers/npy.js';
import { buffersFor, readColumn } from './helpers/read.js';
import { servedFiles, servedRows } from './helpers/served.js';
import { webServer } from './helpers/web-server.js';

const folder = temporaryFolder();
const server = await webServer();
process.env.LOSSMILL_REMOTE_BACKOFF_MS = '1';
process.env.LOSSMILL_REMOTE_RETRIES = '30';
afterEach(() => {
  server.reset();
  delete process.env.LOSSMILL_SPOOL_BYTES;
});

const files = await servedFiles();
const names = Object.keys(files);
for (const [name, content] of Object.entries(files)) {
  folder.write(name, content);
  server.files.set(`/${name}`, Buffer.from(content as Uint8Array));
}

const remote = (name: string): Promise<Dataset> => openDataset({ files: [`${server.url}/${name}`] });
const local = (name: string): Promise<Dataset> => openDataset({ files: [name] }, { folder: folder.path });
const again = (dataset: Dataset): Promise<Dataset> => reopenDataset(JSON.parse(JSON.stringify(dataset.handle)));

/** All columns that can be read in some form. */
function readsOf({ description }: Dataset): ColumnRead[] {
  return description.columns.map(({ name, type }) => ({ column: name, as: type === 'string' ? 'text' : 'f64' }));
}

async function expectSame(near: Dataset, far: Dataset, range: [number, number], chunk: number): Promise<void> {
  for (const { column, as } of readsOf(near)) {
    // What cannot be read at all (structs) is refused alike.
    const [wanted, found] = await Promise.all(
      [near, far].map((dataset) =>
        readColumn(dataset, column, as, range, chunk).catch((error: DataError) => error.code),
      ),
    );
    // Deep equality of long lists is slow.
    expect([column, JSON.stringify(found) === JSON.stringify(wanted)]).toEqual([column, true]);
  }
}

it.each(names)('gives the same rows over http as from the disk: %s', async (name) => {
  const near = await local(name);
  const first = await remote(name);
  const { sources, ...description } = first.description;
  const { sources: nearSources, ...nearDescription } = near.description;
  expect(description).toEqual(nearDescription);
  expect(sources[0]).toEqual({ ...nearSources[0], uri: `${server.url}/${name}` });
  const { rows } = description;
  await expectSame(near, first, [0, rows], 7001);
  await first.close();
  const far = await again(first);
  await expectSame(near, far, [Math.floor(rows / 3), Math.floor(rows / 2)], 1000);
  await expectSame(near, far, [rows - 1, rows], 1);
  await far.close();
  await near.close();
});

it.each(names)('gives the same rows when a third of the answers is 503 and a fifth breaks off: %s', async (name) => {
  const near = await local(name);
  server.reset({ unavailable: 0.3, cut: 0.2 });
  const far = await remote(name);
  expect(far.description.sources[0].fingerprint).toBe(near.description.sources[0].fingerprint);
  await expectSame(near, far, [10, far.description.rows], 20_000);
  await far.close();
  await near.close();
});

it.each(names)('gives the same rows from a server that ignores ranges: %s', async (name) => {
  const near = await local(name);
  server.reset({ whole: true });
  const far = await remote(name);
  await expectSame(near, far, [0, far.description.rows], 20_000);
  // The stat, and once the file.
  expect(server.requests.length).toBe(2);
  await far.close();
  await near.close();
});

it.each(['a.csv', 'a.arrow', 'a.parquet', 'stored.npz'])('notices that %s changed', async (name) => {
  const first = await remote(name);
  await first.close();
  const far = await again(first);
  const before = server.files.get(`/${name}`) as Uint8Array;
  const after = Buffer.from(before);
  after[after.length >> 1] ^= 1;
  server.files.set(`/${name}`, after);
  const { column, as } = readsOf(far)[0];
  await expect(readColumn(far, column, as)).rejects.toMatchObject({ code: 'FILE_CHANGED' });
  server.files.set(`/${name}`, before);
  await far.close();
});

it('notices a change in the middle of a cursor', async () => {
  const rows = 4_000_000;
  const bytes = npyOf({ type: 'u8' }, [rows * 5], []);
  const content = Buffer.concat([bytes, Buffer.alloc(rows * 5)]);
  server.files.set('/long.npy', content);
  const far = await openDataset({ arrays: { x: [`${server.url}/long.npy`] } });
  const cursor = await far.cursor(0, rows * 5, [{ column: 'x', as: 'f32' }]);
  const buffers = buffersFor(far, [{ column: 'x', as: 'f32' }], rows);
  await cursor.fill(rows, buffers);
  server.files.set('/long.npy', Buffer.from(content).fill(1, 19_000_000));
  const rest = async () => {
    for (let done = 1; done < 5; done++) await cursor.fill(rows, buffers);
  };
  await expect(rest()).rejects.toMatchObject({ code: 'FILE_CHANGED', message: expect.stringMatching(/long.npy/) });
  await cursor.close();
  await far.close();
});

it('removes its temporary files', async () => {
  const spools = () => readdirSync(tmpdir()).filter((name) => name.startsWith('lossmill-remote-'));
  const before = spools();
  const far = await remote('a.csv');
  await readColumn(far, 'x', 'f32', [0, 10]);
  expect(spools().length).toBeGreaterThan(0);
  await far.close();
  server.files.set('/bad.parquet', Buffer.from('PAR1 and no more'));
  await expect(remote('bad.parquet')).rejects.toMatchObject({ code: 'FILE_CORRUPT' });
  // Other tests may make and remove theirs meanwhile.
  expect(spools().filter((name) => !before.includes(name))).toEqual([]);
});

it('keeps no more on disk than it may, and says so where that is too little', async () => {
  process.env.LOSSMILL_SPOOL_BYTES = '400000';
  await expect(remote('a.csv')).rejects.toMatchObject({
    code: 'LIMIT_EXCEEDED',
    message: expect.stringMatching(/LOSSMILL_SPOOL_BYTES/),
  });
  const near = await local('a.arrow');
  const far = await remote('a.parquet');
  await readColumn(far, 'x', 'f32', [0, servedRows], 10_000);
  await far.close();
  await near.close();
});

it('reads many files as one table, sorted, with local ones among them', async () => {
  const part = (from: number) => npyOf({ type: 'f32' }, [3], [from, from + 1, from + 2]);
  server.files.set('/p/1.npy', part(0)).set('/p/2.npy', part(3));
  const path = folder.write('3.npy', part(6));
  const far = await openDataset({ arrays: { x: [`${server.url}/p/1.npy`, path, `${server.url}/p/2.npy`] } });
  expect(await readColumn(far, 'x', 'f32')).toEqual([0, 1, 2, 6, 7, 8, 3, 4, 5]);
  expect(await readColumn(await again(far), 'x', 'f32', [2, 7], 2)).toEqual([2, 6, 7, 8, 3]);
  await far.close();
});

it('knows the format by the path of a URL, not by its query', async () => {
  const far = await openDataset({ files: [`${server.url}/a.csv?version=1.bin`] });
  expect(far.description.format).toBe('csv');
  await far.close();
});

it.each(['a.csv', 'a.parquet', 'a.jsonl', 'a.arrow'])('finds the distinct values of %s', async (name) => {
  const near = await local(name);
  const far = await remote(name);
  expect(await far.distinct('name', 100)).toEqual(await near.distinct('name', 100));
  await near.close();
  await far.close();
});
