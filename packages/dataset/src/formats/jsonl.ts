import type { Cursor } from '../types.js';
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
import { describeJsonl } from './jsonl-index.js';
import { JsonlRowReader } from './jsonl-reader.js';
import { checkpointBefore, textSegments } from './text/checkpoints.js';
import { TextCursor } from './text/cursor.js';

/**
 * One JSON object a line, UTF-8. Columns are the keys of all lines in order of appearance; null or no such key = missing.
 * A column's type is decided by all its values. Numbers JSON cannot hold are "NaN", "Infinity", "-Infinity", or bare as
 * Python writes them. Lists of numbers of one length a column; other nested values are refused when they are used.
 */
class JsonlFormat implements Format {
  readonly name = 'jsonl';
  readonly textual = true;

  describe(file: DataFile, { signal }: DescribeFile = {}): Promise<FileDescription> {
    return describeJsonl(file, signal);
  }

  open(file: DescribedFile, start: number, _end: number, reads: readonly FileRead[]): Cursor {
    return new TextCursor(file, new JsonlRowReader(file, reads), checkpointBefore(file.layout, start), start);
  }

  segments(file: DescribedFile, start: number, end: number): Segment[] {
    return textSegments(file, start, end);
  }
}

export const createJsonl: FormatFactory = () => new JsonlFormat();
