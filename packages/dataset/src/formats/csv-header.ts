import { isUtf8 } from 'node:buffer';
import { DataError } from '../errors.js';
import { looksLike } from '../magic.js';
import { CsvScanner, MALFORMED } from './csv-scanner.js';
import type { DataFile } from './format.js';
import { KIND, kindOf } from './text/kinds.js';
import { firstInvalidUtf8 } from './text/utf8.js';
import { type TextWindow, valueText } from './text/window.js';

export interface CsvHeader {
  names: readonly string[];
}

/** Reads the column names and leaves the window at row 0. */
export function readHeader(file: DataFile, window: TextWindow, separator: number): CsvHeader {
  const { uri } = file;
  window.more(0);
  checkText(uri, window, separator === 9 ? 'tsv' : 'csv');
  const scanner = new CsvScanner(separator);
  for (;;) {
    const next = scanner.scan(window.bytes, window.at, window.end, window.last);
    if (next === MALFORMED) {
      throw new DataError('FILE_CORRUPT', `${uri}: the header line cannot be read: ${scanner.fault}.`, { source: uri });
    }
    if (next >= 0) {
      const names = namesOf(uri, scanner, window, next);
      window.at = next;
      return { names };
    }
    window.more(0);
  }
}

/** Refuses what is no text at all, and skips a byte order mark. */
export function checkText(uri: string, window: TextWindow, format: string): void {
  const head = window.bytes.subarray(0, window.end);
  const where = { source: uri };
  if (head.length === 0) {
    throw new DataError('FILE_CORRUPT', `${uri} is empty (0 bytes). Write the file again, or leave it out.`, where);
  }
  // A header may begin with the letters of a signature ("FEA1", "BZh"): only bytes that are no text make it one.
  const kind = isBinary(head) ? looksLike(head) : null;
  const wide = head.length > 3 && head.subarray(0, 4096).includes(0);
  if (kind === 'UTF-16 text' || (kind === null && wide)) {
    const what = kind ?? 'UTF-16 text or binary data (it has zero bytes)';
    throw new DataError(
      'TEXT_ENCODING',
      `${uri} is ${what}; ${format} files must be UTF-8. Convert it, for example: iconv -f UTF-16 -t UTF-8.`,
      where,
    );
  }
  if (kind !== null) {
    const packed = /gzip|Zstandard|bzip2|xz|zip/.test(kind);
    const advice = packed ? 'Unpack it first; compressed text is not read.' : `Name its format instead of ${format}.`;
    throw new DataError(
      packed ? 'UNSUPPORTED' : 'FILE_CORRUPT',
      `${uri} is ${kind}, not ${format} text. ${advice}`,
      where,
    );
  }
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) window.at = 3;
}

function isBinary(head: Uint8Array): boolean {
  const start = head.subarray(0, 64);
  return start.some((byte) => byte < 9 || (byte > 13 && byte < 32)) || !isUtf8(start.subarray(0, 2));
}

function namesOf(uri: string, scanner: CsvScanner, window: TextWindow, next: number): string[] {
  const { bytes, at } = window;
  const where = { source: uri };
  const fault = firstInvalidUtf8(bytes, at, next);
  if (fault >= 0) {
    throw new DataError(
      'TEXT_ENCODING',
      `${uri}: the header line is not valid UTF-8 at byte ${window.offset + fault}. Save the file as UTF-8.`,
      where,
    );
  }
  if (scanner.blank) {
    throw new DataError('FILE_CORRUPT', `${uri}: the first line is empty; it must hold the column names.`, where);
  }
  const names: string[] = [];
  let data = false;
  for (let field = 0; field < scanner.fields; field++) {
    const name = scanner.quoted[field] ? scanner.text(bytes, field) : scanner.text(bytes, field).trim();
    const encoded = Buffer.from(name.trim());
    if (kindOf(encoded, 0, encoded.length) === KIND.real) data = true;
    // pandas writes its index as a first column without a name; nobody can ask for it, so it does no harm.
    if (name === '' && (field > 0 || scanner.fields === 1)) throw unnamed(uri, field);
    names.push(name);
  }
  if (data && names.every((name) => isNumber(name))) throw noHeader(uri, names);
  return names;
}

function isNumber(name: string): boolean {
  const encoded = Buffer.from(name.trim());
  return (kindOf(encoded, 0, encoded.length) & (KIND.integer | KIND.real)) !== 0;
}

function unnamed(uri: string, field: number): DataError {
  return new DataError(
    'COLUMN_DUPLICATE',
    `${uri}: column ${field + 1} of the header has no name. Every column but a first one (an index) needs a name of its own.`,
    { source: uri },
  );
}

function noHeader(uri: string, names: readonly string[]): DataError {
  const shown = names.slice(0, 4).map(valueText).join(', ');
  return new DataError(
    'COLUMN_UNKNOWN',
    `${uri}: the first line holds numbers (${shown}${names.length > 4 ? ', ...' : ''}), not column names. Add a header line with a name for every column.`,
    { source: uri },
  );
}
