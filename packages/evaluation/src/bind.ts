import type { BoundLoss } from '@lossmill/losses';
import { bindLoss } from './compat.js';
import type { Plan } from './plan.js';

/** The losses of a plan, ready to run. */
export function bindLosses({ spec }: Plan): BoundLoss[] {
  return spec.losses.map((loss) => bindLoss(spec, loss));
}
