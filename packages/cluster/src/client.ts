import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Report } from '@lossmill/evaluation';
import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { connect, parseInfo } from './connection.js';
import { ClusterError } from './errors.js';
import { INDEX } from './keys.js';
import { Ledger } from './ledger.js';
import { lookAgainAfter } from './pace.js';
import { type Member, present, workersLost } from './presence.js';
import { evaluationJob, evaluationQueue } from './queues.js';
import { ENDS, type EvaluationRecord } from './record.js';
import type { Settings } from './settings.js';
import type { Submission } from './submission.js';
import { within } from './within.js';

/** Longest pause between two looks at an evaluation that is watched. */
const POLL_MS = 150;
/** What is known of the fleet may be so old. */
const FLEET_MS = 1000;
/** Submissions are refused when Redis has used this much of its memory. */
const FULL = 0.7;
/** Hex digits of a new id; any start that is unique names it. */
const ID_BYTES = 8;

export interface Listed extends EvaluationRecord {
  id: string;
}

export interface Fleet {
  /** Those that gave a sign of life lately. */
  workers: Member[];
  /** Workers that vanished without taking leave. */
  lost: number;
}

/** Submits evaluations and asks about them. */
export class ClusterClient {
  readonly #queue: Queue;

  private constructor(
    private readonly redis: Redis,
    private readonly settings: Settings,
  ) {
    this.#queue = evaluationQueue(redis);
    this.#queue.on('error', () => {});
  }

  /** @throws ClusterError REDIS_UNREACHABLE, REDIS_UNFIT */
  static async connect(url: string, settings: Settings): Promise<ClusterClient> {
    const { redis } = await connect(url, { stays: false });
    return new ClusterClient(redis, settings);
  }

  /**
   * Puts an evaluation into the queue. With the idempotency key of an earlier one it is that one.
   * @returns its id
   * @throws ClusterError TOO_MANY_EVALUATIONS, REDIS_FULL, SPEC_TOO_LARGE
   */
  async submit(submission: Submission, idempotencyKey?: string): Promise<string> {
    const text = JSON.stringify(submission);
    const { mostSpecBytes, mostOpen } = this.settings;
    if (Buffer.byteLength(text) > mostSpecBytes)
      throw new ClusterError(
        'SPEC_TOO_LARGE',
        `The spec has more than ${mostSpecBytes} bytes as JSON. Put inline data into a file, or raise LOSSMILL_MOST_SPEC_BYTES.`,
      );
    await this.#refuseFull();
    const id = idempotencyKey === undefined ? newId() : idOfKey(idempotencyKey);
    const state = await new Ledger(this.redis, id).register(text, Date.now(), mostOpen);
    if (state === 'full')
      throw new ClusterError(
        'TOO_MANY_EVALUATIONS',
        `${mostOpen} evaluations are open already. Wait until some have ended, cancel some (lossmill list), or raise LOSSMILL_MOST_OPEN.`,
      );
    if (state === 'new' || state === 'queued') await this.#queue.add('evaluate', submission, evaluationJob(id));
    return id;
  }

