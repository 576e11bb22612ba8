/** Codes of this package's errors; each is explained in docs/errors.md. */
export type ClusterErrorCode =
  | 'REDIS_UNREACHABLE'
  | 'REDIS_UNFIT'
  | 'REDIS_FULL'
  | 'EVALUATION_UNKNOWN'
  | 'EVALUATION_AMBIGUOUS'
  | 'EVALUATION_STATE'
  | 'EVALUATION_CANCELLED'
  | 'EVALUATION_LOST'
  | 'TOO_MANY_EVALUATIONS'
  | 'SPEC_TOO_LARGE'
  | 'TOO_MANY_SHARDS'
  | 'PATH_FORBIDDEN'
  | 'PLAN_INVALID'
  | 'SHARD_CRASHED'
  | 'PORT_NOT_AVAILABLE'
  | 'COORDINATOR_CRASHED'
  | 'INTERNAL_ERROR';

/** Something about the cluster, not about the spec or the data. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError';
  constructor(
    readonly code: ClusterErrorCode,
    message: string,
  ) {
    super(message);
  }
}
