import {
  convertNumbers,
  createTextCoder,
  type RawNumbers,
  rawView,
  sizeOf,
  swapBytes,
  type TextCoder,
} from '../numbers.js';
import type { Buffer as ColumnBuffer, Dictionary, NumberBuffer, Widen } from '../types.js';
import type { FileRead } from './format.js';
import type { NpyHeader } from './npy-header.js';

/** Where an array's bytes come from: a file (synchronous) or a stream that is inflated (asynchronous, forward only). */
export interface ArrayBytes {
  readInto(view: NodeJS.ArrayBufferView, position: number): void | Promise<void>;
}

/** Reads rows of one array in order. */
export interface ArrayReader {
  fill(rows: number, buffer: ColumnBuffer): void | Promise<void>;
}

const chunkBytes = 256 * 1024;
const tileBytes = 8 * 1024 * 1024;

/**
 * A reader of the rows from `start` on of an array whose header's positions count from the start of `bytes`.
 * Little-endian float32 into f32, float64 into f64, and 16-bit floats into f32 that the caller widens are read straight into the
 * caller's memory.
 */
export function createArrayReader(
  bytes: ArrayBytes,
  header: NpyHeader,
  start: number,
  end: number,
  read: FileRead,
): ArrayReader {
  return header.fortran ? new StripReader(bytes, header, start, end, read) : new RowReader(bytes, header, start, read);
}

/** Row-major arrays, and all arrays of rank 1. */
class RowReader implements ArrayReader {
  readonly #bytes: ArrayBytes;
  readonly #header: NpyHeader;
  readonly #width: number;
  readonly #size: number;
  readonly #direct: boolean;
  readonly #store: Store;
  #position: number;
  #scratch: Uint8Array | undefined;

  constructor(bytes: ArrayBytes, header: NpyHeader, start: number, read: FileRead) {
    this.#bytes = bytes;
    this.#header = header;
    this.#width = header.width ?? 1;
    this.#size = sizeOf(header.type);
    this.#direct = header.type === read.as && !header.bigEndian;
    this.#store = createStore(header, read);
    this.#position = header.dataOffset + start * this.#width * this.#size;
  }

  fill(rows: number, buffer: ColumnBuffer): void | Promise<void> {
    const count = rows * this.#width;
    if (buffer.as === 'f32' && buffer.widen && this.#isSixteen()) return this.#widen(buffer.widen, count, buffer);
    if (!this.#direct || buffer.as === 'text') return this.#convert(0, count, buffer);
    buffer.missing = 0;
    const position = this.#position;
    this.#position += count * this.#size;
    return this.#bytes.readInto(buffer.values.subarray(0, count), position);
  }

  #isSixteen(): boolean {
    const { type, bigEndian } = this.#header;
    return !bigEndian && (type === 'f16' || type === 'bf16');
  }

  /** The bits go into the upper half of the place that their values will take. */
  #widen(widen: Widen, count: number, buffer: NumberBuffer): void | Promise<void> {
    buffer.missing = 0;
    const { buffer: memory, byteOffset } = buffer.values;
    const source = byteOffset + 2 * count;
    const position = this.#position;
    this.#position += 2 * count;
    const type = this.#header.type as 'f16' | 'bf16';
    const waiting = this.#bytes.readInto(new Uint8Array(memory, source, 2 * count), position);
    if (waiting) return waiting.then(() => widen(type, source, count, byteOffset));
    widen(type, source, count, byteOffset);
  }

