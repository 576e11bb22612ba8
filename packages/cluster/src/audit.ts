import type { Plan } from '@lossmill/evaluation';
import { bitAt, type Run } from './bitmap.js';
import { decodeFolded } from './folded.js';
import type { EvaluationRecord } from './record.js';
import { RunSet } from './run-set.js';

/** All that an evaluation's keys say at one moment. */
export interface Snapshot {
  record: EvaluationRecord;
  counted: Buffer;
  failed: Buffer;
  /** Fields of `p`. */
  fields: string[];
  acc: Buffer | null;
}

/** What an evaluation's keys should say. */
export interface Truth {
  /** They do. */
  sound: boolean;
  counted: Uint8Array;
  failed: Uint8Array;
  counters: { done: number; failed: number; rows: number; retried: number };
  /** The folded partial is of no form that is known. */
  dropAcc: boolean;
  /** Fields of `p` whose shards, or some of them, are in another partial too. */
  drop: string[];
}

export type PlanSize = Pick<Plan, 'shards' | 'shardRows' | 'rows'>;

/** The run of a field of `p`, "12.3"; null when it is none of the plan. */
export function runOfField(field: string, { shards }: Pick<PlanSize, 'shards'>): Run | null {
  const [, first, count] = /^(\d{1,10})\.(\d{1,4})$/.exec(field)?.map(Number) ?? [];
  return count >= 1 && first + count <= shards ? { first, count } : null;
}

/**
 * A shard is counted if and only if it is in one partial: in the folded one, which carries the list of its shards, or in one that waits
 * to be folded, whose field names them. Bitmaps and counters follow from that; where Redis has lost a part of a transaction they
 * may say something else.
 */
export function truthOf(plan: PlanSize, { record, counted, failed, fields, acc }: Snapshot): Truth {
  const folded = acc === null ? null : decodeFolded(acc);
  const isOfPlan = folded?.shards.runs.every(({ first, count }) => first + count <= plan.shards) ?? false;
  const inPartials = new RunSet(isOfPlan ? folded?.shards.runs : []);
  const drop: string[] = [];
  for (const field of fields) {
    const run = runOfField(field, plan);
    if (run !== null && !inPartials.overlaps(run)) inPartials.add(run);
    else drop.push(field);
  }
  const bits = inPartials.toBitmap();
  const lost = failedBits(failed, bits, plan.shards);
  const counters = {
    done: inPartials.count,
    failed: lost.count,
    rows: rowsOf(plan, inPartials),
    retried: Math.min(record.retried, inPartials.count),
  };
  const dropAcc = acc !== null && !isOfPlan;
  // Rows are counted with the shards, by the same command.
  const sound =
    !dropAcc &&
    drop.length === 0 &&
    isSame(counted, bits) &&
    isSame(failed, lost.bits) &&
    record.done === counters.done &&
    record.failed === counters.failed;
  return { sound, counted: bits, failed: lost.bits, counters, dropAcc, drop };
}

function failedBits(failed: Uint8Array, counted: Uint8Array, shards: number): { bits: Uint8Array; count: number } {
  const bits = new Uint8Array(failed.length);
  let count = 0;
  for (let shard = 0; shard < Math.min(shards, failed.length * 8); shard++) {
    if (failed[shard >> 3] === 0) shard |= 7;
    if (!bitAt(failed, shard) || bitAt(counted, shard)) continue;
    bits[shard >> 3] |= 128 >> (shard & 7);
    count++;
  }
  return { bits, count };
}

function rowsOf({ shards, shardRows, rows }: PlanSize, { count, runs }: RunSet): number {
  const last = runs.at(-1);
  const hasLast = last !== undefined && last.first + last.count === shards;
  return count * shardRows - (hasLast ? shards * shardRows - rows : 0);
}

/** But for bytes of zeros at the end. */
function isSame(a: Uint8Array, b: Uint8Array): boolean {
  const [long, short] = a.length > b.length ? [a, b] : [b, a];
  return (
    Buffer.compare(long.subarray(0, short.length), short) === 0 &&
    long.subarray(short.length).every((byte) => byte === 0)
  );
}
