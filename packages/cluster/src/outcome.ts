import { type Access, reopenDataset } from '@lossmill/dataset';
import { answer, digestOf, type Partial, type Plan, type Report, type RunReport, shardAt } from '@lossmill/evaluation';
import { outputPaths, VERSION, type WritingPlan } from '@lossmill/pool';
import type { EvaluationRecord, Fault } from './record.js';

/** A shard that failed for good. */
export interface FailedShard extends Fault {
  shard: number;
}

const count = (n: number): string => n.toLocaleString('en-US');

/** "12 of 3,184 shards failed (0.38 %); 820,000 of 1,000,000 rows are counted." */
function coverageText({ failed, total, rows, totalRows }: EvaluationRecord): string {
  const share = ((100 * failed) / Math.max(1, total)).toPrecision(3);
  return `${count(failed)} of ${count(total)} shards failed (${share} %); ${count(rows)} of ${count(totalRows)} rows are counted`;
}

/** The error of an evaluation of which too many shards failed: that of the first of them, and how much is covered. */
export function failedFault(plan: Plan, record: EvaluationRecord, failures: readonly FailedShard[]): Fault {
  const first = failures[0];
  if (!first) return { code: 'INTERNAL_ERROR', message: `${coverageText(record)}.` };
  const { start, end } = shardAt(plan, first.shard);
  const where = `First shard ${count(first.shard)}, rows ${count(start)} … ${count(end)}.`;
  return { code: first.code, message: `${first.message} ${coverageText(record)}. ${where}` };
}

/** All counted shards as a report. `failures` are the shards it lacks. */
export async function makeReport(
  plan: WritingPlan,
  partial: Partial,
  record: EvaluationRecord,
  failures: readonly FailedShard[],
  workers: readonly number[],
  access: Access,
): Promise<Report> {
  const dataset = await reopenDataset(plan.handle, { access });
  try {
    const { digest, version, ...rest } = await answer(plan, dataset, partial);
    const run = runOf(plan, record, failures, workers);
    if (record.failed === 0) return { version, digest, ...rest, run };
    const warnings = [...rest.warnings, `This is no evaluation of all rows: ${coverageText(record)}.`];
    const lacking = { version, ...rest, warnings };
    return { ...lacking, digest: digestOf(lacking), run };
  } finally {
    await dataset.close();
  }
}

function runOf(
  plan: WritingPlan,
  record: EvaluationRecord,
  failures: readonly FailedShard[],
  workers: readonly number[],
): RunReport {
  const outputs = plan.outputs && outputPaths(plan.outputs);
  const seconds = Math.max(1, Date.now() - record.startedAt) / 1000;
  return {
    startedAt: new Date(record.startedAt).toISOString(),
    seconds,
    rowsPerSecond: record.rows / seconds,
    bytesRead: record.bytes,
    shards: {
      rows: plan.shardRows,
      planned: plan.shards,
      counted: record.done,
      retried: record.retried,
      duplicates: record.duplicates,
      ...(record.failed > 0 ? { failed: record.failed } : {}),
    },
    ...(failures.length > 0
      ? { missing: failures.map(({ shard, code, message }) => ({ ...shardAt(plan, shard), code, message })) }
      : {}),
    workers: workers.length,
    threads: workers.reduce((sum, threads) => sum + threads, 0),
    version: VERSION,
    ...(outputs ? { outputs } : {}),
  };
}
