import { mergeMissing, sliceBuffer } from '../buffer-slice.js';
import { BytesAbsent } from '../storage/file.js';
import type { Mirror } from '../storage/mirror.js';
import type { Spool } from '../storage/spool.js';
import type { ByteRange, PinnedFile } from '../storage/storage.js';
import type { Buffer as ColumnBuffer, Cursor } from '../types.js';
import type { DescribedFile, FileRead, Format, Segment } from './format.js';

/** Fetched where bytes are found absent: little at first, more while the reading goes on straight. */
const LEAST = 64 * 1024;
const MOST = 4 * 2 ** 20;

/**
 * Rows of a remote file: fetches a segment, reads it by a cursor of the format, and fetches the next one meanwhile. A fill that
 * finds bytes absent fetches them and is done again by a new cursor.
 */
export class StagedCursor implements Cursor {
  /** Bytes that came over the network. */
  bytesRead = 0;
  readonly #format: Format;
  readonly #spool: Spool;
  readonly #mirror: Mirror;
  readonly #file: DescribedFile;
  readonly #end: number;
  readonly #reads: readonly FileRead[];
  #segments: Segment[] | null = null;
  /** The segment whose bytes are here. */
  #current: Segment | null = null;
  #inner: Cursor | null = null;
  #row: number;
  #lastAbsent: { end: number; ahead: number } = { end: -1, ahead: LEAST };

  constructor(
    format: Format,
    spool: Spool,
    file: DescribedFile & PinnedFile,
    start: number,
    end: number,
    reads: readonly FileRead[],
  ) {
    this.#format = format;
    this.#spool = spool;
    this.#mirror = spool.mirror(file);
    this.#file = { ...file, path: this.#mirror.path };
    this.#row = start;
    this.#end = end;
    this.#reads = reads;
  }

  async fill(rows: number, buffers: readonly ColumnBuffer[]): Promise<void> {
    for (const buffer of buffers) if (buffer.as !== 'text') buffer.missing = 0;
    for (let done = 0; done < rows; ) {
      const segment = await this.#segment();
      const part = Math.min(rows - done, segment.end - this.#row);
      const slices = buffers.map((buffer, at) => sliceBuffer(buffer, done, part, this.#reads[at].width ?? 1));
      await this.#fillPart(segment, part, slices);
      for (const [at, buffer] of buffers.entries()) mergeMissing(buffer, slices[at], done, part);
      this.#row += part;
      done += part;
      if (this.#row === segment.end) await this.close();
    }
  }

  /** The segment of the next row, fetched. */
  async #segment(): Promise<Segment> {
    if (this.#current) return this.#current;
    this.#spool.relax();
    this.#segments ??= await this.#plan();
    while (this.#segments[0].end <= this.#row) this.#segments.shift();
    const [segment, next] = this.#segments;
    this.#mirror.pins++;
    try {
      await this.#fetch(segment.ranges);
    } catch (error) {
      this.#mirror.pins--;
      throw error;
    }
    this.#current = segment;
    // What goes wrong here goes wrong again when the segment is due.
    if (next) this.#fetch(next.ranges).catch(() => {});
    return segment;
  }

  async #plan(): Promise<Segment[]> {
    const fetch = (ranges: readonly ByteRange[]) => this.#fetch(ranges);
    const planned = await this.#format.segments?.(this.#file, this.#row, this.#end, this.#reads, fetch);
    return planned ?? [{ end: this.#end, ranges: [] }];
  }

  async #fetch(ranges: readonly ByteRange[]): Promise<void> {
    const fetched = await this.#mirror.ensure(ranges);
    this.bytesRead += fetched;
  }

  async #fillPart(segment: Segment, rows: number, buffers: readonly ColumnBuffer[]): Promise<void> {
    for (;;) {
      try {
        this.#inner ??= await this.#format.open(this.#file, this.#row, segment.end, this.#reads);
        return await this.#inner.fill(rows, buffers);
      } catch (error) {
        if (!(error instanceof BytesAbsent)) throw error;
        await this.#closeInner();
        await this.#fetchAbsent(error);
      }
    }
  }

  async #fetchAbsent({ position, length }: BytesAbsent): Promise<void> {
    const { end, ahead } = this.#lastAbsent;
    const next = position === end ? Math.min(MOST, ahead * 2) : LEAST;
    const to = position + Math.max(length, next);
    this.#lastAbsent = { end: to, ahead: next };
    await this.#fetch([[position, to]]);
  }

  async #closeInner(): Promise<void> {
    const inner = this.#inner;
    this.#inner = null;
    await inner?.close();
  }

  async close(): Promise<void> {
    await this.#closeInner();
    if (this.#current) this.#mirror.pins--;
    this.#current = null;
  }
}
