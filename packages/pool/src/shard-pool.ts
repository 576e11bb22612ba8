import { randomUUID } from 'node:crypto';
import { BroadcastChannel } from 'node:worker_threads';
import type { Access } from '@lossmill/dataset';
import { Piscina } from 'piscina';
import type { WritingPlan } from './output-types.js';
import { unpackError } from './packed-error.js';
import type { PackedResult, ShardRun, ShardTask, SharedPlan, ThreadSetup } from './shard-pool-types.js';

/** A chunk takes milliseconds, a compressed batch of a big file some seconds. */
const GRACE_MS = 10_000;

/** What became of a list of shards. */
export interface ShardResult {
  runs: ShardRun[];
  failures: { shard: number; error: Error }[];
  /** It was stopped before all were done; what was done is in `runs`. */
  stopped: boolean;
  /** Milliseconds the thread took. */
  ms: number;
}

/** A plan that a pool knows. `stop` ends what runs of it at the next chunk, for good. */
export interface PoolPlan {
  readonly plan: WritingPlan;
  stop(): void;
  readonly stopped: boolean;
  /** Lets the threads put down what they hold of it. */
  forget(): void;
}

class KnownPlan implements PoolPlan {
  readonly shared: SharedPlan;

  constructor(
    readonly plan: WritingPlan,
    readonly access: Access | undefined,
    private readonly put: (key: string) => void,
  ) {
    const bytes = Buffer.from(JSON.stringify(plan));
    const text = new SharedArrayBuffer(bytes.length);
    new Uint8Array(text).set(bytes);
    this.shared = { key: randomUUID(), text, flag: new SharedArrayBuffer(4) };
  }

  stop(): void {
    Atomics.store(new Int32Array(this.shared.flag), 0, 1);
  }

  get stopped(): boolean {
    return Atomics.load(new Int32Array(this.shared.flag), 0) !== 0;
  }

  forget(): void {
    this.put(this.shared.key);
  }
}

/** The text of a pool's plan, for processes that run some of it. */
export const sharedOf = (plan: PoolPlan): SharedPlan => (plan as KnownPlan).shared;

/** What the pool of a plan lets it read. */
export const accessOf = (plan: PoolPlan): Access | undefined => (plan as KnownPlan).access;

export function unpackResult({ failures, ...rest }: PackedResult): ShardResult {
  return { ...rest, failures: failures.map(({ shard, error }) => ({ shard, error: unpackError(error) })) };
}

/** Threads that run lists of shards of several plans, for as long as the process lives. */
export class ShardPool {
  readonly threads: number;
  readonly #pool: Piscina<ShardTask, PackedResult>;
  readonly #open = new SharedArrayBuffer(4);
  readonly #voice: BroadcastChannel;
  readonly #access: Access | undefined;
  readonly #running = new Set<Promise<unknown>>();

  /** @param access what plans may read; without it everything */
  constructor({ threads, access }: { threads: number; access?: Access }) {
    this.threads = threads;
    const channel = `lossmill-${randomUUID()}`;
    this.#voice = new BroadcastChannel(channel);
    this.#voice.unref();
    this.#access = access;
    const setup: ThreadSetup = { open: this.#open, channel, access };
    this.#pool = new Piscina<ShardTask, PackedResult>({
      filename: new URL('./shard-pool-thread.js', import.meta.url).href,
      minThreads: threads,
      maxThreads: threads,
      idleTimeout: Number.POSITIVE_INFINITY,
      atomics: 'disabled',
      recordTiming: false,
      workerData: setup,
    });
  }

  /** Makes a plan known; the same object serves any number of runs. */
  plan(plan: WritingPlan): PoolPlan {
    return new KnownPlan(plan, this.#access, (key) => this.#voice.postMessage({ key }));
  }

  /**
   * Runs shards, in ascending order, on one thread, when one is free.
   * @throws Error when the thread died
   */
  async run(plan: PoolPlan, shards: number[]): Promise<ShardResult> {
    const work = this.#pool.run({ ...sharedOf(plan), shards });
    const settled = work.then(
      () => {},
      () => {},
    );
    this.#running.add(settled);
    settled.then(() => this.#running.delete(settled));
    return unpackResult(await work);
  }

  /** Waits for what runs (stop its plans to shorten that), lets threads put down their datasets, and ends them. */
  async close(): Promise<void> {
    // Not piscina's close(): in 5.3 it ends threads that are still at work.
    while (this.#running.size > 0) await Promise.all(this.#running);
    this.#voice.postMessage({ key: null });
    const held = new Int32Array(this.#open);
    const deadline = performance.now() + GRACE_MS;
    while (Atomics.load(held, 0) > 0 && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 5));
    this.#voice.close();
    await this.#pool.destroy();
  }
}
