import { countSequences, sequenceRuns } from './clusters.js';
import type { Plan } from './plan.js';

/** The shape of the prediction, and so of its gradient: [rows], [rows, C], or [N, T, C] where all sequences are of one length. */
export function predictionShape({ rows, spec, handle: { description } }: Plan): number[] {
  const [name, second] = spec.columns.prediction;
  if (second !== undefined) return [rows, spec.classes];
  const width = description.columns.find((column) => column.name === name)?.width ?? null;
  const values = width === null ? [] : [width];
  const runs = sequenceRuns(description, name);
  const steps = new Set(runs?.map((run) => run.steps));
  return runs && steps.size === 1 ? [countSequences(runs), ...steps, ...values] : [rows, ...values];
}
