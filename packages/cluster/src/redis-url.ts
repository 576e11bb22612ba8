import { ClusterError } from './errors.js';

const NO_URL = '(not a URL)';

/** A Redis URL without what is secret in it. */
export function redactUrl(url: string): string {
  try {
    const parsed = new URL(url);
    // A password that was not encoded may end up anywhere behind a "/", "?" or "#".
    if (`${parsed.pathname}${parsed.search}${parsed.hash}`.includes('@')) return NO_URL;
    if (parsed.password !== '') parsed.password = '***';
    if (parsed.username !== '') parsed.username = '***';
    parsed.search = '';
    parsed.hash = '';
    return parsed.href;
  } catch {
    return NO_URL;
  }
}

/** @throws ClusterError REDIS_UNREACHABLE unless it is a redis:// or rediss:// URL */
export function checkRedisUrl(url: string): void {
  let protocol = '';
  try {
    protocol = new URL(url).protocol;
  } catch {
    // Said below.
  }
  const known = protocol === 'redis:' || protocol === 'rediss:';
  if (known && redactUrl(url) !== NO_URL) return;
  if (known)
    throw new ClusterError(
      'REDIS_UNREACHABLE',
      'The Redis address holds a user or password with a "/", "?" or "#" in it. Write these as %2F, %3F and %23.',
    );
  throw new ClusterError(
    'REDIS_UNREACHABLE',
    `The Redis address ${redactUrl(url)} is no redis:// or rediss:// URL. Write redis://[user:password@]host:port[/database], or rediss:// for TLS.`,
  );
}
