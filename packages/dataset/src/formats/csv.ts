import type { Cursor } from '../types.js';
import { describeCsv } from './csv-index.js';
import { CsvRowReader } from './csv-reader.js';
import type {
  DataFile,
  DescribedFile,
  DescribeFile,
  FileDescription,
  FileRead,
  Format,
  FormatFactory,
  Segment,
} from './format.js';
import { checkpointBefore, textSegments } from './text/checkpoints.js';
import { TextCursor } from './text/cursor.js';

/**
 * Text tables (RFC 4180 and its everyday variants): UTF-8, a header line, LF, CRLF or CR line ends, quoted fields.
 * Empty = missing. A column's type is decided by all its values: whole numbers i64, numbers f64, true/false bool, else
 * string. Spaces around numbers and unquoted header names are ignored. Empty lines at the end are ignored; elsewhere
 * they are a missing value in a one-column file and an error in others.
 */
class CsvFormat implements Format {
  readonly name: string;
  readonly textual = true;
  readonly #separator: number;

  constructor(name: string, separator: string) {
    this.name = name;
    this.#separator = separator.charCodeAt(0);
  }

  describe(file: DataFile, { signal }: DescribeFile = {}): Promise<FileDescription> {
    return describeCsv(file, this.#separator, signal);
  }

  open(file: DescribedFile, start: number, _end: number, reads: readonly FileRead[]): Cursor {
    const reader = new CsvRowReader(file, this.#separator, reads);
    return new TextCursor(file, reader, checkpointBefore(file.layout, start), start);
  }

  segments(file: DescribedFile, start: number, end: number): Segment[] {
    return textSegments(file, start, end);
  }
}

export const createCsv: FormatFactory = () => new CsvFormat('csv', ',');
export const createTsv: FormatFactory = () => new CsvFormat('tsv', '\t');
