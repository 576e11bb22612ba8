export { badRowError } from './bad-row-error.js';
export { type BadRow, BadRows } from './bad-rows.js';
export { canonicalJson, digestOf } from './digest.js';
export { EvaluationError, type EvaluationErrorCode } from './errors.js';
export { type Answer, answer, evaluateInline } from './evaluate.js';
export { type Outputs, outputNames } from './outputs.js';
export { Partial } from './partial.js';
export { decodePartial, encodePartial } from './partial-codec.js';
export { type Plan, type Shard, shardAt, shardPieces, shardsOf } from './plan.js';
export { predictionShape } from './prediction-shape.js';
export { type Prepared, type PrepareOptions, prepare } from './prepare.js';
export type {
  ClusterMean,
  ClusterReport,
  DerivedName,
  Estimate,
  GradientReport,
  GradientSummary,
  Interval,
  JsonNumber,
  LossReport,
  Means,
  OutputReport,
  Report,
  RowCounts,
  RunReport,
  SliceKey,
  SliceReport,
  WorstRow,
} from './report.js';
export { ShardRunner } from './shard-runner.js';
export { parseSpec } from './spec.js';
export type { Spec } from './spec-schema.js';
