import { isAscii, isUtf8 } from 'node:buffer';
import type { DataError } from '../../errors.js';
import { type BatchColumn, readNumbers, type Target, type Validity } from './batch-column.js';
import type { Region } from './body.js';
import { readOffsets } from './number-columns.js';

/** Names the row of text that is not UTF-8. */
export type EncodingError = (row: number) => DataError;

/** Text with offsets. */
export class TextColumn implements BatchColumn {
  constructor(
    readonly validity: Validity,
    readonly offsets: Region,
    readonly offsetBytes: 4 | 8,
    readonly data: Region,
    readonly encodingError: EncodingError,
  ) {}

  read(row: number, rows: number, { codes, dictionary, present }: Target): number {
    const missing = this.validity.read(row, present);
    if (!codes || !dictionary) return missing;
    const offsets = readOffsets(this.offsets, this.offsetBytes, row, rows + 1);
    if (offsets[rows] > this.data.bytes) throw new RangeError('the offsets of a text column reach beyond its data');
    const bytes = Buffer.alloc(offsets[rows] - offsets[0]);
    this.data.readInto(bytes, offsets[0]);
    const plain = isAscii(bytes);
    for (let index = 0; index < rows; index++) {
      if (missing > 0 && present[index] === 0) continue;
      const from = offsets[index] - offsets[0];
      const to = offsets[index + 1] - offsets[0];
      if (!plain && !isUtf8(bytes.subarray(from, to))) throw this.encodingError(row + index);
      codes[index] = dictionary.code(bytes.toString(plain ? 'latin1' : 'utf8', from, to));
    }
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
    readonly encodingError: EncodingError,
  ) {}

  read(row: number, rows: number, { codes, dictionary, present }: Target): number {
    const missing = this.validity.read(row, present);
    if (!codes || !dictionary) return missing;
    const views = Buffer.alloc(rows * viewBytes);
    this.views.readInto(views, row * viewBytes);
    for (let index = 0; index < rows; index++) {
      if (missing > 0 && present[index] === 0) continue;
      const bytes = this.#bytes(views, index * viewBytes);
      if (!isUtf8(bytes)) throw this.encodingError(row + index);
      codes[index] = dictionary.code(bytes.toString('utf8'));
    }
    return missing;
  }

  #bytes(views: Buffer, at: number): Buffer {
    const length = views.readUInt32LE(at);
    if (length <= inlineBytes) return views.subarray(at + 4, at + 4 + length);
    const region = this.data[views.readInt32LE(at + 8)];
    if (!region) throw new RangeError('a text view names a data buffer that does not exist');
    if (length > region.bytes) throw new RangeError('a text view is longer than its data buffer');
    const bytes = Buffer.alloc(length);
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