  #convert(from: number, count: number, buffer: ColumnBuffer): void | Promise<void> {
    this.#scratch ??= new Uint8Array(chunkBytes);
    const most = chunkBytes / this.#size;
    for (let done = from; done < count; ) {
      const part = Math.min(most, count - done);
      const view = this.#scratch.subarray(0, part * this.#size);
      const waiting = this.#bytes.readInto(view, this.#position);
      this.#position += view.byteLength;
      const at = done;
      done += part;
      if (waiting)
        return waiting
          .then(() => this.#keep(view, at, part, buffer))
          .then(() => this.#convert(at + part, count, buffer));
      this.#keep(view, at, part, buffer);
    }
    if (buffer.as !== 'text') buffer.missing = 0;
  }

  #keep(view: Uint8Array, at: number, count: number, buffer: ColumnBuffer): void {
    if (this.#header.bigEndian) swapBytes(view, this.#size);
    this.#store(rawView(this.#header.type, view.buffer, view.byteOffset, count), buffer, at);
  }
}

/** Writes converted elements to the buffer from element `at` on. */
type Store = (raw: RawNumbers, buffer: ColumnBuffer, at: number) => void;

function createStore(header: NpyHeader, read: FileRead): Store {
  const width = header.type === 'i64' || header.type === 'u64' ? 2 : 1;
  let code: TextCoder | undefined;
  let dictionary: Dictionary | undefined;
  return (raw, buffer, at) => {
    const count = raw.length / width;
    if (buffer.as !== 'text') {
      convertNumbers(raw, header.type, buffer.values.subarray(at, at + count));
      return;
    }
    if (!code || dictionary !== buffer.dictionary) {
      dictionary = buffer.dictionary;
      code = createTextCoder(header.type, read.type, dictionary);
    }
    code(raw, buffer.codes.subarray(at, at + count));
  };
}

/** Column-major arrays of rank 2: strips of every column are read for a tile of rows (bounded memory), then transposed. */
class StripReader implements ArrayReader {
  readonly #bytes: ArrayBytes;
  readonly #header: NpyHeader;
  readonly #width: number;
  readonly #size: number;
  readonly #end: number;
  readonly #tileRows: number;
  readonly #store: Store;
  readonly #as: FileRead['as'];
  #row: number;
  #tile: Uint8Array | undefined;
  #column: Float32Array | Float64Array | undefined;
  #tileStart = 0;
  #tileEnd = 0;

  constructor(bytes: ArrayBytes, header: NpyHeader, start: number, end: number, read: FileRead) {
    this.#bytes = bytes;
    this.#header = header;
    this.#width = header.width ?? 1;
    this.#size = sizeOf(header.type);
    this.#row = start;
    this.#end = end;
    const fitting = Math.max(1, Math.floor(tileBytes / (this.#width * this.#size)));
    this.#tileRows = Math.min(fitting, Math.max(1, end - start));
    this.#store = createStore(header, read);
    this.#as = read.as;
  }

  fill(rows: number, buffer: ColumnBuffer): void {
    if (buffer.as === 'text') return;
    buffer.missing = 0;
    this.#column ??= this.#as === 'f32' ? new Float32Array(this.#tileRows) : new Float64Array(this.#tileRows);
    for (let done = 0; done < rows; ) {
      if (this.#row >= this.#tileEnd) this.#load();
      const count = Math.min(rows - done, this.#tileEnd - this.#row);
      this.#transpose(count, buffer.values, done, this.#column);
      this.#row += count;
      done += count;
    }
  }

  #load(): void {
    this.#tile ??= new Uint8Array(this.#tileRows * this.#width * this.#size);
    this.#tileStart = this.#row;
    this.#tileEnd = Math.min(this.#end, this.#row + this.#tileRows);
    const strip = (this.#tileEnd - this.#tileStart) * this.#size;
    for (let index = 0; index < this.#width; index++) {
      const position = this.#header.dataOffset + (index * this.#header.rows + this.#tileStart) * this.#size;
      const from = index * this.#tileRows * this.#size;
      this.#bytes.readInto(this.#tile.subarray(from, from + strip), position);
    }
    if (this.#header.bigEndian) swapBytes(this.#tile, this.#size);
  }

  #transpose(
    count: number,
    values: Float32Array | Float64Array,
    row: number,
    column: Float32Array | Float64Array,
  ): void {
    const width = this.#width;
    const tile = this.#tile as Uint8Array;
    const target = { as: this.#as, values: column } as ColumnBuffer;
    for (let index = 0; index < width; index++) {
      const from = (index * this.#tileRows + this.#row - this.#tileStart) * this.#size;
      this.#store(rawView(this.#header.type, tile.buffer, from, count), target, 0);
      for (let at = 0, to = row * width + index; at < count; at++, to += width) values[to] = column[at];
    }
  }
}
