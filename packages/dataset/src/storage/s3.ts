import picomatch from 'picomatch';
import type { S3mini } from 's3mini';
import { isDynamicPattern } from 'tinyglobby';
import { DataError } from '../errors.js';
import { type Access, checkUrl } from './access.js';
import { readByGet, refuseStatus, statByGet } from './http.js';
import { get, type Target } from './http-request.js';
import { withRetries } from './retry.js';
import { listedKeys } from './s3-listing.js';
import type { StorageSettings } from './settings.js';
import type { ByteRange, PinnedFile, RemoteStat, Sink, Storage } from './storage.js';

/** Most keys of one bucket that are looked through for a pattern. */
const MOST_KEYS = 10_000_000;
const SIGNED_SECONDS = 900;

/**
 * Objects of any S3-compatible storage, buckets as the first part of the path. Keys and endpoint come from the AWS
 * environment variables; without keys requests are not signed, which is enough for public buckets. URLs are signed anew for
 * each attempt and never shown.
 */
export class S3Storage implements Storage {
  readonly #settings: StorageSettings;
  readonly #access: Access | undefined;
  /** The last bucket and account used. */
  readonly #clients = new Map<string, S3mini>();

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
    const target: Target = { uri, redirects: null, url: () => this.#sign(bucket, '/', query) };
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
    const { bucket, key } = placeOf(uri);
    return {
      uri,
      redirects: null,
      url: () => {
        checkUrl(uri, uri, this.#access);
        return this.#sign(bucket, key, {});
      },
    };
  }

  async #sign(bucket: string, key: string, query: Record<string, string>): Promise<string> {
    const { id, secret, token, endpoint, region } = account();
    if (id === '' || secret === '') return unsigned(`${endpoint}/${bucket}`, key, query);
    const client = await this.#client(bucket, { accessKeyId: id, secretAccessKey: secret, endpoint, region });
    const all = token === '' ? query : { ...query, 'X-Amz-Security-Token': token };
    return client.getPresignedUrl('GET', key, SIGNED_SECONDS, all);
  }

  async #client(bucket: string, config: ConstructorParameters<typeof S3mini>[0]): Promise<S3mini> {
    const identity = JSON.stringify([bucket, config]);
    const known = this.#clients.get(identity);
    if (known) return known;
    // Loaded on first use: who reads no object storage does not wait for it.
    const { S3mini: Client } = await import('s3mini');
    const client = new Client({ ...config, endpoint: `${config.endpoint}/${bucket}` });
    this.#clients.clear();
    this.#clients.set(identity, client);
    return client;
  }
}

function unsigned(base: string, key: string, query: Record<string, string>): string {
  const url = new URL(base);
  url.pathname += key === '/' ? '/' : `/${key.split('/').map(encodeURIComponent).join('/')}`;
  url.search = new URLSearchParams(query).toString();
  return url.href;
}

/** Read anew each time: long-running programs get new session keys. */
function account() {
  const env = process.env;
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION || 'us-east-1';
  const endpoint = env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL || `https://s3.${region}.amazonaws.com`;
  if (!URL.canParse(endpoint) || !/^https?:/i.test(endpoint)) {
    throw new DataError(
      'VALUE_INVALID',
      'AWS_ENDPOINT_URL_S3 (or AWS_ENDPOINT_URL) is not an http:// or https:// URL. Correct or unset it.',
    );
  }
  return {
    id: env.AWS_ACCESS_KEY_ID ?? '',
    secret: env.AWS_SECRET_ACCESS_KEY ?? '',
    token: env.AWS_SESSION_TOKEN ?? '',
    endpoint: endpoint.replace(/\/+$/, ''),
    region,
  };
}

/** @throws DataError VALUE_INVALID for what is no object or cannot be asked for by a URL */
function placeOf(uri: string): { bucket: string; key: string } {
  const [, bucket, key] = /^s3:\/\/([^/]*)\/?(.*)$/is.exec(uri) ?? ['', '', ''];
  const bad = (what: string) =>
    new DataError('VALUE_INVALID', `${uri} ${what}. Write it as s3://BUCKET/KEY.`, { source: uri });
  if (!/^[a-z0-9][a-z0-9._-]{1,62}$/i.test(bucket)) throw bad('names no bucket');
  if (key === '' || key.startsWith('/')) throw bad('names no object');
  if (key.split('/').some((part) => part === '.' || part === '..')) throw bad('holds a "." or ".." between slashes');
  return { bucket, key };
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
