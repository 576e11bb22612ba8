import type { EvaluationRecord } from './record.js';

/** Shards a task may hold; the ledger takes 4096. */
const MOST_SHARDS = 1024;
/** Shards counted before their pace is believed. */
const ENOUGH = 8;
/** Tasks for each slot: one at work, one waiting. */
const AHEAD = 2;

export interface Load {
  /** Threads of all workers that are there. */
  threads: number;
  /** Evaluations that are open, this one included. */
  open: number;
}

/** Shards a task: as many as take about `taskMs`, and few enough that all threads have work. */
export function shardsPerTask({ done, ms, total }: EvaluationRecord, taskMs: number, { threads }: Load): number {
  const pace = done >= ENOUGH ? Math.floor(taskMs / Math.max(ms / done, 1e-3)) : 1;
  const share = Math.ceil((total - done) / (Math.max(1, threads) * AHEAD));
  return Math.max(1, Math.min(pace, share, MOST_SHARDS));
}

/**
 * Tasks that may be on their way at once: bounded, so that Redis holds a window and not the plan; shared fairly. While the pace is
 * not known tasks are single shards, and there are enough of them to know it after one round.
 */
export function tasksAhead({ done }: EvaluationRecord, { threads, open }: Load): number {
  const slots = Math.max(2, threads);
  const fair = Math.max(2, Math.ceil((slots * AHEAD) / Math.max(1, open)) + 2);
  return done < ENOUGH ? Math.max(ENOUGH, fair) : fair;
}

/**
 * Whether an evaluation has had little of the cluster's time yet: about two tasks on every thread. Its tasks go before those of
 * others, so that a small one need not wait behind all that large ones have in the queue.
 */
export const isYoung = ({ ms }: EvaluationRecord, taskMs: number, { threads }: Load): boolean =>
  ms < AHEAD * taskMs * Math.max(1, threads);
