import { DataError } from '../errors.js';
import { checkText } from './csv-header.js';
import type { DataFile, FileColumn, FileDescription } from './format.js';
import { isBlank, JsonFault, JsonScanner, lineEnd, VALUE } from './jsonl-scanner.js';
import { Breath } from './text/breath.js';
import { CheckpointWriter } from './text/checkpoints.js';
import { firstInvalidUtf8, notUtf8 } from './text/utf8.js';
import { rowText, TextWindow, valueText } from './text/window.js';

/** Different keys a file may have. */
const MOST_COLUMNS = 100_000;
const NUMBERS = VALUE.integer | VALUE.real | VALUE.numberText;

/** Reads the whole file once: counts rows, collects the keys of all lines and the kinds of all values, sets checkpoints. */
export async function describeJsonl(file: DataFile, signal?: AbortSignal): Promise<FileDescription> {
  const window = new TextWindow(file, 0);
  try {
    window.more(0);
    checkText(file.uri, window, 'jsonl');
    return await new JsonlIndexer(file, window, new Breath(signal)).run();
  } finally {
    window.close();
  }
}

/** What has been seen of one key. */
interface Seen {
  kinds: number;
  /** Of lists: the elements' kinds, and the length of the first list that is not empty. */
  elements: number;
  width: number;
  /** Per kind that is not a number: where it was met first. */
  notes: Partial<Record<number, string>>;
}

class JsonlIndexer {
  readonly #file: DataFile;
  readonly #window: TextWindow;
  readonly #scanner = new JsonScanner();
  readonly #seen: Seen[] = [];
  readonly #checkpoints: CheckpointWriter;
  readonly #breath: Breath;
  #row = 0;
  #blank = -1;
  #checked: number;
  #checkedRow = 0;

  constructor(file: DataFile, window: TextWindow, breath: Breath) {
    this.#file = file;
    this.#breath = breath;
    this.#window = window;
    this.#checked = window.at;
    this.#checkpoints = new CheckpointWriter(window.at);
  }

  async run(): Promise<FileDescription> {
    const window = this.#window;
    while (!(window.last && window.at >= window.end)) {
      const end = lineEnd(window.bytes, window.at, window.end, window.last);
      if (end < 0) {
        this.#checkText();
        window.more(this.#row);
        await this.#breath.take();
        this.#checked = 0;
        continue;
      }
      if (isBlank(window.bytes, window.at, end)) this.#blank = this.#blank < 0 ? this.#row : this.#blank;
      else this.#take(window, end);
      window.at = Math.min(end + 1, window.end);
    }
    this.#checkText();
    const columns = this.#seen.map((seen, at) => columnOf(this.#scanner.names[at], seen));
    return { columns, rows: this.#row, layout: this.#checkpoints.layout };
  }

  #take(window: TextWindow, end: number): void {
    if (this.#blank >= 0)
      throw this.#refuse(this.#blank, 'is an empty line', 'Empty lines are allowed at the end only.');
    this.#checkpoints.pass(this.#row, window.offset + window.at);
    const scanner = this.#scanner;
    try {
      scanner.scan(window.bytes, window.at, end);
    } catch (error) {
      if (error instanceof JsonFault) throw this.#notJson(error, window.at, end);
      throw error;
    }
    const columns = scanner.names.length;
    if (columns > MOST_COLUMNS) throw this.#tooManyKeys();
    while (this.#seen.length < columns) this.#seen.push({ kinds: 0, elements: 0, width: -1, notes: {} });
    for (let column = 0; column < columns; column++) {
      const kind = scanner.kinds[column];
      const seen = this.#seen[column];
      if ((seen.kinds | kind) !== seen.kinds) this.#meet(seen, column, kind);
      if (kind === VALUE.list) {
        seen.elements |= scanner.elements[column];
        if (seen.width <= 0) seen.width = scanner.lengths[column];
      }
    }
    this.#row++;
  }

  /** A kind of value the column did not have so far. */
  #meet(seen: Seen, column: number, kind: number): void {
    seen.kinds |= kind;
    if (kind & NUMBERS) return;
    const { bytes } = this.#window;
    const start = this.#scanner.starts[column];
    const raw = () => Buffer.from(bytes.subarray(start, Math.min(this.#scanner.ends[column], start + 200))).toString();
    const what =
      kind === VALUE.text
        ? valueText(this.#scanner.textOf(column))
        : kind === VALUE.nested
          ? valueText(raw())
          : raw().slice(0, 40);
    seen.notes[kind] = `row ${rowText(this.#row)}: ${what} is not a number`;
  }

  #checkText(): void {
    const { bytes, at, offset } = this.#window;
    const fault = firstInvalidUtf8(bytes, this.#checked, at);
    if (fault >= 0) {
      let row = this.#checkedRow;
      for (let place = this.#checked; place < fault; place++) if (bytes[place] === 10) row++;
      throw notUtf8(this.#file.uri, row, offset + fault, bytes[fault]);
    }
    this.#checked = at;
    this.#checkedRow = this.#row;
  }

  #notJson(fault: JsonFault, start: number, end: number): DataError {
    const { bytes } = this.#window;
    const text = valueText(Buffer.from(bytes.subarray(fault.at, Math.min(end, fault.at + 60))).toString());
    const found = fault.at >= end ? 'the line ends there' : `found ${text}`;
    const first = this.#row === 0 && bytes[start] === 91;
    const advice = first
      ? 'The file looks like one JSON array; write one object a line instead.'
      : 'Every line must hold one whole JSON object, such as {"pred": 0.5, "target": 1}.';
    return this.#refuse(this.#row, `is not JSON at character ${fault.at - start + 1}: ${fault.what}, ${found}`, advice);
  }

  #refuse(row: number, what: string, advice: string): DataError {
    const { uri } = this.#file;
    return new DataError('FILE_CORRUPT', `${uri}, row ${rowText(row)} ${what}. ${advice}`, { source: uri, row });
  }

  #tooManyKeys(): DataError {
    const { uri } = this.#file;
    return new DataError(
      'LIMIT_EXCEEDED',
      `${uri} has more than ${rowText(MOST_COLUMNS)} different keys (at row ${rowText(this.#row)}). Keys name columns; put data into values.`,
      { source: uri, row: this.#row },
    );
  }
}

function columnOf(name: string, { kinds, elements, width, notes }: Seen): FileColumn {
  if (kinds === 0) return { name, type: 'f64', width: null, empty: true };
  if (kinds === VALUE.bool) return { name, type: 'bool', width: null };
  if ((kinds & ~NUMBERS) === 0) return { name, type: kinds === VALUE.integer ? 'i64' : 'f64', width: null };
  if (kinds === VALUE.list && width > 0) {
    if (elements === VALUE.bool) return { name, type: 'bool', width };
    if ((elements & VALUE.bool) === 0) return { name, type: elements === VALUE.integer ? 'i64' : 'f64', width };
    return { name, type: 'string', width: null, notNumber: 'its lists mix numbers and booleans' };
  }
  const notNumber = notes[VALUE.text] ?? notes[VALUE.nested] ?? notes[VALUE.list] ?? notes[VALUE.bool];
  return { name, type: 'string', width: null, notNumber };
}
