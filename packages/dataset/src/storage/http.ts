import { DataError } from '../errors.js';
import { type Access, checkUrl, shownUrl } from './access.js';
import { type Answer, get, type Target } from './http-request.js';
import { Transient, withRetries } from './retry.js';
import type { StorageSettings } from './settings.js';
import type { ByteRange, PinnedFile, RemotePin, RemoteStat, Sink, Storage } from './storage.js';

/** Files on web servers. */
export class HttpStorage implements Storage {
  readonly #settings: StorageSettings;
  readonly #access: Access | undefined;

  constructor(settings: StorageSettings, access: Access | undefined) {
    this.#settings = settings;
    this.#access = access;
  }

  stat(uri: string, signal?: AbortSignal): Promise<RemoteStat> {
    return statByGet(this.#target(uri), this.#settings, signal);
  }

  read(file: PinnedFile, range: ByteRange, sink: Sink, signal?: AbortSignal): Promise<void> {
    return readByGet(this.#target(file.path), file, range, sink, this.#settings, signal);
  }

  /** The web has no folders: a URL is one file, whatever characters it holds. */
  async list(pattern: string): Promise<string[]> {
    return [pattern];
  }

  #target(uri: string): Target {
    return {
      uri,
      redirects: { access: this.#access },
      url: () => {
        checkUrl(uri, uri, this.#access);
        return uri;
      },
    };
  }
}

/** One byte is asked for: unlike HEAD it is allowed wherever reading is, and shows whether ranges work. */
export async function statByGet(target: Target, settings: StorageSettings, signal?: AbortSignal): Promise<RemoteStat> {
  return withRetries(
    target.uri,
    settings,
    async () => {
      const answer = await get(target, { range: 'bytes=0-0' }, settings.timeoutMs, signal);
      await answer.drop();
      return statOf(target.uri, answer);
    },
    { signal },
  );
}

function statOf(uri: string, answer: Answer): RemoteStat {
  const remote = pinOf(answer.headers);
  if (answer.status === 416) {
    const size = /^bytes \*\/(\d+)$/.exec(answer.headers.get('content-range') ?? '');
    if (!size || size[1] === '0') return { bytes: 0, remote };
  }
  refuseStatus(uri, answer, 'FILE_NOT_FOUND');
  if (answer.status === 206) {
    const range = contentRange(answer.headers);
    if (range?.start === 0 && range.total !== null) return { bytes: range.total, remote };
  }
  const length = answer.headers.get('content-length') ?? '';
  if (answer.status === 200 && /^\d+$/.test(length))
    return { bytes: Number(length), remote: { ...remote, whole: true } };
  throw new DataError(
    'FILE_NOT_READABLE',
    `${shownUrl(uri)} cannot be read: its server neither answers ranges of bytes nor says how long the file is. Download it first and name the local path.`,
    { source: shownUrl(uri) },
  );
}

function pinOf(headers: Headers): RemotePin {
  const etag = headers.get('etag');
  const modified = headers.get('last-modified');
  if (etag !== null) return { etag };
  return modified === null ? {} : { modified };
}

function contentRange(headers: Headers): { start: number; end: number; total: number | null } | null {
  const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/i.exec(headers.get('content-range') ?? '');
  if (!match) return null;
  return { start: Number(match[1]), end: Number(match[2]) + 1, total: match[3] === '*' ? null : Number(match[3]) };
}

/** Asks until all of the range is there, each time for what is missing. */
export async function readByGet(
  target: Target,
  file: PinnedFile,
  [start, end]: ByteRange,
  sink: Sink,
  settings: StorageSettings,
  signal?: AbortSignal,
): Promise<void> {
  let at = start;
  const attempt = async (): Promise<void> => {
    const range: Record<string, string> = file.remote.whole ? {} : { range: `bytes=${at}-${end - 1}` };
    const answer = await get(target, { ...range, ...conditions(file.remote) }, settings.timeoutMs, signal);
    let position = await positionOf(target.uri, answer, file, at);
    await answer.consume((bytes) => {
      const from = Math.max(0, at - position);
      const part = bytes.subarray(from, Math.max(from, end - position));
      position += bytes.length;
      if (part.length > 0) sink(part, at);
      at += part.length;
      return at < end;
    });
    if (at < end) throw new Transient(`the answer ended at byte ${at} instead of ${end}`);
  };
  if (at < end) await withRetries(target.uri, settings, attempt, { received: () => at, signal });
}

/** A weak ETag may not be asked for; it is compared all the same. */
function conditions({ etag, modified }: RemotePin): Record<string, string> {
  if (etag !== undefined) return etag.startsWith('W/') ? {} : { 'if-match': etag };
  return modified === undefined ? {} : { 'if-unmodified-since': modified };
}

/** Where the body of an answer begins; the answer must be of the pinned version. */
async function positionOf(uri: string, answer: Answer, file: PinnedFile, at: number): Promise<number> {
  try {
    if (answer.status === 412) throw changed(uri, 'the server has another version now');
    if (answer.status === 416) throw changed(uri, `it no longer reaches byte ${at}`);
    refuseStatus(uri, answer, 'FILE_CHANGED');
    refuseOther(uri, file, answer.headers);
    if (answer.status === 200) {
      refuseLength(uri, file, Number(answer.headers.get('content-length') ?? file.bytes));
      return 0;
    }
    const range = contentRange(answer.headers);
    if (range === null || range.start !== at) throw new Transient(`the server answered another range than asked for`);
    refuseLength(uri, file, range.total ?? file.bytes);
    return at;
  } catch (error) {
    await answer.drop();
    throw error;
  }
}

function refuseLength(uri: string, { bytes }: PinnedFile, now: number): void {
  if (now !== bytes) throw changed(uri, `it had ${bytes} bytes and now has ${now}`);
}

function refuseOther(uri: string, { remote }: PinnedFile, headers: Headers): void {
  const now = pinOf(headers);
  if (remote.etag !== undefined && now.etag !== undefined && now.etag !== remote.etag) {
    throw changed(uri, `its ETag was ${remote.etag} and now is ${now.etag}`);
  }
  if (remote.modified !== undefined && now.modified !== undefined && now.modified !== remote.modified) {
    throw changed(uri, `it was of ${remote.modified} and now is of ${now.modified}`);
  }
}

function changed(uri: string, how: string): DataError {
  return new DataError(
    'FILE_CHANGED',
    `${shownUrl(uri)} changed while the dataset was in use: ${how}. A result would mix old and new rows; run again when nothing writes to it.`,
    { source: shownUrl(uri) },
  );
}

export const transientStatus: ReadonlySet<number> = new Set([
  408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529,
]);

/** @throws Transient or DataError unless the status is 200 or 206; `gone` is the code for a file that is not there. */
export function refuseStatus(uri: string, { status, headers }: Answer, gone: 'FILE_NOT_FOUND' | 'FILE_CHANGED'): void {
  const where = { source: shownUrl(uri) };
  if (transientStatus.has(status)) {
    const after = Number(headers.get('retry-after') ?? 0);
    throw new Transient(`the server answered with status ${status}`, Number.isFinite(after) ? after * 1000 : 0);
  }
  if (status === 404 || status === 410) {
    if (gone === 'FILE_CHANGED') throw changed(uri, 'it is gone');
    throw new DataError(gone, `${shownUrl(uri)} does not exist (status ${status}). Check the URL.`, where);
  }
  if (status === 401 || status === 403) {
    throw new DataError(
      'FILE_NOT_READABLE',
      `${shownUrl(uri)} may not be read (status ${status}): the server wants permission. ${uri.startsWith('s3:') ? 'Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and the bucket’s policy.' : 'Give a URL that needs none, or download the file first.'}`,
      where,
    );
  }
  if ((status === 200 || status === 206) && /^(identity)?$/i.test(headers.get('content-encoding') ?? '')) return;
  const what =
    status === 200 || status === 206
      ? `it is sent compressed (${headers.get('content-encoding')}), though it was asked for as it is`
      : `the server answered with status ${status}`;
  throw new DataError(
    'FILE_NOT_READABLE',
    `${shownUrl(uri)} cannot be read: ${what}. Check the URL and the server.`,
    where,
  );
}
