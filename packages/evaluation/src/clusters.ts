import type { Description } from '@lossmill/dataset';
import { EvaluationError } from './errors.js';

/** More clusters than this are refused: a partial keeps the moments of each. */
export const MOST_CLUSTERS = 1_000_000;

/**
 * What rows go together in clusters: those that share a value of columns.cluster, those of one entry of the prediction's leading axis
 * ([N, T, C]: N sequences of T rows), or nothing.
 */
export type ClusterKind = 'column' | 'sequence' | null;

/** Rows [start, end) of the dataset, in sequences of `steps` rows each; `first` is the number of the first sequence. */
export interface SequenceRun {
  start: number;
  end: number;
  steps: number;
  first: number;
}

/** The sequences of a column, in dataset order; null unless every source of it has a leading axis of sequences. */
export function sequenceRuns({ sources }: Description, column: string): SequenceRun[] | null {
  const runs: SequenceRun[] = [];
  let first = 0;
  for (const { columns, start, rows, steps } of sources) {
    if (!columns.includes(column) || rows === 0) continue;
    const length = steps?.[column];
    if (length === undefined) return null;
    runs.push({ start, end: start + rows, steps: length, first });
    first += rows / length;
  }
  return runs.length > 0 ? runs : null;
}

export const countSequences = (runs: readonly SequenceRun[]): number =>
  runs.reduce((sum, { start, end, steps }) => sum + (end - start) / steps, 0);

export function tooManyClusters(column: string): EvaluationError {
  return new EvaluationError(
    'LIMIT_EXCEEDED',
    `columns.cluster: "${column}" has more than ${MOST_CLUSTERS.toLocaleString('en')} distinct values. Cluster by a column with fewer, or leave it out: rows that share no value with others are independent as they are.`,
    { path: 'columns.cluster', column },
  );
}
