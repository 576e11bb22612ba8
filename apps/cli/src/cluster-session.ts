import type { ClusterClient, Fault } from '@lossmill/cluster';
import { EvaluationError } from '@lossmill/evaluation';
import { UsageError } from './errors.js';

export interface RedisFlags {
  redis?: string;
}

/** The cluster's Redis, as the flag or its variable says. */
export function redisOf({ redis }: RedisFlags): string {
  const url = redis ?? process.env.LOSSMILL_REDIS;
  // Everybody on the machine can see the arguments of a process.
  if (redis?.includes('@')) process.title = `lossmill ${process.argv[2]}`;
  if (url) return url;
  throw new UsageError('No cluster is named. Give the URL of its Redis with --redis or LOSSMILL_REDIS.');
}

/** Runs with a connection to the cluster, which is closed at the end. */
export async function withCluster<T>(url: string, run: (client: ClusterClient) => Promise<T>): Promise<T> {
  const { ClusterClient } = await import('@lossmill/cluster');
  const client = await ClusterClient.connect(url, await clusterSettings());
  try {
    return await run(client);
  } finally {
    await client.close();
  }
}

/** The environment's settings; a wrong one is a mistake of the user's. */
export async function clusterSettings() {
  const { settingsOf } = await import('@lossmill/cluster');
  return asUsage(settingsOf);
}

/** What reads the environment: a wrong value is a mistake of the user's. */
export function asUsage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** The error of an evaluation that failed on a cluster, as if it had failed here. */
export function errorOfFault({ code, message, path }: Fault): EvaluationError {
  return new EvaluationError(code as EvaluationError['code'], message, path === undefined ? {} : { path });
}
