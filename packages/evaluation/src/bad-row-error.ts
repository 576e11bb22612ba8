import { EvaluationError } from './errors.js';
import type { Partial } from './partial.js';
import type { Plan } from './plan.js';
import { locateRow } from './worst.js';

/** What a prediction out of range may be instead, by the spec's input. */
const RAW: Record<string, string> = {
  probabilities: ', or say --input logits if these are raw scores',
  mean: ', or say --input logits if these are logarithms of means',
};

/** The error of `badRows: "fail"`: the first bad row in row order, how many are like it, and the ways out. */
export function badRowError(plan: Plan, partial: Partial): EvaluationError | undefined {
  const first = partial.bad.first;
  if (!first) return undefined;
  const { reason, bad } = first;
  const column = bad.column.replace(/\[\d+\]$/, '');
  const { source, row } = locateRow(plan, bad.row, column);
  const alike = partial.bad.byReason.get(reason)?.count ?? 1;
  const all =
    partial.rowsRead === plan.rows ? `${count(plan.rows)} rows` : `the ${count(partial.rowsRead)} rows read so far`;
  const raw = reason === 'prediction out of range' ? (RAW[plan.spec.input ?? ''] ?? '') : '';
  const ignored = reason === 'class index out of range' ? ', or name an ignore_index' : '';
  const text = `${source}, row ${count(row)}, column ${bad.column}: ${bad.value || 'the value'} ${bad.words}. ${alike === 1 ? '1' : count(alike)} of ${all} ${alike === 1 ? 'is' : 'are'} like this. Skip ${alike === 1 ? 'it' : 'them'} with --bad-rows skip ("badRows": "skip")${raw}${ignored}.`;
  return new EvaluationError('BAD_ROW', text, { source, row, column: bad.column });
}

const count = (n: number): string => n.toLocaleString('en-US');
