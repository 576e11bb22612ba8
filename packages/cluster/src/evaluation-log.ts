import type { Plan } from '@lossmill/evaluation';
import type { Log } from './log.js';
import type { Meter } from './meter.js';
import { ENDS, type EvaluationRecord, type Fault } from './record.js';

/** Tells, in the log and the metrics, what becomes of one evaluation. */
export class EvaluationLog {
  constructor(
    private readonly evaluation: string,
    /** Of the coordinator that looks after it. */
    private readonly coordinator: string,
    private readonly log: Log,
    private readonly meter: Meter,
  ) {}

  /** @param before the record as it was found: its fence names the coordinator that had the evaluation */
  takenOver(before: EvaluationRecord | null): void {
    const { state, done, total, fence } = before ?? { state: 'queued', done: 0, total: 0, fence: '' };
    const from = fence.split('.')[0];
    if (ENDS.has(state as EvaluationRecord['state']) || from === '' || from === this.coordinator) return;
    this.meter.add('takeovers');
    this.log.warn({ evaluation: this.evaluation, state, done, total, from }, 'took over an evaluation');
  }

  /** @param since when planning began, as performance.now() has it */
  planned({ rows, shards }: Plan, since: number): void {
    this.meter.add('evaluationsPlanned');
    const seconds = secondsSince(since);
    this.log.info({ evaluation: this.evaluation, rows, shards, seconds }, 'an evaluation is planned');
  }

  repaired(shards: number): void {
    if (shards === 0) return;
    this.meter.add('shardsRepaired', shards);
    this.log.warn({ evaluation: this.evaluation, shards }, 'shards without a task: added again');
  }

  corrected(): void {
    this.log.warn({ evaluation: this.evaluation }, 'Redis has lost a part of what is counted: it is set right');
  }

  folded(since: number): void {
    this.meter.time('fold', secondsSince(since));
  }

  ended(record: EvaluationRecord, { digest, error }: { digest?: string; error?: Fault }): void {
    const { state, rows, done, total, failed, retried, duplicates, handedOn, startedAt, endedAt } = record;
    const seconds = startedAt === 0 ? 0 : Math.max(0, (endedAt || Date.now()) - startedAt) / 1000;
    const shards = { planned: total, counted: done, failed, retried, duplicates, handedOn };
    const fields = { evaluation: this.evaluation, state, rows, seconds, shards, digest, error };
    if (state === 'failed') {
      this.meter.add('evaluationsFailed');
      this.log.error(fields, 'an evaluation has failed');
    } else {
      if (state !== 'cancelled') this.meter.add('evaluationsDone');
      this.log.info(fields, state === 'cancelled' ? 'an evaluation was cancelled' : 'an evaluation has ended');
    }
  }
}

const secondsSince = (since: number): number => (performance.now() - since) / 1000;
