import type { Plan } from '@lossmill/evaluation';
import type { Accumulator } from './accumulator.js';
import { truthOf } from './audit.js';
import type { Run } from './bitmap.js';
import type { EvaluationLog } from './evaluation-log.js';
import { FenceLost } from './fence-lost.js';
import type { Ledger } from './ledger.js';
import { newEpoch } from './planning.js';
import type { EvaluationRecord } from './record.js';
import type { Schedule } from './schedule.js';
import type { Settings } from './settings.js';
import type { Load } from './window.js';

/** Without progress and without anything lost, the next search waits twice as long, up to so many times `reconcileMs`. */
const MOST_WAITS = 4;

/** Finds what Redis has lost of a running evaluation, tasks or parts of the ledger, and sets it right. */
export class Upkeep {
  /** Counted and failed shards when something moved last; null: look at once. */
  #progress: { shards: number; at: number; waitMs: number } | null = null;
  /** Shards that were added again, and how many were settled then. */
  #holes = '';

  constructor(
    private readonly ledger: Ledger,
    private readonly plan: Plan,
    private readonly fence: string,
    private readonly schedule: Schedule,
    private readonly accumulator: Accumulator,
    private readonly settings: Pick<Settings, 'reconcileMs'>,
    private readonly log: EvaluationLog,
  ) {}

  /** Something may be lost: looks for it at the next turn. */
  suspect(): void {
    this.#progress = null;
    this.accumulator.reset();
  }

  /**
   * Whether the ledger agrees with itself. Where it does not, because Redis has forgotten a part of a transaction, it is made to,
   * in a new epoch, and shards that no partial holds are computed again.
   * @throws FenceLost
   */
  async audit(): Promise<boolean> {
    const snapshot = await this.ledger.snapshot();
    if (snapshot === null) throw new FenceLost();
    if (snapshot.record.state !== 'running' || truthOf(this.plan, snapshot).sound) return true;
    this.log.corrected();
    await this.#renew();
    return false;
  }

  /** Everything is counted or failed, the partials are folded into the one in memory, and nothing contradicts that. */
  async isComplete(shards: number): Promise<boolean> {
    const snapshot = await this.ledger.snapshot();
    if (snapshot === null) throw new FenceLost();
    const { sound, counters } = truthOf(this.plan, snapshot);
    const isAll = snapshot.fields.length === 0 && counters.done + counters.failed >= shards;
    if (sound && !isAll) return false;
    if (sound && this.accumulator.isSame(snapshot.acc)) return true;
    this.suspect();
    return false;
  }

  /** Looks for lost tasks and shards at first, after every new connection, and whenever nothing moves: then less and less often. */
  async repair(record: EvaluationRecord, load: Load): Promise<void> {
    const { reconcileMs } = this.settings;
    const shards = record.done + record.failed;
    const now = Date.now();
    const last = this.#progress;
    if (last !== null && last.shards !== shards) this.#progress = { shards, at: now, waitMs: reconcileMs };
    if (last !== null && (last.shards !== shards || now - last.at <= last.waitMs)) return;
    this.#progress = { shards, at: now, waitMs: reconcileMs };
    if (!(await this.audit())) return;
    const holes = await this.schedule.reconcile(record, load);
    if (holes.length > 0) return this.#again(shards, holes);
    if (last !== null) this.#progress.waitMs = Math.min(2 * last.waitMs, MOST_WAITS * reconcileMs);
  }

  async #again(settled: number, holes: readonly Run[]): Promise<void> {
    this.log.repaired(holes.reduce((sum, { count }) => sum + count, 0));
    const what = `${settled}: ${holes.map(({ first, count }) => `${first}.${count}`)}`;
    // Adding them once more would do nothing where Redis has kept half of a task: those of a new epoch have other names.
    if (what === this.#holes) await this.#renew();
    this.#holes = what;
  }

  /** A new epoch with all that is truly counted. */
  async #renew(): Promise<void> {
    const epoch = newEpoch();
    if (!(await this.ledger.freeze(this.fence, epoch))) throw new FenceLost();
    const frozen = await this.ledger.snapshot();
    if (frozen === null) throw new FenceLost();
    const truth = truthOf(this.plan, frozen);
    if (!(await this.ledger.rebase(this.fence, epoch, truth))) throw new FenceLost();
    this.suspect();
  }
}
