import { BytesAbsent } from '../storage/file.js';
import type { Spool } from '../storage/spool.js';
import type { ByteRange, PinnedFile } from '../storage/storage.js';
import type { Cursor } from '../types.js';
import type { DataFile, DescribedFile, DescribeFile, Fetch, FileDescription, FileRead, Format } from './format.js';
import { StagedCursor } from './staged-cursor.js';

/** The first bytes of every file: signatures, headers, and what fingerprints look at. */
const HEAD = 64 * 1024;
const MOST = 4 * 2 ** 20;

/**
 * Lets a format that reads local files read remote ones: what it needs is fetched into a sparse local copy before, or when
 * it stumbles over bytes that are not there (it is then asked again from the start). Local files pass through untouched.
 */
export class StagedFormat implements Format {
  readonly name: string;
  readonly textual: boolean;
  readonly #inner: Format;
  readonly #spool: Spool;

  constructor(inner: Format, spool: Spool) {
    this.name = inner.name;
    this.textual = inner.textual;
    this.#inner = inner;
    this.#spool = spool;
  }

  describe(file: DataFile, options: DescribeFile = {}): FileDescription | Promise<FileDescription> {
    return isPinned(file) ? this.#describe(file, options) : this.#inner.describe(file, options);
  }

  async #describe(file: DataFile & PinnedFile, options: DescribeFile): Promise<FileDescription> {
    const { signal } = options;
    const mirror = this.#spool.mirror(file);
    const fetch: Fetch = async (ranges) => {
      await mirror.ensure(ranges, signal);
    };
    const local = { ...file, path: mirror.path };
    mirror.pins++;
    try {
      // Text is read from end to end to find its rows and types.
      await fetch([this.#inner.textual ? [0, file.bytes] : [0, HEAD]]);
      return await repeated(
        () => this.#inner.describe(local, { ...options, fetch }),
        (range) => fetch([range]),
      );
    } finally {
      mirror.pins--;
      this.#spool.relax();
    }
  }

  open(file: DescribedFile, start: number, end: number, reads: readonly FileRead[]): Cursor | Promise<Cursor> {
    if (!isPinned(file)) return this.#inner.open(file, start, end, reads);
    return new StagedCursor(this.#inner, this.#spool, file, start, end, reads);
  }

  async close(): Promise<void> {
    await this.#inner.close?.();
    await this.#spool.close();
  }
}

function isPinned<File extends DataFile>(file: File): file is File & PinnedFile {
  return file.remote !== undefined;
}

/** The local copy of a remote file with the ranges in it; a local file as it is. */
export async function withRanges(file: DataFile, ranges: readonly ByteRange[], spool: Spool, signal?: AbortSignal) {
  if (!isPinned(file)) return file;
  const mirror = spool.mirror(file);
  await mirror.ensure([[0, HEAD], ...ranges], signal);
  return { ...file, path: mirror.path };
}

/** Does `work` until it finds all the bytes it wants; what is fetched grows as it goes on. */
async function repeated<T>(work: () => T | Promise<T>, fetch: (range: ByteRange) => Promise<void>): Promise<T> {
  for (let ahead = HEAD; ; ahead = Math.min(MOST, ahead * 2)) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof BytesAbsent)) throw error;
      await fetch([error.position, error.position + Math.max(error.length, ahead)]);
    }
  }
}
