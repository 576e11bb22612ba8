import { Redis } from 'ioredis';
import { ClusterError } from './errors.js';
import { tlsOf } from './redis-tls.js';
import { checkRedisUrl, redactUrl } from './redis-url.js';

/** Least version of Redis. */
const LEAST = [6, 2];

export interface Server {
  redis: Redis;
  /** Things an operator should know, such as persistence that is off. */
  warnings: string[];
}

/**
 * Connects and looks whether the server is fit. Processes that stay wait for a server that comes back later; a command gives up
 * after some seconds.
 * @throws ClusterError REDIS_UNREACHABLE, REDIS_UNFIT
 */
export async function connect(url: string, { stays }: { stays: boolean }): Promise<Server> {
  checkRedisUrl(url);
  const redis = new Redis(url, {
    ...tlsOf(url),
    lazyConnect: true,
    maxRetriesPerRequest: stays ? null : 20,
    connectTimeout: 5000,
    // A line that went dead without a word would be waited on for ever. Longer than any command that waits for work.
    socketTimeout: 30_000,
    keepAlive: 10_000,
    retryStrategy: (times) => Math.min(times * 100, 2000),
  });
  let last: Error | undefined;
  redis.on('error', (error) => {
    last = error;
  });
  try {
    await withinSeconds(redis.connect(), 5);
    return { redis, warnings: await inspect(redis) };
  } catch (error) {
    redis.disconnect();
    if (error instanceof ClusterError) throw error;
    const why = last?.message || (error instanceof Error ? error.message : String(error));
    throw new ClusterError(
      'REDIS_UNREACHABLE',
      `Redis at ${redactUrl(url)} does not answer as wanted (${why || 'no connection'}). ${adviceOn(why)}`,
    );
  }
}

const adviceOn = (why: string): string =>
  /certificate|altnames/i.test(why)
    ? 'Name a file with the certificate of who signed that of Redis in LOSSMILL_REDIS_CA (or NODE_EXTRA_CA_CERTS), and Redis as its certificate does.'
    : 'Start it, or give its address with --redis or LOSSMILL_REDIS.';

async function withinSeconds<T>(work: Promise<T>, seconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no connection within ${seconds} s`)), seconds * 1000);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** INFO, unlike CONFIG, is allowed at managed servers too. */
async function inspect(redis: Redis): Promise<string[]> {
  const info = parseInfo(await redis.info());
  const version = (info.redis_version ?? '').split('.').map(Number);
  if (version[0] < LEAST[0] || (version[0] === LEAST[0] && version[1] < LEAST[1]))
    throw unfit(`it is version ${info.redis_version}, but at least ${LEAST.join('.')} is wanted`);
  if (info.maxmemory_policy !== undefined && info.maxmemory_policy !== 'noeviction')
    throw unfit(
      `its maxmemory-policy is ${info.maxmemory_policy}: when memory gets short it would throw away results. Set it to noeviction (CONFIG SET maxmemory-policy noeviction, and in redis.conf)`,
    );
  return info.aof_enabled === '0'
    ? ['Redis keeps no append-only file: a restart of it loses evaluations. Set appendonly yes.']
    : [];
}

const unfit = (why: string): ClusterError => new ClusterError('REDIS_UNFIT', `This Redis cannot be used: ${why}.`);

export function parseInfo(text: string): Record<string, string> {
  const pairs = text.split(/\r?\n/).filter((line) => line.includes(':'));
  return Object.fromEntries(pairs.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}
