import type { DuckDBVector } from '@duckdb/node-api';
import { DataError } from '../errors.js';
import { convertNumbers, createTextCoder, type TextCoder } from '../numbers.js';
import { TextIndex } from '../text-index.js';
import type { NumberBuffer, NumberType, TextBuffer } from '../types.js';
import type { DescribedFile, FileRead } from './format.js';
import type { Copier, Span } from './parquet-copier.js';
import type { LongTexts } from './parquet-levels.js';
import type { ParquetType } from './parquet-types.js';
import { isPresent, listEntries, presentBits, rawNumbers, stringRecords } from './parquet-vector.js';
import { markMissing } from './text/cursor.js';
import { rowText } from './text/window.js';

/** @param long is told about long texts while it is watched */
export function copierOf(file: DescribedFile, read: FileRead, { number, list }: ParquetType, long?: LongTexts): Copier {
  if (read.as !== 'text') {
    if (number === null) throw new Error('a text column read as numbers');
    if (list) return listCopier(file, read, number);
    return (vector, span, buffer) => copyNumbers(vector, number, span, buffer as NumberBuffer);
  }
  if (number !== null) return numberTextCopier(read, number);
  let index: TextIndex | null = null;
  return (vector, span, buffer) => {
    const { codes, dictionary } = buffer as TextBuffer;
    index ??= new TextIndex(dictionary);
    copyTexts(vector, span, codes, dictionary, index, long);
  };
}

function copyNumbers(vector: DuckDBVector, type: NumberType, span: Span, buffer: NumberBuffer): void {
  const { from, count, to, rows } = span;
  const out = buffer.values.subarray(to, to + count);
  convertNumbers(rawNumbers(vector, type, from, count), type, out);
  const bits = presentBits(vector);
  if (bits === null) return;
  for (let i = 0; i < count; i++) if (!isPresent(bits, from + i)) markMissing(buffer, to + i, 1, rows);
}

function numberTextCopier(read: FileRead, type: NumberType): Copier {
  let coder: TextCoder | null = null;
  return (vector, { from, count, to }, buffer) => {
    const { codes, dictionary } = buffer as TextBuffer;
    coder ??= createTextCoder(type, read.type, dictionary);
    const bits = presentBits(vector);
    if (bits === null) {
      coder(rawNumbers(vector, type, from, count), codes.subarray(to, to + count));
      return;
    }
    // A missing place holds any bytes; its text must not get into the dictionary.
    for (let i = 0; i < count; i++) {
      if (!isPresent(bits, from + i)) codes[to + i] = -1;
      else coder(rawNumbers(vector, type, from + i, 1), codes.subarray(to + i, to + i + 1));
    }
  };
}

/** Short strings are looked up by their bytes in place; equal pointers within one vector are equal strings. */
function copyTexts(
  vector: DuckDBVector,
  { from, count, to }: Span,
  codes: Int32Array,
  dictionary: TextBuffer['dictionary'],
  index: TextIndex,
  long: LongTexts | undefined,
): void {
  const { words, bytes } = stringRecords(vector);
  const bits = presentBits(vector);
  const seen = new Map<number, { length: number; code: number }>();
  for (let i = 0; i < count; i++) {
    const at = from + i;
    const length = words[4 * at];
    if (bits !== null && !isPresent(bits, at)) codes[to + i] = -1;
    else if (length <= 12) codes[to + i] = index.code(bytes, 16 * at + 4, 16 * at + 4 + length);
    else {
      const pointer = words[4 * at + 2] + words[4 * at + 3] * 2 ** 32;
      let known = seen.get(pointer);
      if (known?.length !== length) {
        known = { length, code: dictionary.code(vector.getItem(at) as string) };
        seen.set(pointer, known);
        if (long?.watched) noteLong(long, known.code);
      }
      codes[to + i] = known.code;
    }
  }
}

function noteLong(long: LongTexts, code: number): void {
  long.fetched++;
  long.codes.add(code);
}

function listCopier(file: DescribedFile, read: FileRead, type: NumberType): Copier {
  const width = read.width ?? 1;
  return (vector, { from, count, to, rows, row }, column) => {
    const buffer = column as NumberBuffer;
    const { entries, elements } = listEntries(vector);
    const bits = presentBits(vector);
    const elementBits = presentBits(elements);
    let i = 0;
    while (i < count) {
      if (bits !== null && !isPresent(bits, from + i)) {
        markMissing(buffer, to + i, width, rows);
        i++;
        continue;
      }
      // Rows whose elements follow one another are copied at once.
      const first = entries[4 * (from + i)];
      const begin = i;
      for (; i < count && entries[4 * (from + i)] === first + (i - begin) * width; i++) {
        if (bits !== null && !isPresent(bits, from + i)) break;
        const length = entries[4 * (from + i) + 2];
        if (length !== width) throw ragged(file, read, row + i, length, width);
      }
      const out = buffer.values.subarray((to + begin) * width, (to + i) * width);
      convertNumbers(rawNumbers(elements, type, first, out.length), type, out);
      if (elementBits !== null) markElements(buffer, elementBits, { first, width, from: to + begin, to: to + i, rows });
    }
  };
}

/** A row with a missing element is missing. */
function markElements(
  buffer: NumberBuffer,
  bits: Uint32Array,
  { first, width, from, to, rows }: { first: number; width: number; from: number; to: number; rows: number },
): void {
  let element = first;
  for (let place = from; place < to; place++) {
    let whole = true;
    for (const end = element + width; element < end; element++) if (!isPresent(bits, element)) whole = false;
    if (!whole) markMissing(buffer, place, width, rows);
  }
}

function ragged(file: DescribedFile, read: FileRead, row: number, length: number, width: number): DataError {
  return new DataError(
    'VALUE_INVALID',
    `${file.uri}, row ${rowText(row)}, column ${read.column}: the list has ${length} value${length === 1 ? '' : 's'}, but the column's lists have ${width}. Every row of a list column must be equally long.`,
    { source: file.uri, row, column: read.column },
  );
}
