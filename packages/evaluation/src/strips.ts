import { BLOCK } from './plan.js';
import type { ResolvedSpec } from './resolve.js';

/** Bytes of predictions and targets in a strip. */
const STRIP_BYTES = 2 * 1024 * 1024;

/**
 * Whether rows may come in strips: where each is judged, evaluated and differentiated by itself. A gradient summary, of at most some
 * thousand predictions a row, wants the gradients of a block's rows together.
 */
export const comesInStrips = ({ family, gradient }: ResolvedSpec): boolean =>
  (family === 'classes' || family === 'vectors') && gradient !== 'summary';

/** Rows whose predictions (and targets) of many numbers are in memory at once: all of a chunk, or a part of a block that divides it. */
export function stripRows(spec: ResolvedSpec, capacity: number): number {
  if (!comesInStrips(spec)) return capacity;
  const bytes = spec.classes * (spec.type === 'f32' ? 4 : 8) * (spec.target === 'index' ? 1 : 2);
  if (BLOCK * bytes <= STRIP_BYTES) return capacity;
  return 2 ** Math.max(0, Math.floor(Math.log2(STRIP_BYTES / bytes)));
}
