import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Redis } from 'ioredis';
import { INDEX } from './keys.js';
import { Script } from './script.js';

const BEAT_MS = 2000;
/** Silent for so long, a process counts as gone; by Redis' clock, so that those of the machines do not matter. */
const GONE_MS = 10_000;
/** Those that were lost are remembered for so long. */
const LOST_MS = 24 * 3600 * 1000;

const NOW = `
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
`;

/** KEYS members lost; ARGV member. One that was thought lost is back. */
const BEAT = new Script(`${NOW}
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return 1
`);

/** KEYS members. Returns those that gave a sign of life lately. */
const PRESENT = new Script(`${NOW}
return redis.call('ZRANGEBYSCORE', KEYS[1], now - ${GONE_MS}, '+inf')
`);

/** KEYS members lost. Moves those that fell silent to the lost ones and returns them: whoever calls first. */
const BURY = new Script(`${NOW}
local gone = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - ${GONE_MS})
for i = 1, #gone do
  redis.call('ZREM', KEYS[1], gone[i])
  redis.call('ZADD', KEYS[2], now, gone[i])
end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - ${LOST_MS})
return gone
`);

export interface Member {
  id: string;
  host: string;
  pid: number;
  threads: number;
}

export type Role = 'workers' | 'coordinators';

const LOST: Record<Role, string> = { workers: INDEX.lostWorkers, coordinators: INDEX.lostCoordinators };

const membersOf = (texts: unknown): Member[] => (texts as string[]).map((text) => JSON.parse(text) as Member);

/** The processes of a role that gave a sign of life lately. */
export async function present(redis: Redis, role: Role): Promise<Member[]> {
  return membersOf(await PRESENT.run(redis, [INDEX[role]], []));
}

/** The processes of a role that fell silent without taking leave and that nobody has noticed yet. */
export async function bury(redis: Redis, role: Role): Promise<Member[]> {
  return membersOf(await BURY.run(redis, [INDEX[role], LOST[role]], []));
}

/** How many workers were lost between two times in ms since 1970. */
export const workersLost = (redis: Redis, from: number, to: number): Promise<number> =>
  redis.zcount(INDEX.lostWorkers, from, to);

/** Says regularly that this process is there. */
export class Presence {
  readonly member: Member;
  readonly #timer: NodeJS.Timeout;

  constructor(
    private readonly redis: Redis,
    private readonly role: Role,
    threads: number,
  ) {
    this.member = { id: randomUUID().slice(0, 8), host: hostname(), pid: process.pid, threads };
    this.#timer = setInterval(() => this.#beat(), BEAT_MS);
    this.#beat();
  }

  #beat(): void {
    BEAT.run(this.redis, [INDEX[this.role], LOST[this.role]], [JSON.stringify(this.member)]).catch(() => {});
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    await this.redis.zrem(INDEX[this.role], JSON.stringify(this.member));
  }
}
