import { pipeline, Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { DataError } from '../errors.js';
import type { LocalFile } from '../storage/file.js';
import type { ArrayBytes } from './array-reader.js';
import type { ZipMember } from './zip.js';

const inputBytes = 64 * 1024;

/**
 * The content of a deflated zip member, read forward only with bounded memory: what lies before a wanted position is inflated
 * and dropped. Its checksum is verified when it was read to its end.
 */
export class InflatedMember implements ArrayBytes {
  readonly #uri: string;
  readonly #member: ZipMember;
  readonly #chunks: AsyncIterator<Uint8Array>;
  /** True once an error was thrown: there is no going on. */
  failed = false;
  #position = 0;
  #crc = 0;
  #chunk: Uint8Array = new Uint8Array(0);

  constructor(file: LocalFile, uri: string, member: ZipMember) {
    this.#uri = uri;
    this.#member = member;
    const inflate = createInflateRaw({ chunkSize: inputBytes });
    // The iterator below reports what went wrong; pipeline only needs some callback.
    pipeline(Readable.from(compressedChunks(file, member)), inflate, () => {});
    this.#chunks = inflate[Symbol.asyncIterator]();
  }

  /** Where the next byte comes from: earlier ones are gone. */
  get position(): number {
    return this.#position;
  }

  async readInto(view: NodeJS.ArrayBufferView, position: number): Promise<void> {
    for (let left = position - this.#position; left > 0; ) left -= (await this.#take(left)).length;
    const out = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    for (let done = 0; done < out.length; ) {
      const bytes = await this.#take(out.length - done);
      out.set(bytes, done);
      done += bytes.length;
    }
    if (this.#position === this.#member.bytes) await this.#finish();
  }

  /** Between 1 and `most` inflated bytes. */
  async #take(most: number): Promise<Uint8Array> {
    if (this.#chunk.length === 0) this.#chunk = await this.#next();
    const bytes = this.#chunk.subarray(0, most);
    this.#chunk = this.#chunk.subarray(bytes.length);
    this.#position += bytes.length;
    this.#crc = crc32(bytes, this.#crc);
    return bytes;
  }

  async #next(): Promise<Uint8Array> {
    const { done, value } = await this.#pull();
    if (done) throw this.#corrupt(`it inflates to ${this.#position} bytes instead of ${this.#member.bytes}`);
    return value;
  }

  async #pull(): Promise<IteratorResult<Uint8Array>> {
    try {
      return await this.#chunks.next();
    } catch (error) {
      this.failed = true;
      if (error instanceof DataError) throw error;
      throw this.#corrupt(`it does not inflate (${error instanceof Error ? error.message : String(error)})`);
    }
  }

  async #finish(): Promise<void> {
    if (this.#chunk.length > 0 || !(await this.#pull()).done) {
      throw this.#corrupt(`it inflates to more than ${this.#member.bytes} bytes`);
    }
    if (this.#crc !== this.#member.crc) throw this.#corrupt('its checksum (CRC-32) is wrong: the content is damaged');
  }

  #corrupt(what: string): DataError {
    this.failed = true;
    return new DataError('FILE_CORRUPT', `${this.#uri}: member ${this.#member.name} cannot be read: ${what}.`, {
      source: this.#uri,
    });
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}

function* compressedChunks(file: LocalFile, { offset, compressedBytes }: ZipMember): Generator<Uint8Array> {
  for (let done = 0; done < compressedBytes; done += inputBytes) {
    yield file.read(offset + done, Math.min(inputBytes, compressedBytes - done));
  }
}
