import type { DerivedName, Estimate, LossReport } from '@lossmill/evaluation';
import { CATALOGUE } from '@lossmill/losses';
import { toNumber } from '../format/number.js';

function parameterText(value: LossReport['parameters'][string]): string {
  const values = Array.isArray(value) ? value : [value];
  return `${values.slice(0, 4).map(String).join(' ')}${values.length > 4 ? ' ...' : ''}`;
}

/** "delta=1.5": the parameters that are not at their defaults, as on the command line; empty if there are none. */
export function parametersLabel(loss: LossReport, separator = ','): string {
  const defined = CATALOGUE.find(({ name }) => name === loss.name)?.parameters ?? [];
  const defaults = new Map(defined.map((parameter) => [parameter.name, parameter.default]));
  const given = Object.entries(loss.parameters).filter(([name, value]) => value !== defaults.get(name));
  return given.map(([name, value]) => `${name}=${parameterText(value)}`).join(separator);
}

/** "huber:delta=1.5": the loss as one writes it on the command line. */
export function lossLabel(loss: LossReport): string {
  const parameters = parametersLabel(loss);
  return parameters === '' ? loss.name : `${loss.name}:${parameters}`;
}

/** The derived quantities a loss has, in the report's order. */
export function derivedEntries(loss: LossReport): [DerivedName, Estimate][] {
  return Object.entries(loss.derived) as [DerivedName, Estimate][];
}

const DIVISORS: Record<NonNullable<LossReport['compat']>['denominator'], string> = {
  weight: 'weight',
  rows: 'rows',
  nonzero: 'rows of nonzero weight',
  elements: 'elements',
  weight_elements: '(weight x elements of a row)',
};

/** "mean as keras has it (BinaryCrossentropy): sum / rows"; without compat "mean is sum / weight". */
export function meanDefinition({ compat }: LossReport): string {
  if (!compat) return 'mean is sum / weight';
  return `mean as ${compat.library} has it (${compat.call}): sum / ${DIVISORS[compat.denominator] ?? compat.denominator}`;
}

/** True where some denominator gives another mean than sum / weight, so that saying which one was used matters. */
export function meansDiffer(loss: LossReport): boolean {
  const mean = toNumber(loss.mean);
  return Object.values(loss.means).some((other) => !Object.is(toNumber(other), mean));
}
