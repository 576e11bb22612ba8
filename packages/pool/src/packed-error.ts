import { DataError } from '@lossmill/dataset';
import { EvaluationError } from '@lossmill/evaluation';

/** An error as threads pass it on. */
export interface PackedError {
  name: string;
  message: string;
  code: string | null;
  where: object | null;
  stack: string | null;
}

/** Structured clone keeps only an error's name and message; this keeps what a user is told. */
export function packError(error: unknown): PackedError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), code: null, where: null, stack: null };
  const { code, where } = error as { code?: unknown; where?: unknown };
  return {
    name: error.name,
    message: error.message,
    code: typeof code === 'string' ? code : null,
    where: typeof where === 'object' ? (where as object | null) : null,
    stack: error.stack ?? null,
  };
}

export function unpackError(packed: PackedError): Error {
  const where = packed.where ?? {};
  if (packed.name === 'DataError') return new DataError(packed.code as DataError['code'], packed.message, where);
  if (packed.name === 'EvaluationError')
    return new EvaluationError(packed.code as EvaluationError['code'], packed.message, where);
  const error = Object.assign(new Error(packed.message), packed.code === null ? {} : { code: packed.code });
  error.name = packed.name;
  if (packed.stack) error.stack = packed.stack;
  return error;
}
