import { Piscina } from 'piscina';
import type { ThreadResult, ThreadTask } from './thread-types.js';

export type ThreadPool = Piscina<ThreadTask, ThreadResult>;

/** An idle pool is kept for this long: one evaluation often follows another, and starting a thread takes a tenth of a second. */
const KEEP_MS = 5000;

interface Kept {
  pool: ThreadPool;
  threads: number;
  timer: NodeJS.Timeout;
}

let kept: Kept | null = null;

/** The idle pool of so many threads, or a new one. */
export function takePool(threads: number): ThreadPool {
  if (kept?.threads === threads) {
    const { pool, timer } = kept;
    clearTimeout(timer);
    kept = null;
    return pool;
  }
  return new Piscina<ThreadTask, ThreadResult>({
    filename: new URL('./thread.js', import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    idleTimeout: Number.POSITIVE_INFINITY,
    atomics: 'disabled',
    recordTiming: false,
  });
}

/** Keeps a pool whose threads have nothing to do. Neither its threads nor the timer keep the process alive. */
export async function keepPool(pool: ThreadPool, threads: number): Promise<void> {
  const before = kept;
  const timer = setTimeout(() => {
    kept = null;
    void pool.destroy();
  }, KEEP_MS);
  timer.unref();
  kept = { pool, threads, timer };
  if (!before) return;
  clearTimeout(before.timer);
  await before.pool.destroy();
}
