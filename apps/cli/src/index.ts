export { DataError, type DataErrorCode } from '@lossmill/dataset';
export type {
  DerivedName,
  Estimate,
  GradientReport,
  Interval,
  JsonNumber,
  LossReport,
  Means,
  Plan,
  Report,
  RowCounts,
  RunReport,
  SliceKey,
  SliceReport,
  Spec,
  WorstRow,
} from '@lossmill/evaluation';
export { EvaluationError, type EvaluationErrorCode, parseSpec } from '@lossmill/evaluation';
export { type EvaluateOptions, evaluate, type Progress, planOf, VERSION } from '@lossmill/pool';
export { renderHtml, renderTerminal } from '@lossmill/report';
