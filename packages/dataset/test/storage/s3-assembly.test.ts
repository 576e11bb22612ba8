import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { abandonUpload, assembleObject, type Piece, probeObject } from '../../src/storage/s3-assembly.js';
import { S3Objects } from '../../src/storage/s3-objects.js';
import { objectStore } from '../helpers/object-store.js';
import { s3Server } from '../helpers/s3-server.js';

const store = await objectStore();
const server = await s3Server('bucket');
const MIB = 2 ** 20;
const names = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_ENDPOINT_URL_S3', 'LOSSMILL_REMOTE_BACKOFF_MS'];

beforeEach(() => {
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'S3RVER',
    AWS_SECRET_ACCESS_KEY: 'S3RVER',
    AWS_ENDPOINT_URL_S3: store.endpoint,
    LOSSMILL_REMOTE_BACKOFF_MS: '1',
  });
  for (const map of [store.objects, store.uploads]) map.clear();
  store.log.length = 0;
  store.copies = true;
  store.refuse = () => undefined;
});
afterEach(() => {
  for (const name of names) delete process.env[name];
});

/** Objects of so many bytes each, and the pieces that name them. */
async function piecesOf(objects: S3Objects, sizes: readonly number[]): Promise<{ pieces: Piece[]; whole: Buffer }> {
  const bodies = sizes.map((size) => randomBytes(size));
  const pieces: Piece[] = [];
  for (const [i, body] of bodies.entries()) {
    const from = `s3://bucket/p/.parts/a+b ${i}`;
    await objects.put(from, new Uint8Array(body));
    pieces.push({ bytes: body.length, from, read: async () => (await objects.read(from)) as Buffer });
  }
  return { pieces, whole: Buffer.concat(bodies) };
}

const SIZES: [string, number[]][] = [
  ['nothing', [0]],
  ['small pieces', [10, 0, 3000, 7]],
  ['large pieces, copied', [6 * MIB, 5 * MIB, 9 * MIB, 100]],
  ['both', [1 * MIB, 6 * MIB, 6 * MIB, 2 * MIB, 3 * MIB, 3 * MIB, 7 * MIB, 1]],
];

describe.each([
  ['an object storage of strict rules', () => store.endpoint],
  ['s3rver', () => server.endpoint],
])('an object put together at %s', (where, endpoint) => {
  it.each(SIZES)('holds the bytes of its pieces: %s', async (_, sizes) => {
    process.env.AWS_ENDPOINT_URL_S3 = endpoint();
    const objects = new S3Objects();
    const { pieces, whole } = await piecesOf(objects, sizes);
    await assembleObject(objects, 's3://bucket/p/out ü.npy', pieces, { journal: 's3://bucket/p/.parts/upload' });
    const found = await objects.read('s3://bucket/p/out ü.npy');
    expect(found && whole.equals(found)).toBe(true);
    await objects.removeAll('s3://bucket/p/.parts/');
    expect(await objects.read(pieces[0].from ?? '')).toBeNull();
    expect((await objects.read('s3://bucket/p/out ü.npy'))?.length).toBe(whole.length);
    if (where !== 's3rver') expect([...store.objects.keys()]).toEqual(['bucket/p/out ü.npy']);
    expect(store.uploads.size).toBe(0);
  });
});

describe('an upload', () => {
  const uri = 's3://bucket/out.npy';

  it('copies what is large enough, and sends it where copying is not known', async () => {
    const objects = new S3Objects();
    const { pieces, whole } = await piecesOf(objects, [6 * MIB, 6 * MIB, 1 * MIB]);
    for (const copies of [true, false]) {
      store.copies = copies;
      store.log.length = 0;
      await assembleObject(objects, uri, pieces);
      expect(store.objects.get('bucket/out.npy')?.equals(whole)).toBe(true);
      expect(store.log.filter((line) => line.startsWith('GET')).length).toBe(copies ? 1 : 3);
    }
  });

  it('goes on after failures that pass, also one that hid a success', async () => {
    const objects = new S3Objects();
    const { pieces, whole } = await piecesOf(objects, [6 * MIB, 6 * MIB]);
    const seen = new Set<string>();
    store.refuse = (line) => {
      const first = !seen.has(line) && seen.add(line);
      return first ? 503 : undefined;
    };
    await assembleObject(objects, uri, pieces, { journal: 's3://bucket/journal' });
    expect(store.objects.get('bucket/out.npy')?.equals(whole)).toBe(true);
    store.objects.delete('bucket/out.npy');
    // The server completes the upload, but its answer is lost.
    store.refuse = (line) => {
      const done = /^POST .*uploadId=(.*)/.exec(line);
      if (!done || !store.uploads.has(done[1])) return undefined;
      store.objects.set('bucket/out.npy', Buffer.concat([...(store.uploads.get(done[1])?.values() ?? [])]));
      store.uploads.delete(done[1]);
      return 500;
    };
    await assembleObject(objects, uri, pieces);
    expect(store.objects.get('bucket/out.npy')?.equals(whole)).toBe(true);
  });

  it('leaves nothing when it fails, is stopped, or its process died', async () => {
    const objects = new S3Objects();
    const { pieces } = await piecesOf(objects, [6 * MIB, 6 * MIB]);
    store.refuse = (line) => (line.includes('partNumber=2') ? 403 : undefined);
    await expect(assembleObject(objects, uri, pieces)).rejects.toMatchObject({
      code: 'FILE_NOT_WRITABLE',
      message: expect.stringMatching(/s3:\/\/bucket\/out\.npy cannot be written: .*status 403, Refused.*AWS_/),
    });
    const controller = new AbortController();
    store.refuse = (line) => {
      if (line.includes('partNumber=2')) controller.abort(new Error('enough'));
      return undefined;
    };
    await expect(assembleObject(objects, uri, pieces, { signal: controller.signal })).rejects.toThrow('enough');
    expect([store.uploads.size, store.objects.has('bucket/out.npy')]).toEqual([0, false]);
    store.refuse = () => undefined;
    store.uploads.set('bucket/out.npy left', new Map());
    await objects.put('s3://bucket/journal', new Uint8Array(Buffer.from('bucket/out.npy left')));
    await abandonUpload(objects, uri, 's3://bucket/journal');
    expect(store.uploads.size).toBe(0);
  });

  it('is tried before there is anything to write', async () => {
    await probeObject(new S3Objects(), uri);
    expect([store.uploads.size, store.objects.size]).toEqual([0, 0]);
    store.refuse = () => 403;
    await expect(probeObject(new S3Objects(), uri)).rejects.toMatchObject({ code: 'FILE_NOT_WRITABLE' });
  });

  it('is not begun where writing is not allowed', async () => {
    const objects = new S3Objects({ urls: ['s3://bucket/mine'] });
    await objects.put('s3://bucket/mine/a', new Uint8Array(1));
    for (const other of ['s3://bucket/other', 's3://other/mine/a', 's3://bucket/mine/../other'])
      await expect(objects.put(other, new Uint8Array(1))).rejects.toMatchObject({
        message: expect.stringMatching(/may not be written here|"\.\."/),
      });
    expect([...store.objects.keys()]).toEqual(['bucket/mine/a']);
  });

  it('removes more objects than one list holds', async () => {
    for (let i = 0; i < 2300; i++) store.objects.set(`bucket/p/${i}`, Buffer.alloc(1));
    store.objects.set('bucket/q/1', Buffer.alloc(1));
    await new S3Objects().removeAll('s3://bucket/p/');
    expect([...store.objects.keys()]).toEqual(['bucket/q/1']);
  });
});
