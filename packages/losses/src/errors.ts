/** A loss name or parameter is not what the catalogue allows. */
export class LossError extends Error {
  override readonly name = 'LossError';
  constructor(
    readonly code: 'LOSS_UNKNOWN' | 'LOSS_PARAMETER',
    message: string,
  ) {
    super(message);
  }
}
