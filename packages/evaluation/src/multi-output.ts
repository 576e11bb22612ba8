import type { Family } from '@lossmill/losses';

/** More outputs than this are evaluated, but not reported one by one. */
export const MOST_OUTPUTS = 1024;

/** What of a resolved spec says how many outputs a row has. */
interface Shape {
  family: Family;
  /** Predictions a row. */
  classes: number;
}

interface Evaluated extends Shape {
  losses: readonly { name: string }[];
}

/** Predictions a row, each with a target of its own; 0 where a row is not made of such. */
export function outputsOf({ family, classes }: Shape): number {
  return classes > 1 && (family === 'regression' || family === 'binary') ? classes : 0;
}

/** How many outputs have figures of their own in the report. */
export function reportedOutputs(spec: Shape): number {
  const outputs = outputsOf(spec);
  return outputs > MOST_OUTPUTS ? 0 : outputs;
}

/** Whether the spread of the targets is wanted, for r2. */
export function wantsTargets(spec: Evaluated): boolean {
  return reportedOutputs(spec) > 0 && spec.losses.some(({ name }) => name === 'mse');
}

/** Columns whose moments are kept: each reported output of each loss, then each target where they are wanted. */
export function momentColumns(spec: Evaluated): number {
  return reportedOutputs(spec) * (spec.losses.length + (wantsTargets(spec) ? 1 : 0));
}
