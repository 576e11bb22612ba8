import { type JobsOptions, Queue, type Telemetry } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Run } from './bitmap.js';
import { PREFIX, QUEUES } from './keys.js';
import type { Settings } from './settings.js';

/** The data of a task job: shards [a, a + k) of evaluation e in epoch p. */
export interface TaskData {
  v: 1;
  e: string;
  p: string;
  a: number;
  k: number;
}

/** @param telemetry gives jobs the trace they belong to */
export const evaluationQueue = (redis: Redis, telemetry?: Telemetry): Queue =>
  new Queue(QUEUES.evaluations, { connection: redis, prefix: PREFIX, telemetry });

/** Nobody listens to single tasks: their events would only take memory. */
export const taskQueue = (redis: Redis, telemetry?: Telemetry): Queue<TaskData> =>
  new Queue(QUEUES.tasks, { connection: redis, prefix: PREFIX, streams: { events: { maxLen: 0 } }, telemetry });

/** The id of an evaluation's job is the evaluation's; removed at its end, so that it can be queued again. */
export const evaluationJob = (id: string): JobsOptions => ({
  jobId: id,
  removeOnComplete: true,
  removeOnFail: true,
});

/** After all tasks without a priority, in the order they were added. */
const LATER = 1;

/**
 * The same run has the same id: adding it again while it is there does nothing.
 * @param goesFirst the task goes before those that are not
 */
export function taskJob(e: string, p: string, run: Run, { attempts, backoffMs }: Settings, goesFirst = true) {
  const { first, count } = run;
  return {
    name: 't',
    data: { v: 1, e, p, a: first, k: count } satisfies TaskData,
    opts: {
      jobId: `${e}.${p}.${first}.${count}`,
      ...(goesFirst ? {} : { priority: LATER }),
      attempts,
      backoff: { type: 'exponential', delay: backoffMs, jitter: 0.5 },
      removeOnComplete: true,
      removeOnFail: true,
    } satisfies JobsOptions,
  };
}

/** The data of a task job, or null if it is something else. */
export function taskOf(data: unknown): TaskData | null {
  const { v, e, p, a, k } = (typeof data === 'object' && data !== null ? data : {}) as Record<string, unknown>;
  const whole = (n: unknown): n is number => Number.isSafeInteger(n) && (n as number) >= 0;
  const fine = v === 1 && typeof e === 'string' && typeof p === 'string' && whole(a) && whole(k) && k >= 1 && k <= 4096;
  return fine ? { v: 1, e: e as string, p: p as string, a: a as number, k: k as number } : null;
}

/** What the id of a task job says; null if it is none. The id of an evaluation may hold dots. */
export function runOfTask(id: string): (Run & { evaluation: string; epoch: string }) | null {
  const [, evaluation, epoch, first, count] = /^(.+)\.([^.]+)\.(\d+)\.(\d+)$/.exec(id) ?? [];
  return evaluation === undefined ? null : { evaluation, epoch, first: Number(first), count: Number(count) };
}

/** Whether the data of a task job says that it is of a later version than this. */
export const isLaterTask = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && 'v' in data && Number.isSafeInteger(data.v) && Number(data.v) > 1;

/** Runs of shards of an evaluation that a task will deliver: waiting, put off, or at work. */
export async function liveRuns(queue: Queue, redis: Redis, e: string, p: string): Promise<Run[]> {
  // One script, so a task that changes lists meanwhile is not missed.
  const ids = await queue.getRanges(['wait', 'active', 'delayed', 'prioritized'], 0, -1);
  const start = `${e}.${p}.`;
  const ours = ids.filter((id) => id.startsWith(start));
  // An id without its data is what a Redis that was torn off may leave: nobody will deliver it.
  const pipeline = redis.pipeline();
  for (const id of ours) pipeline.hexists(queue.toKey(id), 'data');
  const replies = (await pipeline.exec()) ?? [];
  return ours
    .filter((_, i) => replies[i]?.[1] !== 0)
    .map((id) => id.slice(start.length).split('.').map(Number))
    .map(([first, count]) => ({ first, count }));
}
