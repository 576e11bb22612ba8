import type { Redis } from 'ioredis';
import type { Log } from './log.js';
import type { Meter } from './meter.js';
import { bury, type Member } from './presence.js';

const LOOK_MS = 2000;

/** Notices processes that vanished without taking leave. One coordinator tells of each. */
export class FleetWatch {
  readonly #timer: NodeJS.Timeout;

  constructor(
    private readonly redis: Redis,
    private readonly log: Log,
    private readonly meter: Meter,
  ) {
    this.#timer = setInterval(() => this.#look().catch(() => {}), LOOK_MS);
  }

  async #look(): Promise<void> {
    // While it is away, all are silent.
    if (this.redis.status !== 'ready') return;
    const workers = await bury(this.redis, 'workers');
    const coordinators = await bury(this.redis, 'coordinators');
    if (workers.length > 0) {
      this.meter.add('workersLost', workers.length);
      const threads = workers.reduce((sum, worker) => sum + worker.threads, 0);
      this.log.warn({ workers: workers.map(nameOf), threads }, 'workers were lost: others get their shards');
    }
    if (coordinators.length > 0) {
      this.meter.add('coordinatorsLost', coordinators.length);
      this.log.warn(
        { coordinators: coordinators.map(nameOf) },
        'coordinators were lost: others take over their evaluations',
      );
    }
  }

  end(): void {
    clearInterval(this.#timer);
  }
}

const nameOf = ({ id, host, pid }: Member): string => `${id} (${host}, process ${pid})`;
