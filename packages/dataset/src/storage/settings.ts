import { DataError } from '../errors.js';

/** How remote files are read; each from an environment variable, looked at when a dataset is opened. */
export interface StorageSettings {
  /** Attempts after the first one that failed, without progress in between. */
  readonly retries: number;
  /** Wait before the first retry in milliseconds; doubles, up to 20 s, half of it random. */
  readonly backoffMs: number;
  /** Longest silence of a server in milliseconds. */
  readonly timeoutMs: number;
  /** Most bytes of remote files that one thread keeps on disk at a time. */
  readonly spoolBytes: number;
}

/** @throws DataError VALUE_INVALID for a setting that is no whole number in its range */
export function storageSettings(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): StorageSettings {
  const whole = (name: string, standard: number, most: number): number => {
    const text = environment[name];
    if (text === undefined || text === '') return standard;
    const value = Number(text);
    if (/^\d+$/.test(text) && value <= most) return value;
    throw new DataError(
      'VALUE_INVALID',
      `The setting ${name} is ${JSON.stringify(text)}; a whole number from 0 to ${most} is wanted. Correct or unset it.`,
    );
  };
  return {
    retries: whole('LOSSMILL_REMOTE_RETRIES', 8, 1000),
    backoffMs: whole('LOSSMILL_REMOTE_BACKOFF_MS', 100, 60_000),
    timeoutMs: Math.max(1, whole('LOSSMILL_REMOTE_TIMEOUT_MS', 30_000, 3_600_000)),
    spoolBytes: whole('LOSSMILL_SPOOL_BYTES', 8 * 2 ** 30, Number.MAX_SAFE_INTEGER),
  };
}
