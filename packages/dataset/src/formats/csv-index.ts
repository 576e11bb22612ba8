import { DataError } from '../errors.js';
import { type CsvHeader, readHeader } from './csv-header.js';
import { CsvScanner, MALFORMED } from './csv-scanner.js';
import type { DataFile, FileColumn, FileDescription } from './format.js';
import { Breath } from './text/breath.js';
import { CheckpointWriter } from './text/checkpoints.js';
import { KIND, kindOf } from './text/kinds.js';
import { firstInvalidUtf8, notUtf8 } from './text/utf8.js';
import { rowText, TextWindow, valueText } from './text/window.js';

/** Reads the whole file once: counts rows, decides every column's type from all its values, sets checkpoints. */
export async function describeCsv(file: DataFile, separator: number, signal?: AbortSignal): Promise<FileDescription> {
  const window = new TextWindow(file, 0);
  try {
    const header = readHeader(file, window, separator);
    return await new CsvIndexer(file, window, separator, header, new Breath(signal)).run();
  } finally {
    window.close();
  }
}

class CsvIndexer {
  readonly #file: DataFile;
  readonly #window: TextWindow;
  readonly #scanner: CsvScanner;
  readonly #names: readonly string[];
  /** Per column: the KIND bits seen. */
  readonly #kinds: Uint8Array;
  /** Per column: the first text, and the first boolean. */
  readonly #texts: (string | undefined)[] = [];
  readonly #bools: (string | undefined)[] = [];
  readonly #checkpoints: CheckpointWriter;
  readonly #breath: Breath;
  #row = 0;
  /** Empty lines since the last row: rows of a one-column file if another row follows, else nothing. */
  #blanks = 0;
  /** Bytes of the window before this place are known to be UTF-8; it begins row #checkedRow. */
  #checked: number;
  #checkedRow = 0;

  constructor(file: DataFile, window: TextWindow, separator: number, header: CsvHeader, breath: Breath) {
    this.#file = file;
    this.#breath = breath;
    this.#window = window;
    this.#scanner = new CsvScanner(separator);
    this.#names = header.names;
    this.#checked = window.at;
    this.#kinds = new Uint8Array(header.names.length);
    this.#checkpoints = new CheckpointWriter(window.offset + window.at);
  }

  async run(): Promise<FileDescription> {
    const window = this.#window;
    for (;;) {
      const { last } = window;
      if (window.at >= window.end && last) break;
      const next = this.#scanner.scan(window.bytes, window.at, window.end, last);
      if (next === -1 || window.at >= window.end) {
        this.#checkText();
        window.more(this.#row);
        await this.#breath.take();
        this.#checked = 0;
      } else if (next === MALFORMED) throw this.#malformed();
      else {
        if (this.#scanner.blank) this.#blanks++;
        else this.#take(window);
        window.at = next;
      }
    }
    this.#checkText();
    return {
      columns: this.#names.map((name, at) => this.#column(name, at)),
      rows: this.#row,
      layout: this.#checkpoints.layout,
    };
  }

  /** One row that is not an empty line. */
  #take(window: TextWindow): void {
    const scanner = this.#scanner;
    const columns = this.#names.length;
    if (this.#blanks > 0) this.#passBlanks(columns);
    if (scanner.fields !== columns) throw raggedRow(this.#file.uri, this.#row, columns, scanner.fields);
    this.#checkpoints.pass(this.#row, window.offset + window.at);
    const { bytes } = window;
    const { starts, ends, quoted } = scanner;
    for (let column = 0; column < columns; column++) {
      const seen = this.#kinds[column];
      if (seen & KIND.text) continue;
      let start = starts[column];
      let end = ends[column];
      while (start < end && bytes[start] === 32) start++;
      while (end > start && bytes[end - 1] === 32) end--;
      const kind = quoted[column] === 2 ? KIND.text : kindOf(bytes, start, end);
      if ((seen | kind) !== seen) this.#meet(column, kind, bytes);
    }
    this.#row++;
  }

  /** A kind of value the column did not have so far. */
  #meet(column: number, kind: number, bytes: Uint8Array): void {
    this.#kinds[column] |= kind;
    if (kind !== KIND.text && kind !== KIND.bool) return;
    const notes = kind === KIND.text ? this.#texts : this.#bools;
    const value = valueText(this.#scanner.text(bytes, column));
    notes[column] = `row ${rowText(this.#row)}: ${value} is not a number`;
  }

  #passBlanks(columns: number): void {
    if (columns > 1) throw raggedRow(this.#file.uri, this.#row, columns, 0);
    this.#row += this.#blanks;
    this.#blanks = 0;
  }

  #column(name: string, at: number): FileColumn {
    const kinds = this.#kinds[at];
    const numbers = (kinds & (KIND.integer | KIND.real)) !== 0;
    if (kinds === 0) return { name, type: 'f64', width: null, empty: true };
    if (kinds === KIND.bool) return { name, type: 'bool', width: null };
    if (kinds & KIND.text || (kinds & KIND.bool && numbers)) {
      return { name, type: 'string', width: null, notNumber: this.#texts[at] ?? this.#bools[at] };
    }
    return { name, type: kinds & KIND.real ? 'f64' : 'i64', width: null };
  }

  /** Everything scanned since the last call must be UTF-8. */
  #checkText(): void {
    const { bytes, at, offset } = this.#window;
    const fault = firstInvalidUtf8(bytes, this.#checked, at);
    if (fault >= 0) {
      let row = this.#checkedRow;
      let place = this.#checked;
      while (place >= 0 && place < at) {
        place = this.#scanner.scan(bytes, place, at, true);
        if (place > fault) break;
        row++;
      }
      throw notUtf8(this.#file.uri, row, offset + fault, bytes[fault]);
    }
    this.#checked = at;
    this.#checkedRow = this.#row + this.#blanks;
  }

  #malformed(): DataError {
    const { uri } = this.#file;
    const row = this.#row + this.#blanks;
    return new DataError(
      'FILE_CORRUPT',
      `${uri}, row ${rowText(row)} (byte ${this.#window.offset + this.#window.at}): ${this.#scanner.fault}. A field that begins with a quote must end with one, and a quote inside it is written twice.`,
      { source: uri, row },
    );
  }
}

/** @param found 0 means an empty line */
export function raggedRow(uri: string, row: number, expected: number, found: number): DataError {
  const has = found === 0 ? 'is an empty line' : `has ${found} field${found === 1 ? '' : 's'}`;
  return new DataError(
    'VALUE_INVALID',
    `${uri}, row ${rowText(row)} ${has}, but the header has ${expected} column${expected === 1 ? '' : 's'}. Every row must have as many fields as the header; quote fields that hold the separator.`,
    { source: uri, row },
  );
}
