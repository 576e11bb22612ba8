import picomatch from 'picomatch';
import { isDynamicPattern } from 'tinyglobby';
import { DataError } from '../errors.js';
import { type Access, checkUrl } from './access.js';
import { readByGet, refuseStatus, statByGet } from './http.js';
import { get, type Target } from './http-request.js';
import { withRetries } from './retry.js';
import { listedKeys } from './s3-listing.js';
import { placeOf, S3Signer } from './s3-sign.js';
import type { StorageSettings } from './settings.js';
import type { ByteRange, PinnedFile, RemoteStat, Sink, Storage } from './storage.js';

/** Most keys of one bucket that are looked through for a pattern. */
const MOST_KEYS = 10_000_000;

/** Objects of any S3-compatible storage. URLs are signed anew for each attempt and never shown. */
export class S3Storage implements Storage {
  readonly #settings: StorageSettings;
  readonly #access: Access | undefined;
  readonly #signer = new S3Signer();

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

  async list(pattern: string, signal?: AbortSignal): Promise<string[]> {
    const { bucket, key } = placeOf(pattern);
    if (!isDynamicPattern(key)) return [pattern];
    const matches = picomatch(key, { dot: false });
    const found: string[] = [];
    let seen = 0;
    for (let token: string | null = ''; token !== null; ) {
      const page = await this.#page(pattern, bucket, prefixOf(key), token, signal);
      // A key is taken literally where it exists, whatever characters it holds.
      if (page.keys.includes(key)) return [pattern];
      for (const name of page.keys) if (!name.endsWith('/') && matches(name)) found.push(`s3://${bucket}/${name}`);
      seen += page.keys.length;
      if (seen > MOST_KEYS) throw tooMany(pattern);
      token = page.next;
    }
    if (found.length > 0) return found;
    throw new DataError(
      'FILE_NOT_FOUND',
      `No object matches the pattern ${JSON.stringify(pattern)}. Quote it so that the shell does not expand it; "**" matches any number of folders, "*" none.`,
      { source: pattern },
    );
  }

  async #page(uri: string, bucket: string, prefix: string, token: string, signal: AbortSignal | undefined) {
    const query: Record<string, string> = { 'list-type': '2', 'max-keys': '1000', 'encoding-type': 'url' };
    if (prefix !== '') query.prefix = prefix;
    if (token !== '') query['continuation-token'] = token;
    const target: Target = { uri, redirects: null, url: () => this.#signer.sign('GET', { bucket, key: '/' }, query) };
    const text = await withRetries(
      uri,
      this.#settings,
      async () => {
        const answer = await get(target, {}, this.#settings.timeoutMs, signal);
        if (answer.status !== 200) await answer.drop();
        refuseStatus(uri, answer, 'FILE_NOT_FOUND');
        const chunks: Uint8Array[] = [];
        await answer.consume((bytes) => chunks.push(bytes) > 0);
        return Buffer.concat(chunks).toString('utf8');
      },
      { signal },
    );
    return listedKeys(text, uri);
  }

  #target(uri: string): Target {
    const place = placeOf(uri);
    return {
      uri,
      redirects: null,
      url: () => {
        checkUrl(uri, uri, this.#access);
        return this.#signer.sign('GET', place);
      },
    };
  }
}

/** The beginning that all matches have: up to the folder of the first wild part, and without what signatures spell in two ways. */
function prefixOf(key: string): string {
  const wild = key.search(/[*?[\]{}()!+@|\\']/);
  return key.slice(0, wild < 0 ? key.length : wild);
}

function tooMany(pattern: string): DataError {
  return new DataError(
    'LIMIT_EXCEEDED',
    `${pattern}: more than ${MOST_KEYS} objects begin like this. Give a longer beginning without wildcards.`,
    { source: pattern },
  );
}
