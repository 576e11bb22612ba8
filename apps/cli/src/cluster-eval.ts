import { ClusterError, type EvaluationRecord, type Fleet } from '@lossmill/cluster';
import { parseSpec, type Report, type Spec } from '@lossmill/evaluation';
import { errorOfFault, withCluster } from './cluster-session.js';
import type { ProgressState } from './progress-line.js';
import { lossText } from './status-line.js';

export interface ClusterRunOptions {
  signal?: AbortSignal;
  onProgress?: (state: ProgressState) => void;
}

/** Evaluates a spec on a cluster and waits for the report. Aborted, it cancels the evaluation. */
export async function evaluateOnCluster(
  spec: Spec,
  redis: string,
  allowDegraded: number | undefined,
  { signal, onProgress }: ClusterRunOptions,
): Promise<Report> {
  await parseSpec(spec);
  return withCluster(redis, async (client) => {
    const id = await client.submit({ spec, folder: process.cwd(), allowDegraded });
    const look = (record: EvaluationRecord, fleet: Fleet): void => {
      if (record.state === 'failed' || record.state === 'cancelled') return;
      onProgress?.(progressOf(record, fleet));
    };
    try {
      const { state, error } = await client.watch(id, look, { signal });
      if (state === 'cancelled')
        throw new ClusterError('EVALUATION_CANCELLED', `Evaluation ${id} was cancelled. lossmill retry ${id} goes on.`);
      if (state === 'failed' && error) throw errorOfFault(error);
      return await client.report(id);
    } catch (error) {
      if (signal?.aborted) await client.cancel(id).catch(() => {});
      throw error;
    }
  });
}

function progressOf(record: EvaluationRecord, { workers, lost }: Fleet): ProgressState {
  const { state, rows, totalRows, bytes, handedOn } = record;
  const threads = workers.reduce((sum, member) => sum + member.threads, 0);
  return {
    rowsDone: rows,
    rowsTotal: totalRows || null,
    bytes,
    threads,
    phase: phaseOf(state, threads),
    note: lossText(lost, handedOn),
  };
}

function phaseOf(state: EvaluationRecord['state'], threads: number): string {
  if (state === 'queued') return 'planning';
  if (state === 'running') return threads > 0 ? 'evaluating' : 'waiting for a worker';
  return 'reporting';
}
