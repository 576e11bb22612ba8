import { findLoss, type LossDefinition, type Parameters, resolveParameters } from '@lossmill/losses';
import type { Spec } from './spec-schema.js';

/** A loss of a spec, found in the catalogue, with its parameters filled in. */
export interface NamedLoss {
  name: string;
  parameters: Parameters;
  definition: LossDefinition;
}

export function namedLoss(entry: Spec['losses'][number]): NamedLoss {
  const { name, ...parameters } = typeof entry === 'string' ? { name: entry } : entry;
  const definition = findLoss(name);
  return { definition, name: definition.name, parameters: resolveParameters(definition, parameters) };
}
