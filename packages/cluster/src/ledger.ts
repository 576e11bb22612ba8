import type { Redis } from 'ioredis';
import type { Snapshot, Truth } from './audit.js';
import type { Run } from './bitmap.js';
import { bitAt } from './bitmap.js';
import { type EvaluationKeys, INDEX, keysOf } from './keys.js';
import { type EvaluationRecord, type Fault, recordOf, type State } from './record.js';
import * as scripts from './scripts.js';

/** Failed shards whose reasons are kept; the others are only counted. */
const MOST_LETTERS = 1000;

export interface Commit extends Run {
  rows: number;
  bytes: number;
  /** Milliseconds it took a thread. */
  ms: number;
  /** The task was started before and lost. */
  retried: boolean;
  worker: string;
  threads: number;
  partial: Uint8Array;
}

export type CommitResult =
  | { kind: 'counted'; done: number }
  /** Nothing of the run was counted, as these shards were before. */
  | { kind: 'taken'; shards: number[] }
  /** The evaluation does not run (any more), or not in this epoch. */
  | { kind: 'refused' };

export type FoldResult = 'folded' | 'other version' | 'lost';

type SnapshotReply = [st: Buffer[], bm: Buffer | null, fb: Buffer | null, p: Buffer[], acc: Buffer | null];

/** What of an evaluation is counted: its record, bitmaps and partials in Redis. */
export class Ledger {
  readonly keys: EvaluationKeys;

  constructor(
    private readonly redis: Redis,
    readonly id: string,
  ) {
    this.keys = keysOf(id);
  }

  async record(): Promise<EvaluationRecord | null> {
    return recordOf(await this.redis.hgetall(this.keys.st));
  }

  /** Enters a submission. Returns "new", "full" (too many are open), or the state of the one that has this id already. */
  async register(submission: string, now: number, mostOpen: number): Promise<State | 'new' | 'full'> {
    const { st, spec } = this.keys;
    const keys = [st, spec, INDEX.all, INDEX.open];
    return (await scripts.REGISTER.run(this.redis, keys, [this.id, submission, now, mostOpen])) as State;
  }

  /**
   * @param holder the process that takes over: one that takes over from itself has not died
   * @returns the state, which is an end if there is nothing to take over, and how many holders before died in a row while they had
   * something to do, without progress; null when there is no such evaluation
   */
  async takeOver(fence: string, holder = fence): Promise<{ state: State; deaths: number } | null> {
    const { st, p } = this.keys;
    const [state, deaths] = (await scripts.TAKE_OVER.run(this.redis, [st, p], [fence, holder])) as [
      State | null,
      number,
    ];
    return state ? { state, deaths } : null;
  }

  /** Lets go in good order. */
  async release(fence: string): Promise<boolean> {
    return (await scripts.RELEASE.run(this.redis, [this.keys.st], [fence])) === 1;
  }

  /** @param size of the files that it reads */
  async storePlan(
    fence: string,
    epoch: string,
    plan: string | Buffer,
    total: number,
    rows: number,
    { files, dataBytes } = { files: 0, dataBytes: 0 },
  ): Promise<boolean> {
    const args = [fence, epoch, plan, total, rows, Date.now(), files, dataBytes];
    return (await scripts.STORE_PLAN.run(this.redis, [this.keys.st, this.keys.plan], args)) === 1;
  }

  async resume(fence: string): Promise<boolean> {
    return (await scripts.RESUME.run(this.redis, [this.keys.st], [fence])) === 1;
  }

  async advance(fence: string, cursor: number): Promise<boolean> {
    return (await scripts.ADVANCE.run(this.redis, [this.keys.st], [fence, cursor])) === 1;
  }

  async commit(epoch: string, commit: Commit): Promise<CommitResult> {
    const { st, bm, fb, p, ws } = this.keys;
    const { first, count, rows, bytes, ms, retried, worker, threads, partial } = commit;
    const reply = (await scripts.COMMIT.run(
      this.redis,
      [st, bm, fb, p, ws],
      [epoch, first, count, rows, bytes, Math.round(ms), retried ? 1 : 0, worker, threads, Buffer.from(partial)],
    )) as [number, ...(number | string)[]];
    if (reply[0] === 1) return { kind: 'counted', done: Number(reply[1]) };
    return reply[0] === 0 ? { kind: 'taken', shards: reply.slice(1).map(Number) } : { kind: 'refused' };
  }

  async failShard(epoch: string, shard: number, fault: Fault): Promise<boolean> {
    const { st, bm, fb, dl } = this.keys;
    const args = [epoch, shard, JSON.stringify(fault), MOST_LETTERS];
    return (await scripts.FAIL_SHARD.run(this.redis, [st, bm, fb, dl], args)) === 1;
  }

