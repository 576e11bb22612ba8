import type { Dictionary } from './types.js';

/** Longest text worth remembering by its bytes; longer ones are decoded every time. */
const LONGEST = 256;
/** Bytes of remembered text at which everything is forgotten: keeps a column of unique ids from filling the memory twice. */
const CAPACITY = 8 * 2 ** 20;

/** Turns the bytes of a value into its text. */
export type Decode = (bytes: Uint8Array, start: number, end: number) => string;

export const decodeUtf8: Decode = (bytes, start, end) =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');

/**
 * Codes of a dictionary found by the raw bytes of a value, so that a value seen before costs a hash and a comparison
 * instead of a string. One per cursor and column; the dictionary behind it may be shared.
 */
export class TextIndex {
  readonly #dictionary: Dictionary;
  readonly #decode: Decode;
  /** Open addressing: entry number + 1, 0 = free. Never more than half full. */
  #slots = new Int32Array(64);
  #entries = 0;
  #codes = new Int32Array(32);
  /** Entry i holds the bytes [starts[i], starts[i + 1]) of the store. */
  #starts = new Int32Array(33);
  #store = new Uint8Array(1024);

  constructor(dictionary: Dictionary, decode: Decode = decodeUtf8) {
    this.#dictionary = dictionary;
    this.#decode = decode;
  }

  /** The code of the value whose raw form is bytes [start, end). Equal raw bytes must mean equal text. */
  code(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    if (length > LONGEST) return this.#dictionary.code(this.#decode(bytes, start, end));
    let hash = length;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at], 0x01000193);
    hash ^= hash >>> 15;
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const entry = slots[slot] - 1;
      if (entry < 0) return this.#add(bytes, start, end, slot);
      if (this.#equals(entry, bytes, start, length)) return this.#codes[entry];
      slot = (slot + 1) & mask;
    }
  }

  #equals(entry: number, bytes: Uint8Array, start: number, length: number): boolean {
    const from = this.#starts[entry];
    if (this.#starts[entry + 1] - from !== length) return false;
    const store = this.#store;
    for (let i = 0; i < length; i++) if (store[from + i] !== bytes[start + i]) return false;
    return true;
  }

  #add(bytes: Uint8Array, start: number, end: number, slot: number): number {
    const code = this.#dictionary.code(this.#decode(bytes, start, end));
    const from = this.#starts[this.#entries];
    const to = from + end - start;
    if (to > CAPACITY) {
      this.#forget();
      return code;
    }
    if (to > this.#store.length) this.#store = grown(this.#store, new Uint8Array(Math.max(to, this.#store.length * 2)));
    this.#store.set(bytes.subarray(start, end), from);
    this.#codes[this.#entries] = code;
    this.#entries++;
    this.#starts[this.#entries] = to;
    this.#slots[slot] = this.#entries;
    if (this.#entries === this.#codes.length) this.#widen();
    return code;
  }

  /** Doubles the table and puts every entry where its hash says. */
  #widen(): void {
    this.#codes = grown(this.#codes, new Int32Array(this.#codes.length * 2));
    this.#starts = grown(this.#starts, new Int32Array(this.#codes.length + 1));
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let entry = 0; entry < this.#entries; entry++) {
      const end = this.#starts[entry + 1];
      let hash = end - this.#starts[entry];
      for (let at = this.#starts[entry]; at < end; at++) hash = Math.imul(hash ^ this.#store[at], 0x01000193);
      hash ^= hash >>> 15;
      let slot = hash & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = entry + 1;
    }
    this.#slots = slots;
  }

  #forget(): void {
    this.#slots = new Int32Array(64);
    this.#codes = new Int32Array(32);
    this.#starts = new Int32Array(33);
    this.#store = new Uint8Array(1024);
    this.#entries = 0;
  }
}

function grown<T extends Uint8Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
