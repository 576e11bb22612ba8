export { CATALOGUE, findLoss } from './catalogue.js';
export { bindCompat, checkCompat, checkCompatShape, compatLibraries } from './compat/compat.js';
export { type Denominator, LIBRARIES, type Library } from './compat/library.js';
export type { CompatShape } from './compat/types.js';
export { meetDomains } from './domains.js';
export { LossError } from './errors.js';
export { nearest } from './nearest.js';
export { allowed, resolveParameters } from './parameters.js';
export type {
  Batch,
  BoundCompat,
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
