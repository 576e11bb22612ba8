import { type BigIntStats, statSync } from 'node:fs';
import { DataError } from './errors.js';
import { directoryError, fileError } from './storage/file.js';
import type { RemotePin } from './storage/storage.js';

/** What must not change between describing a file and reading it. */
export interface Pin {
  readonly bytes: number;
  /** Modification time in nanoseconds since 1970, as decimal text; empty for a remote file, whose version is `remote`. */
  readonly mtimeNs: string;
  readonly remote?: RemotePin;
}

interface Located {
  readonly uri: string;
  readonly path: string;
}

export function pinOf(file: Located): Pin {
  const stats = statFile(file);
  return { bytes: Number(stats.size), mtimeNs: String(stats.mtimeNs) };
}

function statFile({ uri, path }: Located): BigIntStats {
  let stats: BigIntStats;
  try {
    stats = statSync(path, { bigint: true });
  } catch (error) {
    throw fileError(error, uri);
  }
  if (stats.isDirectory()) throw directoryError(uri);
  if (!stats.isFile()) {
    throw new DataError(
      'FILE_NOT_READABLE',
      `${uri} is not a regular file (a pipe, socket or device): row ranges of it cannot be read. Write its content to a file first.`,
      { source: uri },
    );
  }
  return stats;
}

/**
 * Nothing is asked about a remote file: each answer with bytes of it is held against its version.
 * @throws DataError FILE_CHANGED unless the file still has the size and modification time of the pin.
 */
export function checkPin(file: Located & Pin): void {
  if (file.remote) return;
  const now = currentPin(file);
  if (now && now.bytes === file.bytes && now.mtimeNs === file.mtimeNs) return;
  const how = !now
    ? 'it is gone'
    : now.bytes === file.bytes
      ? 'its modification time changed'
      : `it had ${file.bytes} bytes and now has ${now.bytes}`;
  throw new DataError(
    'FILE_CHANGED',
    `${file.uri} changed while the dataset was in use: ${how}. A result would mix old and new rows; run again when nothing writes to it.`,
    { source: file.uri },
  );
}

/** Null if the file does not exist any more. */
function currentPin(file: Located): Pin | null {
  try {
    return pinOf(file);
  } catch (error) {
    if (error instanceof DataError && error.code === 'FILE_NOT_FOUND') return null;
    throw error;
  }
}
