import { convertNumbers, createTextCoder, type RawNumbers, rawView, sizeOf, type TextCoder } from '../../numbers.js';
import type { ColumnType, Dictionary, NumberType } from '../../types.js';
import type { Region } from './body.js';

/** Where some rows of a column go. Exactly one of `numbers` and `codes` is given. */
export interface Target {
  numbers?: Float32Array | Float64Array;
  codes?: Int32Array;
  dictionary?: Dictionary;
  /** One a row; set only when the read returns more than 0. */
  present: Uint8Array;
}

/** A column of one record batch. */
export interface BatchColumn {
  /**
   * Reads the values of rows [row, row + rows) of the batch; what it writes in missing rows does not matter.
   * @returns how many of them are missing
   */
  read(row: number, rows: number, target: Target): number;
}

const scratchBytes = 256 * 1024;
let scratch: Uint8Array<ArrayBuffer> | undefined;

/** Passes `count` elements from `from` on to `use` in pieces, in machine form. */
export function eachPiece(
  region: Region,
  type: NumberType,
  from: number,
  count: number,
  use: (raw: RawNumbers, at: number, size: number) => void,
): void {
  scratch ??= new Uint8Array(scratchBytes);
  const size = sizeOf(type);
  const most = scratchBytes / size;
  for (let done = 0; done < count; done += most) {
    const part = Math.min(most, count - done);
    region.readInto(scratch.subarray(0, part * size), (from + done) * size);
    use(rawView(type, scratch.buffer, 0, part), done, part);
  }
}

/** Elements of a region as numbers; straight into `out` if they are stored as it wants them. */
export function readNumbers(region: Region, type: NumberType, from: number, out: Float32Array | Float64Array): void {
  if ((type === 'f32' && out instanceof Float32Array) || (type === 'f64' && out instanceof Float64Array)) {
    region.readInto(out, from * sizeOf(type));
    return;
  }
  eachPiece(region, type, from, out.length, (raw, at, size) => convertNumbers(raw, type, out.subarray(at, at + size)));
}

/** Which values are there: a bitmap, or null where none is missing. */
export class Validity {
  readonly #region: Region | null;

  constructor(nulls: number, region: Region) {
    this.#region = nulls > 0 && region.bytes > 0 ? region : null;
  }

  get complete(): boolean {
    return this.#region === null;
  }

  /** Writes 1 or 0 an element from `from` on into all of `present`; returns the number of zeros (0: nothing is written). */
  read(from: number, present: Uint8Array): number {
    if (!this.#region || present.length === 0) return 0;
    const first = from >> 3;
    const bits = new Uint8Array(((from + present.length + 7) >> 3) - first);
    this.#region.readInto(bits, first);
    return unpackBits(bits, from & 7, present);
  }
}

/** Spreads bits (lowest first) over bytes; returns the number of zeros. */
export function unpackBits(bits: Uint8Array, skip: number, out: Uint8Array): number {
  let zeros = 0;
  for (let index = 0, bit = skip; index < out.length; index++, bit++) {
    const one = (bits[bit >> 3] >> (bit & 7)) & 1;
    out[index] = one;
    zeros += 1 - one;
  }
  return zeros;
}

/** Numbers of a cursor's column as text codes; keeps what it knows between batches. */
export class NumberCodes {
  readonly #type: NumberType;
  readonly #textType: ColumnType;
  #dictionary: Dictionary | undefined;
  #coder: TextCoder | undefined;

  constructor(type: NumberType, textType: ColumnType) {
    this.#type = type;
    this.#textType = textType;
  }

  write(raw: RawNumbers, codes: Int32Array, dictionary: Dictionary): void {
    if (!this.#coder || this.#dictionary !== dictionary) {
      this.#coder = createTextCoder(this.#type, this.#textType, dictionary);
      this.#dictionary = dictionary;
    }
    this.#coder(raw, codes);
  }
}
