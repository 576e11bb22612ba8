import { DataError } from '@lossmill/dataset';
import { EvaluationError } from '@lossmill/evaluation';
import { ClusterError } from './errors.js';
import type { Fault } from './record.js';

/** What a user is told of an error. One that is no mistake of the user's keeps its message, with a code of its own. */
export function faultOf(error: unknown): Fault {
  if (error instanceof EvaluationError)
    return {
      code: error.code,
      message: error.message,
      ...(error.where.path === undefined ? {} : { path: error.where.path }),
    };
  if (error instanceof DataError || error instanceof ClusterError) return { code: error.code, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'INTERNAL_ERROR', message: `${message} (a fault of lossmill itself)` };
}

/** What is missing on one machine may be fine on another; and servers come back. Files do not mend themselves otherwise. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'FILE_NOT_FOUND',
  'FILE_NOT_READABLE',
  'FILE_NOT_WRITABLE',
  'PATH_FORBIDDEN',
  'STORAGE_UNAVAILABLE',
  'PLAN_INVALID',
]);

/** Whether a shard that failed so may go well when it is tried again, perhaps on another worker. */
export function mayPass(error: unknown): boolean {
  if (error instanceof EvaluationError) return false;
  if (error instanceof DataError || error instanceof ClusterError) return ELSEWHERE.has(error.code);
  return true;
}

/** What Redis answers a program that is wrong, and not one that comes at a bad time. */
const OURS = /^(WRONGTYPE|ERR lossmill|ERR wrong number|ERR value is not|ERR syntax)/;

/** Nothing an evaluation should fail of: Redis is full, loading, away, or the connection broke in the middle. */
export const isPassing = (error: unknown): boolean =>
  error instanceof Error &&
  ((isOfRedis(error) && !OURS.test(error.message)) ||
    error.name === 'AbortError' ||
    error.message === 'Connection is closed.');

/** An answer of Redis such as "out of memory" or "loading": no fault of a shard or an evaluation. */
export const isOfRedis = (error: unknown): boolean => error instanceof Error && error.name === 'ReplyError';
