import type { ParameterDefinition } from './types.js';

export const IGNORE_INDEX: ParameterDefinition = {
  name: 'ignore_index',
  kind: 'integer',
  default: null,
  low: -(2 ** 31),
  high: 2 ** 31 - 1,
  about: 'rows whose target is this index contribute exactly nothing',
};

export const CLASS_WEIGHT: ParameterDefinition = {
  name: 'class_weight',
  kind: 'numbers',
  default: null,
  low: 0,
  high: Number.MAX_VALUE,
  about: 'one weight per class, in class order (command line: class_weight=1|2|0.5)',
};
