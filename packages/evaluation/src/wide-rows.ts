import { EvaluationError } from './errors.js';
import { outputsOf } from './multi-output.js';
import { BLOCK } from './plan.js';
import type { ResolvedSpec } from './resolve.js';
import { comesInStrips } from './strips.js';

/** A kernel instance addresses 4 GiB; some of it is for what is not as wide as a row. Rows that do not come in strips are there 256 at a time. */
const ROOM = 2 ** 32 - 2 ** 28;
/** Bytes that one row may take where it comes alone: its predictions, its targets where there are as many, its gradient. */
const ROW_ROOM = 2 ** 29;

/**
 * Refuses rows that a thread has no room for, before it finds out.
 * @throws EvaluationError LIMIT_EXCEEDED
 */
export function refuseWideRows(spec: ResolvedSpec): void {
  const { classes, columns, type, target, targetText, gradient } = spec;
  const size = type === 'f32' ? 4 : 8;
  const parts = 1 + (target === 'index' || targetText ? 0 : 1) + (gradient === 'none' ? 0 : 1);
  // Of several outputs a row there are variances and, as float64 and twice, element losses.
  const elements = outputsOf(spec) > 0 ? (columns.variance ? size : 0) + 16 : 0;
  const most = comesInStrips(spec)
    ? Math.floor(ROW_ROOM / (size * parts))
    : Math.floor(ROOM / (BLOCK * (size * parts + elements)));
  if (classes <= most) return;
  const path = 'columns.prediction';
  const room = comesInStrips(spec) ? 'a row takes up to 512 MiB of a thread' : `${BLOCK} rows at a time`;
  throw new EvaluationError(
    'LIMIT_EXCEEDED',
    `${path}: "${columns.prediction[0]}" has ${classes} values a row; at most ${most} can be evaluated (${type}${gradient === 'none' ? '' : ', with their gradient'}; ${room}).`,
    { path },
  );
}

/** A summary keeps an exact sum for each prediction of a row: 2.2 KiB on every thread, and again in every partial. */
const MOST_SUMMED = 16_384;

/** @throws EvaluationError LIMIT_EXCEEDED */
export function refuseWideSummary({ classes, gradient }: ResolvedSpec): void {
  if (gradient !== 'summary' || classes <= MOST_SUMMED) return;
  throw new EvaluationError(
    'LIMIT_EXCEEDED',
    `gradient: a summary has a mean gradient for each of a row's ${classes} predictions; at most ${MOST_SUMMED} can be summed up. Ask for "norms", or write the gradient to a folder.`,
    { path: 'gradient' },
  );
}
