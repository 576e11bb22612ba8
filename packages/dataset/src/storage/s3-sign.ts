import type { S3mini } from 's3mini';
import { DataError } from '../errors.js';

const SIGNED_SECONDS = 900;

export type S3Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

export interface S3Place {
  readonly bucket: string;
  /** "/" for the bucket itself. */
  readonly key: string;
}

/**
 * Makes URLs for requests to any S3-compatible storage, buckets as the first part of the path. Keys and endpoint come from the AWS
 * environment variables; without keys URLs are not signed, which is enough for public buckets.
 */
export class S3Signer {
  /** The last bucket and account used. */
  readonly #clients = new Map<string, S3mini>();

  /** @param headers those that must be signed: x-amz-... */
  async sign(
    method: S3Method,
    { bucket, key }: S3Place,
    query: Record<string, string> = {},
    headers: Record<string, string> = {},
  ): Promise<string> {
    const { id, secret, token, endpoint, region } = account();
    if (id === '' || secret === '') return unsigned(`${endpoint}/${bucket}`, key, query);
    const client = await this.#client(bucket, { accessKeyId: id, secretAccessKey: secret, endpoint, region });
    const all = token === '' ? query : { ...query, 'X-Amz-Security-Token': token };
    // Its type knows two methods; it signs any.
    return client.getPresignedUrl(method as 'GET' | 'PUT', key, SIGNED_SECONDS, all, headers);
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
export function placeOf(uri: string): S3Place {
  const [, bucket, key] = /^s3:\/\/([^/]*)\/?(.*)$/is.exec(uri) ?? ['', '', ''];
  const bad = (what: string) =>
    new DataError('VALUE_INVALID', `${uri} ${what}. Write it as s3://BUCKET/KEY.`, { source: uri });
  if (!/^[a-z0-9][a-z0-9._-]{1,62}$/i.test(bucket)) throw bad('names no bucket');
  if (key === '' || key.startsWith('/')) throw bad('names no object');
  if (key.split('/').some((part) => part === '.' || part === '..')) throw bad('holds a "." or ".." between slashes');
  return { bucket, key };
}
