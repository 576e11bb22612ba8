/** A loss name or parameter is not what the catalogue, or the library to be compatible with, allows. */
export class LossError extends Error {
  override readonly name = 'LossError';
  constructor(
    readonly code: 'LOSS_UNKNOWN' | 'LOSS_PARAMETER' | 'COMPAT_UNSUPPORTED',
    message: string,
  ) {
    super(message);
  }
}
