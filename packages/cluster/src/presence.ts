import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Redis } from 'ioredis';
import { INDEX } from './keys.js';
import { Script } from './script.js';

const BEAT_MS = 2000;
/** Silent for so long, a process counts as gone; by Redis' clock, so that those of the machines do not matter. */
const GONE_MS = 10_000;

const BEAT = new Script(`
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
if ARGV[1] ~= '' then redis.call('ZADD', KEYS[1], now, ARGV[1]) end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ${GONE_MS})
return redis.call('ZRANGE', KEYS[1], 0, -1)
`);

export interface Member {
  id: string;
  host: string;
  pid: number;
  threads: number;
}

export type Role = 'workers' | 'coordinators';

/** The processes of a role that gave a sign of life lately. */
export async function present(redis: Redis, role: Role): Promise<Member[]> {
  const members = (await BEAT.run(redis, [INDEX[role]], [''])) as string[];
  return members.map((text) => JSON.parse(text) as Member);
}

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
    BEAT.run(this.redis, [INDEX[this.role]], [JSON.stringify(this.member)]).catch(() => {});
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    await this.redis.zrem(INDEX[this.role], JSON.stringify(this.member));
  }
}
