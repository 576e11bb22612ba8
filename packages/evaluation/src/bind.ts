import { type BoundLoss, findLoss } from '@lossmill/losses';
import type { Plan } from './plan.js';

/** The losses of a plan, ready to run. */
export function bindLosses({ spec }: Plan): BoundLoss[] {
  return spec.losses.map(({ name, parameters }) => {
    const definition = findLoss(name);
    return definition.bind(parameters, definition.inputs.length > 0 ? spec.input : null, spec.target, spec.family);
  });
}
