import type { Redis } from 'ioredis';
import { INDEX } from './keys.js';
import { present } from './presence.js';
import type { Load } from './window.js';

const LOAD_MS = 1000;

/** The threads and open evaluations there are, asked for once for all evaluations that a coordinator looks after. */
export class LoadWatch {
  #load: Promise<Load> | null = null;
  #at = 0;

  constructor(private readonly redis: Redis) {}

  /** At most a second old. */
  load(): Promise<Load> {
    if (this.#load !== null && performance.now() - this.#at < LOAD_MS) return this.#load;
    this.#at = performance.now();
    const load = this.#look();
    this.#load = load;
    load.catch(() => {
      if (this.#load === load) this.#load = null;
    });
    return load;
  }

  async #look(): Promise<Load> {
    const [workers, open] = await Promise.all([present(this.redis, 'workers'), this.redis.zcard(INDEX.open)]);
    return { threads: workers.reduce((sum, { threads }) => sum + threads, 0), open };
  }
}
