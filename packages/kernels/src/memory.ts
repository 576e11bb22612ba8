import type { GrowableMemory } from './webassembly.js';

const PAGE = 65536;
const ALIGNMENT = 64;
const BIG = 65536;
/** Big buffers a whole multiple of 4 KiB apart share cache sets and read at half speed, so each is shifted against the last. */
const STAGGER = 4096 + 9 * ALIGNMENT;
const LIMIT = 2 ** 32 - PAGE;

/**
 * Bump allocator over one wasm memory. Allocate once per set of buffers, not per chunk. Growing detaches every view made before, so
 * take views after the last `allocate`.
 */
export class KernelMemory {
  #memory: GrowableMemory;
  #base: number;
  #top: number;

  constructor(memory: GrowableMemory, base: number) {
    this.#memory = memory;
    this.#base = base;
    this.#top = base;
  }

  /** Reserves `bytes` bytes and returns their address, a multiple of 64. The contents are whatever was there. */
  allocate(bytes: number): number {
    if (!Number.isSafeInteger(bytes) || bytes < 0) throw new RangeError(`Cannot allocate ${bytes} bytes.`);
    const gap = bytes >= BIG ? STAGGER : 0;
    const pointer = Math.ceil((this.#top + gap) / ALIGNMENT) * ALIGNMENT;
    this.#grow(pointer + bytes);
    this.#top = pointer + bytes;
    return pointer;
  }

  /** The present top, to give back with `reset` later. */
  mark(): number {
    return this.#top;
  }

  /** Frees everything allocated since `mark` (since the beginning without one). */
  reset(mark: number = this.#base): void {
    if (!(mark >= this.#base && mark <= this.#top)) {
      throw new RangeError(`Memory mark ${mark} is not between ${this.#base} and ${this.#top}.`);
    }
    this.#top = mark;
  }

  u8(pointer: number, length: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, pointer, length);
  }

  i32(pointer: number, length: number): Int32Array {
    return new Int32Array(this.#memory.buffer, pointer, length);
  }

  f32(pointer: number, length: number): Float32Array {
    return new Float32Array(this.#memory.buffer, pointer, length);
  }

  f64(pointer: number, length: number): Float64Array {
    return new Float64Array(this.#memory.buffer, pointer, length);
  }

  #grow(end: number): void {
    const missing = end - this.#memory.buffer.byteLength;
    if (missing <= 0) return;
    if (end > LIMIT) throw new RangeError(`A kernel instance holds less than 4 GiB; ${end} bytes were asked for.`);
    this.#memory.grow(Math.ceil(missing / PAGE));
  }
}
