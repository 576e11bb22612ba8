/** Codes of this package's errors; each is explained in docs/errors.md. */
export type DataErrorCode =
  | 'FILE_NOT_FOUND'
  | 'FILE_NOT_READABLE'
  | 'FILE_NOT_WRITABLE'
  | 'FORMAT_UNKNOWN'
  | 'FILE_CORRUPT'
  | 'FILE_CHANGED'
  | 'COLUMN_UNKNOWN'
  | 'COLUMN_TYPE'
  | 'COLUMN_DUPLICATE'
  | 'SCHEMA_MISMATCH'
  | 'ROWS_MISMATCH'
  | 'VALUE_INVALID'
  | 'TEXT_ENCODING'
  | 'LIMIT_EXCEEDED'
  | 'UNSUPPORTED'
  | 'ACCESS_DENIED'
  | 'STORAGE_UNAVAILABLE';

/** The data cannot be read as asked: a user's or a file's fault, never a bug. The message is one paragraph that names file, place, value and what is allowed. */
export class DataError extends Error {
  override readonly name = 'DataError';
  constructor(
    readonly code: DataErrorCode,
    message: string,
    readonly where: { source?: string; row?: number; column?: string } = {},
  ) {
    super(message);
  }
}
