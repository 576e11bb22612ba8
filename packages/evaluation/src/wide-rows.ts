import { EvaluationError } from './errors.js';
import { BLOCK } from './plan.js';
import type { ResolvedSpec } from './resolve.js';

/** A kernel instance addresses 4 GiB; some of it is for what is not as wide as a row. */
const ROOM = 2 ** 32 - 2 ** 28;

/**
 * Refuses rows of which a block does not fit into the memory of a kernel instance, before a thread finds out.
 * @throws EvaluationError LIMIT_EXCEEDED
 */
export function refuseWideRows({ classes, columns, type, target, targetText, gradient }: ResolvedSpec): void {
  const parts = 1 + (target === 'index' || targetText ? 0 : 1) + (gradient === 'none' ? 0 : 1);
  const most = Math.floor(ROOM / (BLOCK * (type === 'f32' ? 4 : 8) * parts));
  if (classes <= most) return;
  const path = 'columns.prediction';
  throw new EvaluationError(
    'LIMIT_EXCEEDED',
    `${path}: "${columns.prediction[0]}" has ${classes} values a row; at most ${most} can be evaluated (${BLOCK} rows of ${type} at a time${gradient === 'none' ? '' : ', with their gradient'}).`,
    { path },
  );
}
