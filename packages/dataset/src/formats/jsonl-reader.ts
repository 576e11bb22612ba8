import { DataError } from '../errors.js';
import { numberText } from '../number-text.js';
import { type Decode, decodeUtf8, TextIndex } from '../text-index.js';
import type { Buffer as ColumnBuffer, ColumnType, NumberBuffer, TextBuffer } from '../types.js';
import { columnIndex } from './column-index.js';
import type { DescribedFile, FileRead } from './format.js';
import { isBlank, JsonFault, JsonScanner, lineEnd, VALUE } from './jsonl-scanner.js';
import { markMissing, type RowReader } from './text/cursor.js';
import { parseDecimal } from './text/decimal.js';
import { integerOf } from './text/kinds.js';
import { rowText, valueText } from './text/window.js';

interface Part {
  column: number;
  read: FileRead;
  /** Codes of strings by their bytes, and of other values by theirs: 1.0 and "1.0" are different texts. */
  strings: TextIndex | null;
  others: TextIndex | null;
}

/** Copies the wanted values of each object into the caller's buffers. */
export class JsonlRowReader implements RowReader {
  readonly #file: DescribedFile;
  readonly #scanner: JsonScanner;
  readonly #parts: Part[];
  #buffers: readonly ColumnBuffer[] = [];
  #rows = 0;

  constructor(file: DescribedFile, reads: readonly FileRead[]) {
    this.#file = file;
    this.#scanner = new JsonScanner(file.columns.map(({ name }) => name));
    this.#parts = reads.map((read) => {
      const column = columnIndex(file.columns, read.column);
      return { column, read, strings: null, others: null };
    });
  }

  scan(bytes: Uint8Array, at: number, end: number, last: boolean, row: number): number {
    const stop = lineEnd(bytes, at, end, last);
    if (stop < 0) return -1;
    try {
      if (isBlank(bytes, at, stop)) throw new JsonFault(at, 'an object is expected');
      this.#scanner.scan(bytes, at, stop);
    } catch (error) {
      if (!(error instanceof JsonFault)) throw error;
      const what = `is not JSON (${error.what}), though it was when the file was described. Run again when nothing writes to it.`;
      throw this.#error('FILE_CHANGED', row, undefined, what);
    }
    return Math.min(stop + 1, end);
  }

  begin(buffers: readonly ColumnBuffer[], rows: number): void {
    this.#buffers = buffers;
    this.#rows = rows;
    for (let at = 0; at < buffers.length; at++) {
      const buffer = buffers[at];
      const part = this.#parts[at];
      if (buffer.as !== 'text') buffer.missing = 0;
      else {
        part.strings ??= new TextIndex(buffer.dictionary, decodeUtf8);
        part.others ??= new TextIndex(buffer.dictionary, decoderOf(part.read.type));
      }
    }
  }

  store(bytes: Uint8Array, index: number, row: number): void {
    for (let at = 0; at < this.#parts.length; at++) {
      const part = this.#parts[at];
      const buffer = this.#buffers[at];
      if (buffer.as === 'text') buffer.codes[index] = this.#code(part, buffer, bytes, row);
      else if (part.read.width !== null) this.#storeList(part, buffer, bytes, index, row);
      else this.#storeNumber(part, buffer, bytes, index, row);
    }
  }

  #storeNumber(part: Part, buffer: NumberBuffer, bytes: Uint8Array, index: number, row: number): void {
    const { column } = part;
    const kind = this.#scanner.kinds[column];
    if (kind === 0) {
      markMissing(buffer, index, 1, this.#rows);
      return;
    }
    const start = this.#scanner.starts[column];
    if (kind === VALUE.bool) buffer.values[index] = bytes[start] === 116 ? 1 : 0;
    else if (kind & (VALUE.text | VALUE.list | VALUE.nested)) throw this.#wrongKind(part, bytes, row, 'a number');
    else buffer.values[index] = parseDecimal(bytes, start, this.#scanner.ends[column]);
  }

  #storeList(part: Part, buffer: NumberBuffer, bytes: Uint8Array, index: number, row: number): void {
    const { column, read } = part;
    const scanner = this.#scanner;
    const width = read.width as number;
    const kind = scanner.kinds[column];
    if (kind === 0) {
      markMissing(buffer, index, width, this.#rows);
      return;
    }
    if (kind !== VALUE.list) throw this.#wrongKind(part, bytes, row, `a list of ${width} numbers`);
    const length = scanner.lengths[column];
    if (length !== width) {
      const what = `the list has ${length} value${length === 1 ? '' : 's'}, but the column's lists have ${width}. Every row of a list column must be equally long.`;
      throw this.#error('VALUE_INVALID', row, read.column, what);
    }
    if (!parseList(bytes, scanner.starts[column], buffer.values, index * width, width)) {
      markMissing(buffer, index, width, this.#rows);
    }
  }

  #code(part: Part, buffer: TextBuffer, bytes: Uint8Array, row: number): number {
    const { column } = part;
    const scanner = this.#scanner;
    const kind = scanner.kinds[column];
    if (kind === 0) return -1;
    if (kind & (VALUE.list | VALUE.nested)) throw this.#wrongKind(part, bytes, row, 'text or a number');
    if (scanner.escaped[column] && kind === VALUE.text) return buffer.dictionary.code(scanner.textOf(column));
    const index = kind & (VALUE.text | VALUE.numberText) ? part.strings : part.others;
    return (index as TextIndex).code(bytes, scanner.starts[column], scanner.ends[column]);
  }

  #wrongKind(part: Part, bytes: Uint8Array, row: number, wanted: string): DataError {
    const start = this.#scanner.starts[part.column];
    const end = Math.min(this.#scanner.ends[part.column], start + 200);
    const found = valueText(Buffer.from(bytes.subarray(start, end)).toString());
    return this.#error(
      'VALUE_INVALID',
      row,
      part.read.column,
      `${found} is not ${wanted}. Write one kind of value in every row.`,
    );
  }

  #error(code: 'VALUE_INVALID' | 'FILE_CHANGED', row: number, column: string | undefined, what: string): DataError {
    const { uri } = this.#file;
    const place = column === undefined ? '' : `, column ${column}:`;
    return new DataError(code, `${uri}, row ${rowText(row)}${place} ${what}`, { source: uri, row, column });
  }
}