  async #refuseFull(): Promise<void> {
    const { used_memory, maxmemory, total_system_memory } = parseInfo(await this.redis.info('memory'));
    const [limit, name] = Number(maxmemory) > 0 ? [maxmemory, 'maxmemory'] : [total_system_memory, "the machine's"];
    const share = Number(used_memory) / Number(limit);
    if (!(Number(limit) > 0 && share > FULL)) return;
    throw new ClusterError(
      'REDIS_FULL',
      `Redis has used ${Math.round(share * 100)} % of its memory (${name} ${limit} bytes); above ${FULL * 100} % nothing new is accepted. Wait until evaluations have ended, or give it more.`,
    );
  }

  /**
   * The full id of an abbreviated one.
   * @throws ClusterError EVALUATION_UNKNOWN, EVALUATION_AMBIGUOUS
   */
  async find(start: string): Promise<string> {
    if ((await new Ledger(this.redis, start).record()) !== null) return start;
    const ids =
      start === '' ? [] : (await this.redis.zrange(INDEX.all, '0', '-1')).filter((id) => id.startsWith(start));
    if (ids.length === 1) return ids[0];
    if (ids.length === 0)
      throw new ClusterError(
        'EVALUATION_UNKNOWN',
        `There is no evaluation ${start}. lossmill list shows those there are.`,
      );
    throw new ClusterError(
      'EVALUATION_AMBIGUOUS',
      `${ids.length} evaluations begin with ${start}: ${ids.slice(0, 5).join(', ')}${ids.length > 5 ? ', …' : ''}. Give more of the id.`,
    );
  }

  /** The shortest start of an id, of at least 4 characters, that no other evaluation has. */
  async shorten(id: string): Promise<string> {
    return (await this.shortener())(id);
  }

  /** `shorten` for many ids: asks Redis once. */
  async shortener(): Promise<(id: string) => string> {
    const ids = await this.redis.zrange(INDEX.all, '0', '-1');
    return (id) => {
      const others = ids.filter((other) => other !== id);
      let length = 4;
      while (length < id.length && others.some((other) => other.startsWith(id.slice(0, length)))) length++;
      return id.slice(0, length);
    };
  }

  /** @throws ClusterError EVALUATION_LOST when Redis no longer knows it */
  async status(id: string): Promise<EvaluationRecord> {
    const record = await new Ledger(this.redis, id).record();
    if (record !== null) return record;
    throw new ClusterError(
      'EVALUATION_LOST',
      `Redis no longer knows evaluation ${id}: its data was removed, or lost in a restart. Submit it again.`,
    );
  }

  /** Polls until the evaluation has ended, or `until` says it is enough; calls back with each look. */
  async watch(
    id: string,
    look: (record: EvaluationRecord, fleet: Fleet) => void,
    { signal, until }: { signal?: AbortSignal; until?: (record: EvaluationRecord) => boolean } = {},
  ): Promise<EvaluationRecord> {
    let fleet: Fleet = { workers: [], lost: 0 };
    let at = Number.NEGATIVE_INFINITY;
    for (const since = performance.now(); ; ) {
      signal?.throwIfAborted();
      const record = await this.status(id);
      if (performance.now() - at > FLEET_MS) {
        fleet = await this.fleet(record);
        at = performance.now();
      }
      look(record, fleet);
      if (ENDS.has(record.state) || until?.(record)) return record;
      await sleep(lookAgainAfter(performance.now() - since, POLL_MS), undefined, { signal }).catch(() => {});
    }
  }

  /** The workers that are there, and how many vanished while an evaluation ran. */
  async fleet({ startedAt, endedAt }: EvaluationRecord): Promise<Fleet> {
    const lost = startedAt === 0 ? 0 : workersLost(this.redis, startedAt, endedAt || Number.MAX_SAFE_INTEGER);
    return { workers: await this.workers(), lost: await lost };
  }

  workers(): Promise<Member[]> {
    return present(this.redis, 'workers');
  }

  coordinators(): Promise<Member[]> {
    return present(this.redis, 'coordinators');
  }

  /**
   * The report of an evaluation that is done or degraded.
   * @throws ClusterError EVALUATION_STATE when it has none
   */
  async report(id: string): Promise<Report> {
    const text = await this.redis.get(new Ledger(this.redis, id).keys.report);
    if (text !== null) return JSON.parse(text) as Report;
    const { state } = await this.status(id);
    throw new ClusterError(
      'EVALUATION_STATE',
      `Evaluation ${id} is ${state} and has no report.${ENDS.has(state) ? '' : ` lossmill watch ${id} waits for it.`}`,
    );
  }

  /** @throws ClusterError EVALUATION_STATE when it has ended */
  async cancel(id: string): Promise<void> {
    const before = await new Ledger(this.redis, id).cancel();
    if (before !== null && ENDS.has(before))
      throw new ClusterError('EVALUATION_STATE', `Evaluation ${id} is ${before}: there is nothing to cancel.`);
  }

  /**
   * Runs a failed, degraded or cancelled evaluation again; what is counted stays counted.
   * @throws ClusterError EVALUATION_STATE
   */
  async retry(id: string): Promise<void> {
    const ledger = new Ledger(this.redis, id);
    const before = await ledger.retry();
    if (before !== 'failed' && before !== 'degraded' && before !== 'cancelled')
      throw new ClusterError('EVALUATION_STATE', `Evaluation ${id} is ${before}: there is nothing to retry.`);
    const text = (await this.redis.get(ledger.keys.spec)) as string;
    await this.#queue.add('evaluate', JSON.parse(text), evaluationJob(id));
  }

  /** The evaluations Redis knows, the newest first. */
  async list(most = 100): Promise<Listed[]> {
    const ids = await this.redis.zrevrange(INDEX.all, 0, most - 1);
    const records = await Promise.all(ids.map((id) => new Ledger(this.redis, id).record()));
    const gone = ids.filter((_, i) => records[i] === null);
    if (gone.length > 0) await this.redis.zrem(INDEX.all, ...gone);
    return records.flatMap((record, i) => (record === null ? [] : [{ id: ids[i], ...record }]));
  }

  async close(): Promise<void> {
    await within(this.#queue.close(), 1000);
    this.redis.disconnect();
  }
}

/** Never an integer as text: BullMQ keeps those for itself. */
const named = (hex: string): string => (/^\d+$/.test(hex) ? `e${hex.slice(1)}` : hex);
const newId = (): string => named(randomBytes(ID_BYTES).toString('hex'));
const idOfKey = (key: string): string =>
  named(
    createHash('sha256')
      .update(key)
      .digest('hex')
      .slice(0, ID_BYTES * 2),
  );
