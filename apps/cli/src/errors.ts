/** Codes of the command's own errors; each is explained in docs/errors.md. */
export type UsageErrorCode =
  | 'USAGE'
  | 'NOT_AVAILABLE_YET'
  | 'FILE_NOT_FOUND'
  | 'FILE_NOT_READABLE'
  | 'FILE_NOT_WRITABLE';

/** The command line itself is wrong, or a file that only the command reads or writes. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  constructor(
    message: string,
    readonly code: UsageErrorCode = 'USAGE',
  ) {
    super(message);
  }
}