/** The numbers of a list that was scanned before, from its bracket on; false when one is null. */
function parseList(
  bytes: Uint8Array,
  start: number,
  values: Float32Array | Float64Array,
  to: number,
  width: number,
): boolean {
  let at = start + 1;
  for (let i = 0; i < width; i++) {
    while (bytes[at] <= 32 || bytes[at] === 44 || bytes[at] === 34) at++;
    const from = at;
    while (bytes[at] > 32 && bytes[at] !== 44 && bytes[at] !== 93 && bytes[at] !== 34) at++;
    const first = bytes[from];
    if (first === 110) return false;
    if (first === 116 || first === 102) values[to + i] = first === 116 ? 1 : 0;
    else values[to + i] = parseDecimal(bytes, from, at);
    if (bytes[at] === 34) at++;
  }
  return true;
}

/** Text of a value that is not a string, as one of the column's type: see numberText. */
function decoderOf(type: ColumnType): Decode {
  return (bytes, start, end) => {
    const first = bytes[start];
    if (first === 116 || first === 102) return first === 116 ? 'true' : 'false';
    const whole = type === 'i64' || type === 'string';
    if (whole && isWhole(bytes, start, end)) return String(integerOf(bytes, start, end));
    return numberText(parseDecimal(bytes, start, end), 'f64');
  };
}

function isWhole(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = bytes[start] === 45 ? start + 1 : start; at < end; at++) {
    if (bytes[at] < 48 || bytes[at] > 57) return false;
  }
  return true;
}
