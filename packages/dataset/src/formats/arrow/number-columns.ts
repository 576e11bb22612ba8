import type { DataError } from '../../errors.js';
import type { NumberType } from '../../types.js';
import {
  type BatchColumn,
  eachPiece,
  type NumberCodes,
  readNumbers,
  type Target,
  unpackBits,
  type Validity,
} from './batch-column.js';
import type { Region } from './body.js';

/** One number a row. */
export class NumberColumn implements BatchColumn {
  constructor(
    readonly validity: Validity,
    readonly values: Region,
    readonly type: NumberType,
    readonly texts: NumberCodes,
  ) {}

  read(row: number, rows: number, { numbers, codes, dictionary, present }: Target): number {
    if (numbers) readNumbers(this.values, this.type, row, numbers);
    if (codes && dictionary) {
      eachPiece(this.values, this.type, row, rows, (raw, at, size) => {
        this.texts.write(raw, codes.subarray(at, at + size), dictionary);
      });
    }
    return this.validity.read(row, present);
  }
}

/** One bit a row. */
export class BoolColumn implements BatchColumn {
  constructor(
    readonly validity: Validity,
    readonly values: Region,
    readonly texts: NumberCodes,
  ) {}

  read(row: number, rows: number, { numbers, codes, dictionary, present }: Target): number {
    const first = row >> 3;
    const bits = new Uint8Array(((row + rows + 7) >> 3) - first);
    this.values.readInto(bits, first);
    const bytes = new Uint8Array(rows);
    unpackBits(bits, row & 7, bytes);
    numbers?.set(bytes);
    if (codes && dictionary) this.texts.write(bytes, codes, dictionary);
    return this.validity.read(row, present);
  }
}

/** Nothing but missing rows. */
export const nullColumn: BatchColumn = {
  read(_row, rows, { present }) {
    present.fill(0);
    return rows;
  },
};

/** The numbers inside lists. */
export interface ListItems {
  readonly validity: Validity;
  readonly values: Region;
  readonly type: NumberType;
  readonly width: number;
}

/** Lists of a fixed size: row r holds the items [r * width, (r + 1) * width). */
export class FixedListColumn implements BatchColumn {
  constructor(
    readonly validity: Validity,
    readonly items: ListItems,
  ) {}

  read(row: number, rows: number, { numbers, present }: Target): number {
    const { width, values, type } = this.items;
    if (numbers) readNumbers(values, type, row * width, numbers);
    const missing = this.validity.read(row, present);
    return missing + markIncomplete(this.items, row * width, rows, present, missing);
  }
}

/** Lists with offsets, all of which must have the same size. */
export class ListColumn implements BatchColumn {
  constructor(
    readonly validity: Validity,
    readonly offsets: Region,
    readonly offsetBytes: 4 | 8,
    readonly items: ListItems,
    /** Names the row and column of a ragged list. */
    readonly ragged: (row: number, length: number) => DataError,
  ) {}

  read(row: number, rows: number, target: Target): number {
    const { numbers, present } = target;
    const { width } = this.items;
    const offsets = readOffsets(this.offsets, this.offsetBytes, row, rows + 1);
    const missing = this.validity.read(row, present);
    let regular = true;
    for (let index = 0; index < rows; index++) {
      const length = offsets[index + 1] - offsets[index];
      if (length === width) continue;
      if (missing === 0 || present[index] === 1) throw this.ragged(row + index, length);
      regular = false;
    }
    if (!numbers) return missing;
    if (!regular) return this.#readEach(offsets, numbers, present, missing);
    readNumbers(this.items.values, this.items.type, offsets[0], numbers);
    return missing + markIncomplete(this.items, offsets[0], rows, present, missing);
  }

  /** Missing rows take no room here, so present rows are read run by run. */
  #readEach(offsets: Float64Array, numbers: Float32Array | Float64Array, present: Uint8Array, missing: number): number {
    const { width, values, type } = this.items;
    let all = missing;
    for (let from = 0; from < present.length; ) {
      let to = from;
      while (to < present.length && present[to] === 1) to++;
      if (to > from) {
        readNumbers(values, type, offsets[from], numbers.subarray(from * width, to * width));
        all += markIncomplete(this.items, offsets[from], to - from, present.subarray(from, to), 1);
      }
      from = to + 1;
    }
    return all;
  }
}

/**
 * Marks rows with a missing item as missing.
 * @param known rows already missing: 0 means that `present` was not written yet
 * @returns how many rows it marked
 */
function markIncomplete(items: ListItems, from: number, rows: number, present: Uint8Array, known: number): number {
  if (items.validity.complete) return 0;
  const each = new Uint8Array(rows * items.width);
  if (items.validity.read(from, each) === 0) return 0;
  if (known === 0) present.fill(1);
  let marked = 0;
  for (let row = 0; row < rows; row++) {
    if (present[row] === 0) continue;
    if (!each.subarray(row * items.width, (row + 1) * items.width).includes(0)) continue;
    present[row] = 0;
    marked += 1;
  }
  return marked;
}

/** Offsets [from, from + count), never decreasing. */
export function readOffsets(region: Region, offsetBytes: 4 | 8, from: number, count: number): Float64Array {
  const out = new Float64Array(count);
  readNumbers(region, offsetBytes === 4 ? 'i32' : 'i64', from, out);
  for (let index = 1; index < count; index++) {
    if (out[index] < out[index - 1]) throw new RangeError('the offsets of a column decrease');
  }
  return out;
}
