import { EvaluationError, type Spec } from '@lossmill/evaluation';

/** What is put into the queue of evaluations: a spec alone, or a spec with what does not belong into one. */
export interface Submission {
  spec: Spec;
  /** Folder of the submitter, from which relative paths start if it is one that the cluster may read. */
  folder?: string;
  /** Share of the shards (0 … 1) that may fail before the evaluation does. */
  allowDegraded?: number;
}

/** Reads the data of a job of `lossmill.evaluations`. The spec itself is checked later. */
export function submissionOf(data: unknown): Submission {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw invalid('a spec is wanted');
  if (!('spec' in data)) return { spec: data as Spec };
  const { spec, folder, allowDegraded } = data as Record<string, unknown>;
  if (folder !== undefined && typeof folder !== 'string') throw invalid('folder must be a text');
  if (allowDegraded !== undefined && !(typeof allowDegraded === 'number' && allowDegraded >= 0 && allowDegraded <= 1))
    throw invalid('allowDegraded must be a number from 0 to 1');
  return { spec: spec as Spec, folder, allowDegraded };
}

/**
 * Bytes of the data of a job as JSON.
 * @throws EvaluationError SPEC_INVALID
 */
export function bytesOf(data: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(data) ?? '');
  } catch {
    // What JSON.parse still reads overflows the stack here.
    throw invalid('it is nested too deeply');
  }
}

const invalid = (why: string): EvaluationError =>
  new EvaluationError('SPEC_INVALID', `spec: the job's data is no submission: ${why}.`, { path: 'spec' });
