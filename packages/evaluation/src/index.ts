export { EvaluationError, type EvaluationErrorCode } from './errors.js';
export type {
  DerivedName,
  Estimate,
  GradientReport,
  Interval,
  JsonNumber,
  LossReport,
  Means,
  Report,
  RowCounts,
  RunReport,
  SliceKey,
  SliceReport,
  WorstRow,
} from './report.js';
