/** Codes of this package's errors; each is explained in docs/errors.md. */
export type EvaluationErrorCode =
  | 'SPEC_NOT_JSON'
  | 'SPEC_INVALID'
  | 'SPEC_UNKNOWN_KEY'
  | 'SPEC_COMBINATION'
  | 'NOT_AVAILABLE_YET'
  | 'LOSS_UNKNOWN'
  | 'LOSS_PARAMETER'
  | 'COMPAT_UNSUPPORTED'
  | 'CLASSES_MISMATCH'
  | 'COLUMN_UNKNOWN'
  | 'COLUMN_TYPE'
  | 'BAD_ROW'
  | 'TOO_MANY_SLICES'
  | 'LIMIT_EXCEEDED'
  | 'PARTIAL_CORRUPT';

/** The evaluation cannot be done as asked. `path` is the JSON path of the spec's field at fault. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
  constructor(
    readonly code: EvaluationErrorCode,
    message: string,
    readonly where: { path?: string; source?: string; row?: number; column?: string } = {},
  ) {
    super(message);
  }
}
