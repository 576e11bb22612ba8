import { readFileSync } from 'node:fs';
import type { RedisOptions } from 'ioredis';
import { ClusterError } from './errors.js';

/**
 * How to speak TLS to a rediss:// URL; nothing for others. LOSSMILL_REDIS_CA names a file of certificates (PEM) that are trusted
 * instead of the usual ones.
 * @throws ClusterError REDIS_UNREACHABLE for a file that cannot be read
 */
export function tlsOf(url: string, file = process.env.LOSSMILL_REDIS_CA): Pick<RedisOptions, 'tls'> {
  if (!/^rediss:/i.test(url)) return {};
  return { tls: file ? { ca: certificatesOf(file) } : {} };
}

function certificatesOf(file: string): string {
  let text = '';
  try {
    text = readFileSync(file, 'latin1');
  } catch {
    // Said below.
  }
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw new ClusterError(
    'REDIS_UNREACHABLE',
    `LOSSMILL_REDIS_CA is ${file}, which ${text === '' ? 'cannot be read' : 'holds no certificate'}. Name a file with the PEM certificate of who signed that of Redis.`,
  );
}
