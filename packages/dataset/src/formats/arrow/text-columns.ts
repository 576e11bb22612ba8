import { isUtf8 } from 'node:buffer';
import type { DataError } from '../../errors.js';
import { decodeUtf8, TextIndex } from '../../text-index.js';
import type { Dictionary } from '../../types.js';
import { type BatchColumn, readNumbers, type Target, type Validity } from './batch-column.js';
import type { Region } from './body.js';
import { readOffsets } from './number-columns.js';

/** Names the row of text that is not UTF-8. */
export type EncodingError = (row: number) => DataError;

class NotUtf8 extends Error {}

/** Text bytes of a cursor's column as codes; keeps what it knows between batches. */
export class TextCodes {
  #dictionary: Dictionary | undefined;
  #index: TextIndex | undefined;

  /** @throws NotUtf8 */
  code(bytes: Uint8Array, start: number, end: number, dictionary: Dictionary): number {
    if (!this.#index || this.#dictionary !== dictionary) {
      this.#index = new TextIndex(dictionary, decodeStrictly);
      this.#dictionary = dictionary;
    }
    return this.#index.code(bytes, start, end);
  }
}

function decodeStrictly(bytes: Uint8Array, start: number, end: number): string {
  if (!isUtf8(bytes.subarray(start, end))) throw new NotUtf8();
  return decodeUtf8(bytes, start, end);
}

/** Writes the code of every present row; names the row if its text is no UTF-8. */
function codeEach(
  rows: number,
  { codes, present }: Target,
  missing: number,
  error: EncodingError,
  code: (index: number) => number,
): void {
  if (!codes) return;
  let index = 0;
  try {
    for (; index < rows; index++) if (missing === 0 || present[index] === 1) codes[index] = code(index);
  } catch (cause) {
    throw cause instanceof NotUtf8 ? error(index) : cause;
  }
}

/** Text with offsets. */
export class TextColumn implements BatchColumn {
  constructor(
    readonly validity: Validity,
    readonly offsets: Region,
    readonly offsetBytes: 4 | 8,
    readonly data: Region,
    readonly texts: TextCodes,
    readonly encodingError: EncodingError,
  ) {}

  read(row: number, rows: number, target: Target): number {
    const { dictionary } = target;
    const missing = this.validity.read(row, target.present);
    if (!dictionary) return missing;
    const offsets = readOffsets(this.offsets, this.offsetBytes, row, rows + 1);
    if (offsets[rows] > this.data.bytes) throw new RangeError('the offsets of a text column reach beyond its data');
    const [first] = offsets;
    const bytes = new Uint8Array(offsets[rows] - first);
    this.data.readInto(bytes, first);
    codeEach(
      rows,
      target,
      missing,
      (index) => this.encodingError(row + index),
      (index) => this.texts.code(bytes, offsets[index] - first, offsets[index + 1] - first, dictionary),
    );
    return missing;
  }
}

const viewBytes = 16;
const inlineBytes = 12;

/** Text as views: 16 bytes a row that hold a short text itself or say where in the data buffers it is. */
export class ViewColumn implements BatchColumn {
  constructor(
    readonly validity: Validity,
    readonly views: Region,
    readonly data: readonly Region[],
    readonly texts: TextCodes,
    readonly encodingError: EncodingError,
  ) {}

  read(row: number, rows: number, target: Target): number {
    const { dictionary } = target;
    const missing = this.validity.read(row, target.present);
    if (!dictionary) return missing;
    const views = Buffer.alloc(rows * viewBytes);
    this.views.readInto(views, row * viewBytes);
    codeEach(
      rows,
      target,
      missing,
      (index) => this.encodingError(row + index),
      (index) => {
        const at = index * viewBytes;
        const length = views.readUInt32LE(at);
        if (length <= inlineBytes) return this.texts.code(views, at + 4, at + 4 + length, dictionary);
        return this.texts.code(this.#far(views, at, length), 0, length, dictionary);
      },
    );
    return missing;
  }

  /** Text of a data buffer. */
  #far(views: Buffer, at: number, length: number): Uint8Array {
    const region = this.data[views.readInt32LE(at + 8)];
    if (!region) throw new RangeError('a text view names a data buffer that does not exist');
    if (length > region.bytes) throw new RangeError('a text view is longer than its data buffer');
    const bytes = new Uint8Array(length);
    region.readInto(bytes, views.readInt32LE(at + 12));
    return bytes;
  }
}

/** The values of a dictionary, as the column is read; missing ones are -1 or not present. */
export interface DictionaryValues {
  readonly numbers: Float64Array;
  readonly texts: readonly (string | null)[];
  readonly present: Uint8Array;
}

/** Indices into a dictionary. */
export class DictionaryColumn implements BatchColumn {
  #codes: Int32Array | undefined;
  #codesOf: unknown;

  constructor(
    readonly validity: Validity,
    readonly indices: Region,
    readonly indexType: Parameters<typeof readNumbers>[1],
    readonly values: DictionaryValues,
  ) {}

  read(row: number, rows: number, { numbers, codes, dictionary, present }: Target): number {
    const indices = new Float64Array(rows);
    readNumbers(this.indices, this.indexType, row, indices);
    const absent = this.validity.read(row, present);
    if (absent === 0) present.fill(1);
    let missing = 0;
    if (codes && this.#codesOf !== dictionary) this.#prepare(dictionary);
    for (let at = 0; at < rows; at++) {
      const index = indices[at];
      if (present[at] === 1) this.#check(index);
      if (present[at] === 0 || this.values.present[index] === 0) {
        present[at] = 0;
        missing += 1;
      } else if (numbers) numbers[at] = this.values.numbers[index];
      else if (codes && dictionary) codes[at] = this.#code(index, dictionary);
    }
    return missing;
  }

  #prepare(dictionary: Target['dictionary']): void {
    this.#codes = new Int32Array(this.values.present.length).fill(-1);
    this.#codesOf = dictionary;
  }

  /** Codes in order of first appearance in the rows, not in the dictionary. */
  #code(index: number, dictionary: NonNullable<Target['dictionary']>): number {
    const codes = this.#codes as Int32Array;
    if (codes[index] < 0) codes[index] = dictionary.code(this.values.texts[index] as string);
    return codes[index];
  }

  #check(index: number): void {
    if (index >= 0 && index < this.values.present.length) return;
    throw new RangeError(`a dictionary index is ${index}, the dictionary has ${this.values.present.length} values`);
  }
}
