import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { DataError } from '../errors.js';

/** A local file opened for positional synchronous reads; throws DataError, never reads short. */
export interface LocalFile {
  /** Fills the view's bytes from `position`. */
  readInto(view: NodeJS.ArrayBufferView, position: number): void;
  /** The bytes [position, position + length). */
  read(position: number, length: number): Uint8Array;
  /** Bytes of the file now. */
  size(): number;
  readonly bytesRead: number;
  close(): void;
}

/** Says whether bytes of a file are there; throws BytesAbsent where they are not. */
type Guard = (position: number, length: number) => void;

/** Paths of files that are only partly there: copies of remote files. */
const guards = new Map<string, Guard>();

/** From now on reads of the file ask the guard first; null ends it. */
export function guardFile(path: string, guard: Guard | null): void {
  if (guard) guards.set(path, guard);
  else guards.delete(path);
}

/** Bytes of a remote file are wanted that were not fetched yet: whoever can wait fetches them and repeats what it did. */
export class BytesAbsent extends DataError {
  constructor(
    uri: string,
    readonly position: number,
    readonly length: number,
  ) {
    super('FILE_NOT_READABLE', `${uri}: ${length} bytes from byte ${position} on are not here yet.`, { source: uri });
  }
}

/** One read call takes at most this: the kernel's own limit is just under 2 GiB. */
const largestRead = 2 ** 30;

export function openLocalFile(file: { uri: string; path: string }): LocalFile {
  try {
    return new PreadFile(file.uri, openSync(file.path, 'r'), guards.get(file.path));
  } catch (error) {
    throw fileError(error, file.uri);
  }
}

class PreadFile implements LocalFile {
  bytesRead = 0;
  readonly #uri: string;
  readonly #guard: Guard | undefined;
  #descriptor: number;

  constructor(uri: string, descriptor: number, guard: Guard | undefined) {
    this.#uri = uri;
    this.#guard = guard;
    this.#descriptor = descriptor;
  }

  size(): number {
    return fstatSync(this.#descriptor).size;
  }

  read(position: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    this.readInto(bytes, position);
    return bytes;
  }

  readInto(view: NodeJS.ArrayBufferView, position: number): void {
    const length = view.byteLength;
    this.#guard?.(position, length);
    let done = 0;
    while (done < length) {
      const got = this.#readSome(view, done, Math.min(length - done, largestRead), position + done);
      if (got === 0) throw shortRead(this.#uri, position + done, length - done);
      done += got;
    }
    this.bytesRead += length;
  }

  #readSome(view: NodeJS.ArrayBufferView, offset: number, length: number, position: number): number {
    try {
      return readSync(this.#descriptor, view, offset, length, position);
    } catch (error) {
      throw fileError(error, this.#uri);
    }
  }

  close(): void {
    if (this.#descriptor < 0) return;
    closeSync(this.#descriptor);
    this.#descriptor = -1;
  }
}

function shortRead(uri: string, position: number, missing: number): DataError {
  return new DataError(
    'FILE_CHANGED',
    `${uri} ended at byte ${position} while ${missing} more bytes were expected: it became shorter after it was opened. Run again when nothing writes to it.`,
    { source: uri },
  );
}

/** The DataError for what the file system answered; what is no file system error is returned as it is. */
export function fileError(error: unknown, uri: string): unknown {
  if (error instanceof DataError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const where = { source: uri };
  switch (code) {
    case '':
      return error;
    case 'ENOENT':
    case 'ENOTDIR':
      return new DataError(
        'FILE_NOT_FOUND',
        `${uri} does not exist. Check the path; it is relative to the current folder.`,
        where,
      );
    case 'EACCES':
    case 'EPERM':
      return new DataError(
        'FILE_NOT_READABLE',
        `${uri} may not be read by this user (${code}). Change its permissions.`,
        where,
      );
    case 'EISDIR':
      return directoryError(uri);
    default:
      return new DataError('FILE_NOT_READABLE', `${uri} cannot be read: ${(error as Error).message}.`, where);
  }
}

export function directoryError(uri: string): DataError {
  const folder = uri.replace(/\/+$/, '');
  return new DataError(
    'FILE_NOT_READABLE',
    `${uri} is a directory, not a file. Name the files in it, for example "${folder}/*.parquet".`,
    { source: uri },
  );
}
