export { CATALOGUE, findLoss } from './catalogue.js';
export { meetDomains } from './domains.js';
export { LossError } from './errors.js';
export { nearest } from './nearest.js';
export { allowed, resolveParameters } from './parameters.js';
export type {
  Batch,
  BoundLoss,
  Curvature,
  CurvatureRow,
  Derived,
  Domain,
  Family,
  InputKind,
  LossDefinition,
  ParameterDefinition,
  Parameters,
  ParameterValue,
  TargetKind,
} from './types.js';
