import { DataError } from '../errors.js';
import { Transient, withRetries } from './retry.js';
import { eachOf, type S3Objects, textOf } from './s3-objects.js';
import { placeOf } from './s3-sign.js';

/** Bytes of an object that is put together, in their order. */
export interface Piece {
  readonly bytes: number;
  /** Another object of the same bucket that holds exactly these bytes: it need not pass through here. */
  readonly from?: string;
  read(signal?: AbortSignal): Promise<Uint8Array>;
}

interface Upload {
  readonly uri: string;
  readonly id: string;
}

/** S3's own limits on a part of an upload, the last one excepted. */
const LEAST_PART = 5 * 2 ** 20;
const GREATEST_COPY = 5 * 2 ** 30;
/** S3 takes 10,000. */
const MOST_PARTS = 9_000;
/** Bytes that go through memory at a time; larger only where there would be too many parts. */
const PART = 8 * 2 ** 20;
const AT_ONCE = 4;

/** Objects are at most 5 TiB, https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const MOST_OBJECT_BYTES = 5 * 2 ** 40;

/**
 * Writes an object from pieces; readers see the old one until the new one is whole.
 * @param journal object that holds the id of the upload while it is on its way, so that another process can clear it away
 */
export async function assembleObject(
  objects: S3Objects,
  uri: string,
  pieces: readonly Piece[],
  { journal, signal }: { journal?: string; signal?: AbortSignal } = {},
): Promise<void> {
  const total = pieces.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= PART) return objects.put(uri, await joined(pieces, signal), signal);
  if (journal) await abandonUpload(objects, uri, journal);
  const upload: Upload = { uri, id: await begin(objects, uri, signal) };
  try {
    if (journal) await objects.put(journal, new Uint8Array(Buffer.from(upload.id)), signal);
    const parts = groupsOf(pieces, total);
    const etags: string[] = [];
    await eachOf(parts, AT_ONCE, async (part, index) => {
      etags[index] = await send(objects, upload, index + 1, part, signal);
    });
    await complete(objects, upload, etags, total, signal);
  } catch (error) {
    await abort(objects, upload).catch(() => {});
    throw error;
  }
}

/** Clears away an upload whose process died. */
export async function abandonUpload(objects: S3Objects, uri: string, journal: string): Promise<void> {
  const id = await objects.read(journal);
  if (id !== null) await abort(objects, { uri, id: textOf(id) });
}

/** @throws DataError where an object of this name could not be written, before there is anything to write */
export async function probeObject(objects: S3Objects, uri: string, signal?: AbortSignal): Promise<void> {
  await abort(objects, { uri, id: await begin(objects, uri, signal) });
}

/** Objects that are large enough are parts by themselves; others are put together. */
function groupsOf(pieces: readonly Piece[], total: number): Piece[][] {
  const size = Math.max(PART, Math.ceil(total / MOST_PARTS));
  const leastCopy = Math.max(LEAST_PART, Math.ceil(total / MOST_PARTS));
  const parts: Piece[][] = [];
  let open: Piece[] = [];
  let bytes = 0;
  const close = (): void => {
    if (open.length > 0) parts.push(open);
    open = [];
    bytes = 0;
  };
  for (const piece of pieces) {
    open.push(piece);
    bytes += piece.bytes;
    const copied = open.length === 1 && piece.from && bytes >= leastCopy && bytes <= GREATEST_COPY;
    if (copied || bytes >= size) close();
  }
  close();
  return parts;
}

async function begin(objects: S3Objects, uri: string, signal?: AbortSignal): Promise<string> {
  const { body } = await objects.ask(uri, { method: 'POST', query: { uploads: '' } }, signal);
  const id = /<UploadId>([^<]+)<\/UploadId>/.exec(textOf(body))?.[1];
  if (id !== undefined) return id;
  throw new DataError('FILE_NOT_WRITABLE', `${uri}: the object storage began no upload. Check AWS_ENDPOINT_URL_S3.`, {
    source: uri,
  });
}

/** A storage that cannot copy parts gets the bytes. Returns the ETag. */
async function send(objects: S3Objects, upload: Upload, number: number, part: Piece[], signal?: AbortSignal) {
  const [{ from }] = part;
  const query = { partNumber: String(number), uploadId: upload.id };
  if (part.length === 1 && from !== undefined && part[0].bytes >= LEAST_PART) {
    const { bucket, key } = placeOf(from);
    const source = `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
    const headers = { 'x-amz-copy-source': source };
    const { body } = await objects.ask(
      upload.uri,
      { method: 'PUT', query, headers, accept: [400, 404, 405, 501] },
      signal,
    );
    const etag = /<ETag>([^<]+)<\/ETag>/.exec(textOf(body))?.[1];
    if (etag !== undefined) return etag.replaceAll('&quot;', '"').replaceAll('&#34;', '"');
  }
  const { headers } = await objects.ask(upload.uri, { method: 'PUT', query, body: await joined(part, signal) }, signal);
  return headers.get('etag') ?? '';
}

async function complete(
  objects: S3Objects,
  { uri, id }: Upload,
  etags: readonly string[],
  total: number,
  signal?: AbortSignal,
) {
  const list = etags.map((etag, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>${etag}</ETag></Part>`).join('');
  const xml = `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${list}</CompleteMultipartUpload>`;
  const body = new Uint8Array(Buffer.from(xml));
  await withRetries(
    uri,
    objects.settings,
    async () => {
      const told = await objects.ask(uri, { method: 'POST', query: { uploadId: id }, body, accept: [404] }, signal);
      // An answer may have been lost on its way: then the upload is gone and the object is there.
      if (told.status === 404 && (await sizeOf(objects, uri, signal)) !== total)
        throw new DataError('FILE_NOT_WRITABLE', `${uri}: its upload was ended by somebody else. Run it again.`, {
          source: uri,
        });
      // It says 200 before it has tried.
      if (told.status !== 404 && /<Error>/.test(textOf(told.body))) throw new Transient('the upload was not completed');
    },
    { signal, what: 'written' },
  );
}

async function sizeOf(objects: S3Objects, uri: string, signal?: AbortSignal): Promise<number | null> {
  const query = { 'list-type': '2', prefix: placeOf(uri).key, 'max-keys': '1' };
  const { bucket, key } = placeOf(uri);
  const { body } = await objects.ask(uri, { method: 'GET', query }, signal, { bucket, key: '/' });
  const text = textOf(body);
  if (/<Key>([^<]*)<\/Key>/.exec(text)?.[1] !== key) return null;
  return Number(/<Size>(\d+)<\/Size>/.exec(text)?.[1] ?? Number.NaN);
}

/** Not every storage can; an upload without parts costs nothing. */
async function abort(objects: S3Objects, { uri, id }: Upload): Promise<void> {
  await objects.ask(uri, { method: 'DELETE', query: { uploadId: id }, accept: [400, 404, 405, 501] });
}

async function joined(pieces: readonly Piece[], signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.bytes, 0));
  let at = 0;
  for (const piece of pieces) {
    const part = await piece.read(signal);
    if (part.length !== piece.bytes) throw new Error(`a piece of ${part.length} bytes, not ${piece.bytes}`);
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
