import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { INDEX, keysOf } from './keys.js';
import type { GaugeValue } from './meter.js';
import { present } from './presence.js';

const OPEN_STATES = ['queued', 'running', 'reducing'] as const;

/** What of the whole cluster is shown; a few commands, whatever there is to do. */
export async function clusterGauges(redis: Redis, tasks: Queue): Promise<GaugeValue[]> {
  // A command would wait for the connection.
  if (redis.status !== 'ready') throw new Error('not connected to Redis');
  const [jobs, open, workers] = await Promise.all([
    tasks.getJobCounts('wait', 'prioritized', 'active', 'delayed'),
    openByState(redis),
    present(redis, 'workers'),
  ]);
  return [
    { gauge: 'queueTasks', label: 'waiting', value: jobs.wait + jobs.prioritized },
    { gauge: 'queueTasks', label: 'active', value: jobs.active },
    { gauge: 'queueTasks', label: 'delayed', value: jobs.delayed },
    ...OPEN_STATES.map((label) => ({ gauge: 'evaluations' as const, label, value: open.get(label) ?? 0 })),
    { gauge: 'workers', value: workers.length },
    { gauge: 'workerThreads', value: workers.reduce((sum, { threads }) => sum + threads, 0) },
  ];
}

async function openByState(redis: Redis): Promise<Map<string, number>> {
  const ids = await redis.zrange(INDEX.open, '0', '-1');
  const pipeline = redis.pipeline();
  for (const id of ids) pipeline.hget(keysOf(id).st, 'state');
  const counts = new Map<string, number>();
  for (const [, state] of (await pipeline.exec()) ?? [])
    if (typeof state === 'string') counts.set(state, (counts.get(state) ?? 0) + 1);
  return counts;
}
