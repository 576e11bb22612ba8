import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { ByteRangeSet, coalesce, cut } from './byte-ranges.js';
import { BytesAbsent, fileError, guardFile } from './file.js';
import type { ByteRange, PinnedFile, Storage } from './storage.js';

/** Ranges closer together than this are fetched as one: a request costs more. */
const GAP = 16 * 1024;
/** One request fetches at most this, and so many run at a time. */
const PIECE = 8 * 2 ** 20;
const PARALLEL = 4;

/** Makes room for bytes that are about to be fetched; throws if there is none. */
export type Reserve = (mirror: Mirror, bytes: number) => void;

/**
 * A sparse local file as long as the remote one, into which the ranges that are needed are fetched, each at its own place:
 * everything that reads local files can read it. A read of what was not fetched throws BytesAbsent (DuckDB does not ask: what it
 * reads is fetched and pinned before).
 */
export class Mirror {
  readonly file: PinnedFile;
  readonly path: string;
  /** Users that need what is here to stay. */
  pins = 0;
  readonly #storage: Storage;
  readonly #reserve: Reserve;
  readonly #present = new ByteRangeSet();
  readonly #descriptor: number;
  #queue: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  readonly #end = new AbortController();

  constructor(file: PinnedFile, path: string, storage: Storage, reserve: Reserve) {
    this.file = file;
    this.path = path;
    this.#storage = storage;
    this.#reserve = reserve;
    this.#descriptor = openSync(path, 'wx', 0o600);
    ftruncateSync(this.#descriptor, file.bytes);
    guardFile(path, (position, length) => {
      const [absent] = this.#present.missing([position, Math.min(position + length, file.bytes)]);
      if (absent) throw new BytesAbsent(file.uri, absent[0], position + length - absent[0]);
    });
  }

  /** Bytes kept on disk. */
  get bytes(): number {
    return this.#present.bytes;
  }

  /** Whether nothing needs what is here. */
  get idle(): boolean {
    return this.pins === 0 && this.#waiting === 0;
  }

  /** Fetches what is missing of the ranges. Returns the bytes that came over the network for it. */
  ensure(ranges: readonly ByteRange[], signal?: AbortSignal): Promise<number> {
    this.#waiting++;
    const work = this.#queue.then(() => this.#fetch(ranges, signal));
    this.#queue = work.catch(() => {});
    return work.finally(() => {
      this.#waiting--;
    });
  }

  async #fetch(ranges: readonly ByteRange[], signal: AbortSignal | undefined): Promise<number> {
    if (this.#end.signal.aborted) throw new Error(`${this.file.uri} is used after it was closed`);
    const { bytes } = this.file;
    const inside = ranges.map(([start, end]): ByteRange => [Math.max(0, start), Math.min(end, bytes)]);
    const absent = inside.flatMap((range) => this.#present.missing(range));
    if (absent.length === 0) return 0;
    const whole: ByteRange[] = [[0, bytes]];
    const wanted = this.file.remote.whole
      ? whole
      : cut(
          coalesce(absent, GAP).flatMap((range) => this.#present.missing(range)),
          PIECE,
        );
    const total = wanted.reduce((sum, [start, end]) => sum + end - start, 0);
    this.#reserve(this, total);
    await this.#fetchAll(wanted, signal ? AbortSignal.any([signal, this.#end.signal]) : this.#end.signal);
    return total;
  }

  async #fetchAll(wanted: readonly ByteRange[], signal: AbortSignal): Promise<void> {
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < wanted.length) {
        const range = wanted[next++];
        try {
          await this.#storage.read(this.file, range, (part, position) => this.#write(part, position), signal);
        } catch (error) {
          next = wanted.length;
          throw error;
        }
        this.#present.add(range);
      }
    };
    const lanes = await Promise.allSettled(Array.from({ length: Math.min(PARALLEL, wanted.length) }, lane));
    const failed = lanes.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  #write(part: Uint8Array, position: number): void {
    try {
      for (let done = 0; done < part.length; )
        done += writeSync(this.#descriptor, part, done, part.length - done, position + done);
    } catch (error) {
      throw fileError(error, this.path);
    }
  }

  /** Forgets everything; only while idle. */
  drop(): void {
    this.#present.clear();
    ftruncateSync(this.#descriptor, 0);
    ftruncateSync(this.#descriptor, this.file.bytes);
  }

  /** After the last fetch: removes the file. */
  async close(): Promise<void> {
    this.#end.abort();
    await this.#queue;
    guardFile(this.path, null);
    closeSync(this.#descriptor);
    rmSync(this.path, { force: true });
  }
}