  /** Notes that shards of lost workers went back into the queue; for display only. */
  async handOn(epoch: string, shards: number): Promise<void> {
    await scripts.HAND_ON.run(this.redis, [this.keys.st], [epoch, shards]);
  }

  /** @param head of the folded partial that `bytes` replaces; null when there was none */
  async fold(fence: string, head: Buffer | null, bytes: Uint8Array, fields: readonly string[]): Promise<FoldResult> {
    const { st, acc, p } = this.keys;
    const reply = await scripts.FOLD.run(this.redis, [st, acc, p], [fence, head ?? '', Buffer.from(bytes), ...fields]);
    return reply === 1 ? 'folded' : reply === -1 ? 'other version' : 'lost';
  }

  /** All of it at one moment; null when there is no such evaluation. */
  async snapshot(): Promise<Snapshot | null> {
    const { st, bm, fb, p, acc } = this.keys;
    const reply = (await scripts.SNAPSHOT.runForBytes(this.redis, [st, bm, fb, p, acc])) as SnapshotReply;
    const [flat, counted, failed, fields, bytes] = reply;
    const texts = flat.map(String);
    const pairs = texts.flatMap((name, i) => (i % 2 === 0 ? [[name, texts[i + 1]]] : []));
    const record = recordOf(Object.fromEntries(pairs));
    const none = Buffer.alloc(0);
    return (
      record && { record, counted: counted ?? none, failed: failed ?? none, fields: fields.map(String), acc: bytes }
    );
  }

  /** Starts a new epoch: from now on nothing is counted of tasks that were handed out before. */
  async freeze(fence: string, epoch: string): Promise<boolean> {
    return (await scripts.FREEZE.run(this.redis, [this.keys.st], [fence, epoch])) === 1;
  }

  /** Makes a frozen ledger say the truth. */
  async rebase(fence: string, epoch: string, truth: Truth): Promise<boolean> {
    const { st, bm, fb, acc, p } = this.keys;
    const { done, failed, rows, retried } = truth.counters;
    const bits = [Buffer.from(truth.counted), Buffer.from(truth.failed)];
    const args = [fence, epoch, ...bits, truth.dropAcc ? 1 : 0, done, failed, rows, retried, ...truth.drop];
    return (await scripts.REBASE.run(this.redis, [st, bm, fb, acc, p], args)) === 1;
  }

  async reduce(fence: string): Promise<boolean> {
    return (await scripts.REDUCE.run(this.redis, [this.keys.st], [fence])) === 1;
  }

  async finish(fence: string, state: State, result: { error?: Fault; report?: string }): Promise<boolean> {
    const { st, report } = this.keys;
    const error = result.error === undefined ? '' : JSON.stringify(result.error);
    const args = [fence, this.id, state, Date.now(), error, result.report ?? ''];
    return (await scripts.FINISH.run(this.redis, [st, report, INDEX.open], args)) === 1;
  }

  /** @returns the state before; null when there is no such evaluation */
  async cancel(): Promise<State | null> {
    return (await scripts.CANCEL.run(this.redis, [this.keys.st, INDEX.open], [this.id, Date.now()])) as State | null;
  }

  /** @returns the state before, "gone" when what was submitted is no longer kept; null when there is no such evaluation */
  async retry(): Promise<State | 'gone' | null> {
    const { st, plan, fb, dl, report, spec, bm, p, acc, ws } = this.keys;
    const keys = [st, plan, fb, dl, INDEX.open, report, spec, bm, p, acc, ws];
    return (await scripts.RETRY.run(this.redis, keys, [this.id, Date.now()])) as State | null;
  }

  /** Which shards of a run are to be computed: neither counted nor failed for good. */
  async missing({ first, count }: Run): Promise<Set<number>> {
    const from = first >> 3;
    const to = (first + count - 1) >> 3;
    const [counted, failed] = await Promise.all([
      this.redis.getrangeBuffer(this.keys.bm, from, to),
      this.redis.getrangeBuffer(this.keys.fb, from, to),
    ]);
    const open = new Set<number>();
    for (let shard = first; shard < first + count; shard++) {
      const bit = shard - from * 8;
      if (!bitAt(counted, bit) && !bitAt(failed, bit)) open.add(shard);
    }
    return open;
  }

  /** Forgets what only a running evaluation needs. Returns false, and does nothing, while it is one. */
  async dropWork(): Promise<boolean> {
    const { st, plan, bm, fb, p, acc, ws } = this.keys;
    return (await scripts.DROP_WORK.run(this.redis, [st, plan, bm, fb, p, acc, ws], [])) === 1;
  }

  /** Lets Redis forget all of it after some seconds. */
  async expire(seconds: number): Promise<void> {
    const pipeline = this.redis.pipeline();
    for (const key of Object.values(this.keys) as string[]) pipeline.expire(key, seconds);
    await pipeline.exec();
  }
}
