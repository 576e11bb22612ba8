import { setTimeout as sleep } from 'node:timers/promises';
import { DataError } from '../errors.js';
import { shownUrl } from './access.js';
import type { StorageSettings } from './settings.js';

/** Something that may go better next time: a busy server, a broken connection, a body that ends early. */
export class Transient extends Error {
  override readonly name = 'Transient';
  constructor(
    message: string,
    /** What the server asks to wait, in milliseconds. */
    readonly waitMs = 0,
  ) {
    super(message);
  }
}

/** A failed attempt that brought at least this much does not count against the retries. */
const PROGRESS = 64 * 1024;
const LONGEST_WAIT = 20_000;
const LONGEST_ASKED = 60_000;

/**
 * Repeats an attempt that fails with Transient, waiting twice as long each time, half of it random so that many readers
 * do not come back at once.
 * @param what was tried, for the error: "read" or "written"
 * @param received bytes that came in so far, over all attempts: while they grow the retries start anew
 * @throws DataError STORAGE_UNAVAILABLE when the retries are used up; the signal's reason
 */
export async function withRetries<T>(
  uri: string,
  settings: StorageSettings,
  attempt: () => Promise<T>,
  { received = () => 0, signal, what = 'read' }: { received?: () => number; signal?: AbortSignal; what?: string } = {},
): Promise<T> {
  let failures = 0;
  for (let mark = received(); ; ) {
    signal?.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof Transient)) throw error;
      if (received() - mark >= PROGRESS) failures = 0;
      mark = received();
      failures++;
      if (failures > settings.retries) throw unavailable(uri, what, failures, error.message);
      await wait(failures, settings.backoffMs, error.waitMs, signal);
    }
  }
}

async function wait(failures: number, backoffMs: number, asked: number, signal?: AbortSignal): Promise<void> {
  const most = Math.min(LONGEST_WAIT, backoffMs * 2 ** (failures - 1));
  const milliseconds = Math.max(most / 2 + (Math.random() * most) / 2, Math.min(asked, LONGEST_ASKED));
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

function unavailable(uri: string, what: string, attempts: number, last: string): DataError {
  return new DataError(
    'STORAGE_UNAVAILABLE',
    `${shownUrl(uri)} could not be ${what} in ${attempts} attempt${attempts === 1 ? '' : 's'}: ${last}. Try again later, or raise the setting LOSSMILL_REMOTE_RETRIES.`,
    { source: shownUrl(uri) },
  );
}
