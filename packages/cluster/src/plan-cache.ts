import type { PoolPlan, ShardPool } from '@lossmill/pool';
import type { Redis } from 'ioredis';
import type { DataRoots } from './data-roots.js';
import { keysOf } from './keys.js';
import { unpackPlan } from './packed-plan.js';

const WATCH_MS = 500;

/** The plans that a worker runs shards of, each loaded once; lets go of those whose evaluation runs no longer. */
export class PlanCache {
  readonly #plans = new Map<string, { id: string; epoch: string; plan: Promise<PoolPlan | null> }>();
  readonly #timer: NodeJS.Timeout;
  #stopped = false;

  constructor(
    private readonly redis: Redis,
    private readonly pool: ShardPool,
    private readonly roots: DataRoots,
  ) {
    this.#timer = setInterval(() => this.#watch().catch(() => {}), WATCH_MS);
  }

  /**
   * @returns null when the evaluation has no plan (any more)
   * @throws ClusterError PATH_FORBIDDEN, PLAN_INVALID; DataError ACCESS_DENIED
   */
  async get(id: string, epoch: string): Promise<PoolPlan | null> {
    const key = `${id} ${epoch}`;
    const known = this.#plans.get(key);
    if (known) {
      const plan = await known.plan;
      // A cancelled evaluation that is tried again needs a plan that is not stopped.
      if (!plan?.stopped || this.#stopped) return plan;
      if (this.#plans.get(key) === known) this.#plans.delete(key);
      return this.get(id, epoch);
    }
    const plan = this.#load(id);
    this.#plans.set(key, { id, epoch, plan });
    plan.then(
      (loaded) => loaded ?? this.#plans.delete(key),
      () => this.#plans.delete(key),
    );
    return plan;
  }

  async #load(id: string): Promise<PoolPlan | null> {
    const stored = await this.redis.getBuffer(keysOf(id).plan);
    if (stored === null) return null;
    const plan = await unpackPlan(stored);
    this.roots.checkHandle(plan.handle);
    if (plan.outputs) this.roots.checkOutputs(plan.outputs);
    const known = this.pool.plan(plan);
    if (this.#stopped) known.stop();
    return known;
  }

  /** Stops what runs of evaluations that were cancelled or have ended. */
  async #watch(): Promise<void> {
    for (const [key, { id, epoch, plan }] of this.#plans) {
      const [state, now] = await this.redis.hmget(keysOf(id).st, 'state', 'epoch');
      if (state === 'running' && now === epoch) continue;
      this.#plans.delete(key);
      const known = await plan.catch(() => null);
      known?.stop();
      known?.forget();
    }
  }

  /** Stops everything, for good. */
  async stopAll(): Promise<void> {
    this.#stopped = true;
    for (const { plan } of this.#plans.values()) (await plan.catch(() => null))?.stop();
  }

  end(): void {
    clearInterval(this.#timer);
  }
}
