import type { OutputReport, Report } from '@lossmill/evaluation';
import { toNumber } from '../format/number.js';

/** One output of the rows, as each of the losses sees it. */
export interface OutputRow {
  name: string;
  byLoss: OutputReport[];
}

export interface OutputRows {
  /** In the order of the outputs. */
  rows: OutputRow[];
  /** Outputs there are. */
  total: number;
}

/** How bad an output is, NaN worst; `error` is signed, so there what is furthest from 0. */
function severity(loss: string, { mean }: OutputReport): number {
  const x = toNumber(mean);
  if (Number.isNaN(x)) return Infinity;
  return loss === 'error' ? Math.abs(x) : x;
}

/** The outputs of a report's rows; of more than `most` those whose first loss is greatest. Null where rows have one each. */
export function outputRows(report: Report, most: number): OutputRows | null {
  const [first] = report.losses;
  const outputs = first?.outputs ?? [];
  if (outputs.length === 0) return null;
  const kept = outputs
    .map((output) => ({ index: output.index, size: severity(first.name, output) }))
    .sort((a, b) => (a.size === b.size ? a.index - b.index : a.size < b.size ? 1 : -1))
    .slice(0, most)
    .map(({ index }) => index)
    .sort((a, b) => a - b);
  const rows = kept.map((k) => ({
    name: outputs[k].name,
    byLoss: report.losses.flatMap((loss) => loss.outputs?.[k] ?? []),
  }));
  return { rows, total: outputs.length };
}
