export type ExactSumFormatCode =
  | 'EXACT_SUM_TRUNCATED'
  | 'EXACT_SUM_MAGIC'
  | 'EXACT_SUM_VERSION'
  | 'EXACT_SUM_FLAGS'
  | 'EXACT_SUM_LENGTH'
  | 'EXACT_SUM_RANGE'
  | 'EXACT_SUM_NOT_CANONICAL';

/** The bytes given to `ExactSum.fromBytes` are not a sum; `code` says which rule they break. */
export class ExactSumFormatError extends Error {
  override readonly name = 'ExactSumFormatError';
  readonly code: ExactSumFormatCode;

  constructor(code: ExactSumFormatCode, message: string) {
    super(message);
    this.code = code;
  }
}
