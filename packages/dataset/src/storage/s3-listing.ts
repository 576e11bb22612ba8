import { DataError } from '../errors.js';

/** One page of a ListObjectsV2 answer. */
export interface ListedKeys {
  readonly keys: string[];
  /** Token of the next page; null after the last. */
  readonly next: string | null;
}

/** @throws DataError FILE_NOT_READABLE for an answer of another kind */
export function listedKeys(xml: string, uri: string): ListedKeys {
  if (!/<ListBucketResult[\s>]/.test(xml)) {
    throw new DataError(
      'FILE_NOT_READABLE',
      `${uri}: the answer to a listing is none; it begins with ${JSON.stringify(xml.slice(0, 60))}. Check AWS_ENDPOINT_URL_S3.`,
      { source: uri },
    );
  }
  const encoded = /<EncodingType>url<\/EncodingType>/.test(xml);
  const keys = [...xml.matchAll(/<Contents>.*?<Key>(.*?)<\/Key>.*?<\/Contents>/gs)].map(([, key]) => {
    const text = plain(key);
    return encoded ? decodeURIComponent(text.replaceAll('+', ' ')) : text;
  });
  const more = /<IsTruncated>true<\/IsTruncated>/.test(xml);
  const token = /<NextContinuationToken>(.*?)<\/NextContinuationToken>/s.exec(xml)?.[1];
  return { keys, next: more && token ? plain(token) : null };
}

const names: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

const plain = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|([a-z]+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return names[String(name)] ?? whole;
    return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(String(hex), 16));
  });
