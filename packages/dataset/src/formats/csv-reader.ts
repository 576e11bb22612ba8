import { DataError } from '../errors.js';
import { numberText } from '../number-text.js';
import { type Decode, decodeUtf8, TextIndex } from '../text-index.js';
import type { Buffer as ColumnBuffer, ColumnType, NumberBuffer, TextBuffer } from '../types.js';
import { columnIndex } from './column-index.js';
import { raggedRow } from './csv-index.js';
import { CsvScanner, MALFORMED } from './csv-scanner.js';
import type { DescribedFile, FileRead } from './format.js';
import { markMissing, type RowReader } from './text/cursor.js';
import { isNotANumber, parseDecimal } from './text/decimal.js';
import { integerOf, parseBool } from './text/kinds.js';
import { rowText, valueText } from './text/window.js';

interface Part {
  /** Column of the file. */
  field: number;
  read: FileRead;
  bool: boolean;
  decode: Decode;
  index: TextIndex | null;
}

/** Copies the wanted fields of each record into the caller's buffers. */
export class CsvRowReader implements RowReader {
  readonly #file: DescribedFile;
  readonly #scanner: CsvScanner;
  readonly #columns: number;
  readonly #parts: Part[];
  #buffers: readonly ColumnBuffer[] = [];
  #rows = 0;

  constructor(file: DescribedFile, separator: number, reads: readonly FileRead[]) {
    this.#file = file;
    this.#scanner = new CsvScanner(separator);
    this.#columns = file.columns.length;
    this.#parts = reads.map((read) => {
      const field = columnIndex(file.columns, read.column);
      const bool = file.columns[field].type === 'bool';
      return { field, read, bool, decode: decoderOf(read.type), index: null };
    });
  }

  scan(bytes: Uint8Array, at: number, end: number, last: boolean, row: number): number {
    const next = this.#scanner.scan(bytes, at, end, last);
    if (next === -1) return -1;
    if (next === MALFORMED || this.#scanner.fields !== this.#columns) {
      throw raggedRow(this.#file.uri, row, this.#columns, this.#scanner.fields);
    }
    return next;
  }

  begin(buffers: readonly ColumnBuffer[], rows: number): void {
    this.#buffers = buffers;
    this.#rows = rows;
    for (let at = 0; at < buffers.length; at++) {
      const buffer = buffers[at];
      if (buffer.as !== 'text') buffer.missing = 0;
      else this.#parts[at].index ??= new TextIndex(buffer.dictionary, this.#parts[at].decode);
    }
  }

  store(bytes: Uint8Array, index: number, row: number): void {
    const parts = this.#parts;
    const { starts, ends } = this.#scanner;
    for (let at = 0; at < parts.length; at++) {
      const part = parts[at];
      let start = starts[part.field];
      let end = ends[part.field];
      while (start < end && bytes[start] === 32) start++;
      while (end > start && bytes[end - 1] === 32) end--;
      const buffer = this.#buffers[at];
      if (buffer.as === 'text') this.#storeText(part, buffer, bytes, start, end, index);
      else if (start === end) markMissing(buffer, index, 1, this.#rows);
      else this.#storeNumber(part, buffer, bytes, start, end, index, row);
    }
  }

  #storeNumber(
    part: Part,
    buffer: NumberBuffer,
    bytes: Uint8Array,
    start: number,
    end: number,
    index: number,
    row: number,
  ) {
    if (part.bool) {
      buffer.values[index] = parseBool(bytes, start, end);
      return;
    }
    const value = parseDecimal(bytes, start, end);
    buffer.values[index] = value;
    if (Number.isNaN(value) && !isNotANumber(bytes, start, end)) throw this.#notNumber(part, bytes, row);
  }

  /** Text keeps its spaces; numbers and booleans do not. */
  #storeText(part: Part, buffer: TextBuffer, bytes: Uint8Array, start: number, end: number, index: number): void {
    const { field } = part;
    const scanner = this.#scanner;
    if (start === end) buffer.codes[index] = -1;
    else if (scanner.quoted[field] === 2) buffer.codes[index] = buffer.dictionary.code(scanner.text(bytes, field));
    else if (part.read.type !== 'string') buffer.codes[index] = (part.index as TextIndex).code(bytes, start, end);
    else buffer.codes[index] = (part.index as TextIndex).code(bytes, scanner.starts[field], scanner.ends[field]);
  }

  #notNumber(part: Part, bytes: Uint8Array, row: number): DataError {
    const { uri } = this.#file;
    const { column } = part.read;
    const value = valueText(this.#scanner.text(bytes, part.field));
    return new DataError(
      'VALUE_INVALID',
      `${uri}, row ${rowText(row)}, column ${column}: ${value} is not a number, though it was when the file was described. Run again when nothing writes to the file.`,
      { source: uri, row, column },
    );
  }
}

/** Text of a field as a value of the column's type: see numberText. */
function decoderOf(type: ColumnType): Decode {
  if (type === 'string') return decodeUtf8;
  if (type === 'bool') return (bytes, start, end) => numberText(parseBool(bytes, start, end), 'bool');
  if (type === 'i64') return (bytes, start, end) => String(integerOf(bytes, start, end));
  return (bytes, start, end) => numberText(parseDecimal(bytes, start, end), type);
}
