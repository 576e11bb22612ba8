import type { DerivedName, Estimate, LossReport } from '@lossmill/evaluation';
import { toNumber } from '../format/number.js';

/** "huber:delta=1.5": the loss as one writes it on the command line; long lists are cut. */
export function lossLabel(loss: LossReport): string {
  const parameters = Object.entries(loss.parameters).map(([name, value]) => {
    const values = Array.isArray(value) ? value : [value];
    return `${name}=${values.slice(0, 4).map(String).join(' ')}${values.length > 4 ? ' …' : ''}`;
  });
  return parameters.length === 0 ? loss.name : `${loss.name}:${parameters.join(',')}`;
}

/** The derived quantities a loss has, in the report's order. */
export function derivedEntries(loss: LossReport): [DerivedName, Estimate][] {
  return Object.entries(loss.derived) as [DerivedName, Estimate][];
}

/** True where some denominator gives another mean than sum / weight, so that saying which one was used matters. */
export function meansDiffer(loss: LossReport): boolean {
  const mean = toNumber(loss.mean);
  return Object.values(loss.means).some((other) => !Object.is(toNumber(other), mean));
}
