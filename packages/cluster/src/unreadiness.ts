import type { Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { within } from './within.js';

/** A Redis that takes longer does not count as reachable. */
const PING_MS = 1500;

/** Why a process that takes jobs of a queue cannot do so now; empty when it can. */
export async function unreadiness(redis: Redis, worker: Worker, closing: boolean): Promise<string[]> {
  const reasons: string[] = [];
  if (closing) reasons.push('draining');
  else if (worker.isPaused() || !worker.isRunning()) reasons.push('not consuming');
  // While it is not connected, a command would wait for the connection.
  if (redis.status !== 'ready') reasons.push('redis: not connected');
  else if (!(await answers(redis))) reasons.push('redis: no answer');
  return reasons;
}

async function answers(redis: Redis): Promise<boolean> {
  let fine = false;
  const ping = redis.ping().then(() => {
    fine = true;
  });
  await within(ping, PING_MS);
  return fine;
}
