import { afterEach, expect, it } from 'vitest';
import { HttpStorage } from '../../src/storage/http.js';
import type { StorageSettings } from '../../src/storage/settings.js';
import type { ByteRange } from '../../src/storage/storage.js';
import { webServer } from '../helpers/web-server.js';

const server = await webServer();
afterEach(() => server.reset());
const settings: StorageSettings = { retries: 8, backoffMs: 1, timeoutMs: 2000, spoolBytes: 2 ** 30 };
const storage = new HttpStorage(settings, undefined);
const content = Uint8Array.from({ length: 3_000_000 }, (_, at) => (at * 7919) >>> 8);
server.files.set('/a.bin', content).set('/empty', new Uint8Array(0));
const url = `${server.url}/a.bin`;

async function read(uri: string, range: ByteRange, from = storage): Promise<Buffer> {
  const { bytes, remote } = await from.stat(uri);
  return readPinned({ uri, path: uri, bytes, remote }, range, from);
}

async function readPinned(file: Parameters<HttpStorage['read']>[0], range: ByteRange, from = storage) {
  const parts: Uint8Array[] = [];
  let at = range[0];
  await from.read(file, range, (part, position) => {
    expect(position).toBe(at);
    at += part.length;
    parts.push(part.slice());
  });
  return Buffer.concat(parts);
}

const same = (range: ByteRange) => Buffer.from(content.subarray(...range));

it('tells size and version by asking for one byte', async () => {
  const { bytes, remote } = await storage.stat(url);
  expect([bytes, remote.whole]).toEqual([3_000_000, undefined]);
  expect(remote.etag).toMatch(/^"[0-9a-f]{40}"$/);
  expect(server.bytes).toBe(1);
  expect((await storage.stat(`${server.url}/empty`)).bytes).toBe(0);
});

it('reads exactly the bytes asked for, and asks for the version it knows', async () => {
  expect((await read(url, [1000, 2_000_000])).equals(same([1000, 2_000_000]))).toBe(true);
  expect(server.bytes).toBe(1 + 1_999_000);
  expect(server.requests[1]).toMatchObject({ range: 'bytes=1000-1999999', 'accept-encoding': 'identity' });
  expect(server.requests[1]['if-match']).toMatch(/^"/);
});

it('goes on where it was when every third answer is 503 and half of the bodies break off', async () => {
  server.reset({ unavailable: 0.3, cut: 0.5 });
  expect((await read(url, [0, 3_000_000])).equals(same([0, 3_000_000]))).toBe(true);
  expect(server.requests.length).toBeGreaterThan(3);
  // Every byte crossed the network once, but for the one of the stat.
  expect(server.bytes).toBeLessThanOrEqual(3_000_000 + server.requests.length);
});

it('gives up after the retries it may make, and says what happened', async () => {
  server.reset({ unavailable: 1 });
  const few = new HttpStorage({ ...settings, retries: 3 }, undefined);
  await expect(few.stat(url)).rejects.toMatchObject({
    code: 'STORAGE_UNAVAILABLE',
    message: expect.stringMatching(/in 4 attempts: the server answered with status 503.*LOSSMILL_REMOTE_RETRIES/),
  });
  // A connection that broke in the test before may have cost an attempt.
  expect(server.requests.length).toBeLessThanOrEqual(4);
});

it('repeats what a silent server leaves unanswered', async () => {
  server.reset({ silent: 1 });
  const hasty = new HttpStorage({ ...settings, timeoutMs: 50 }, undefined);
  expect((await read(url, [5, 10], hasty)).equals(same([5, 10]))).toBe(true);
  server.reset({ silent: 99 });
  const once = new HttpStorage({ ...settings, timeoutMs: 50, retries: 0 }, undefined);
  await expect(once.stat(url)).rejects.toThrow(/the server was silent for 50 ms/);
});

it('repeats refused connections', async () => {
  const few = new HttpStorage({ ...settings, retries: 2 }, undefined);
  await expect(few.stat('http://127.0.0.1:1/a')).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
});

it('stops at once when it is aborted', async () => {
  server.reset({ silent: 99 });
  const stop = new AbortController();
  const asked = storage.stat(url, stop.signal);
  setTimeout(() => stop.abort(new Error('stop')), 20);
  await expect(asked).rejects.toThrow('stop');
});

it('takes its range out of the whole where ranges are ignored', async () => {
  server.reset({ whole: true });
  expect((await storage.stat(url)).remote.whole).toBe(true);
  expect((await read(url, [100_000, 200_000])).equals(same([100_000, 200_000]))).toBe(true);
});

it('refuses a server that says neither size nor answers ranges', async () => {
  server.reset({ whole: true, chunked: true });
  await expect(storage.stat(url)).rejects.toMatchObject({
    code: 'FILE_NOT_READABLE',
    message: expect.stringMatching(/Download it first/),
  });
});

it.each([
  ['by its ETag, which the server checks', {}, {}],
  ['by its ETag, which the server does not check', { etag: 'W/"1"' }, { etag: 'W/"2"' }],
  [
    'by its date',
    { etag: null, modified: 'Sun, 01 Nov 2026 00:00:00 GMT' },
    { etag: null, modified: 'Mon, 02 Nov 2026 00:00:00 GMT' },
  ],
  ['by its size', { etag: null }, { etag: null }],
])('notices a changed file %s', async (_, before, after) => {
  server.files.set('/b', content);
  server.reset(before);
  const uri = `${server.url}/b`;
  const { bytes, remote } = await storage.stat(uri);
  server.reset(after);
  server.files.set('/b', content.slice(0, 2_999_999));
  await expect(readPinned({ uri, path: uri, bytes, remote }, [10, 20])).rejects.toMatchObject({ code: 'FILE_CHANGED' });
  server.files.delete('/b');
  await expect(readPinned({ uri, path: uri, bytes, remote }, [10, 20])).rejects.toMatchObject({ code: 'FILE_CHANGED' });
});

it('follows redirects, but not for ever, and only to the web', async () => {
  server.redirects.set('/moved', '/a.bin').set('/round', '/round').set('/file', 'file:///etc/passwd');
  expect((await read(`${server.url}/moved`, [0, 10])).equals(same([0, 10]))).toBe(true);
  await expect(storage.stat(`${server.url}/round`)).rejects.toThrow(/more than 5 redirects/);
  await expect(storage.stat(`${server.url}/file`)).rejects.toThrow(/only http and https are followed/);
});

it('holds every redirect against what is allowed', async () => {
  const other = await webServer();
  other.files.set('/data/x', content);
  server.redirects.set('/data/out', `${other.url}/data/x`).set('/data/up', '/a.bin');
  const access = { urls: [`${server.url}/data`] };
  const bound = new HttpStorage(settings, access);
  for (const path of ['/data/out', '/data/up']) {
    await expect(bound.stat(server.url + path)).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      message: expect.stringMatching(/leads to .*LOSSMILL_ALLOWED_URLS/),
    });
  }
  expect(other.requests).toHaveLength(0);
  const both = new HttpStorage(settings, { urls: [...access.urls, other.url] });
  expect((await both.stat(`${server.url}/data/out`)).bytes).toBe(3_000_000);
});

it('says what a server refuses', async () => {
  await expect(storage.stat(`${server.url}/none?key=secret`)).rejects.toMatchObject({
    code: 'FILE_NOT_FOUND',
    message: expect.not.stringMatching(/secret/),
  });
  server.reset({ headers: { 'content-encoding': 'gzip' } });
  await expect(storage.stat(url)).rejects.toThrow(/sent compressed \(gzip\)/);
});
