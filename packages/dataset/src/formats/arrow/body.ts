import { decompress as decompressZstd } from 'fzstd';
import { decompressFrameSync } from 'lz4-napi';
import type { LocalFile } from '../../storage/file.js';
import { FlatTable, readCount } from './flatbuffer.js';
import type { MessagePlace } from './messages.js';
import type { ArrowField } from './plan.js';

/** One buffer of a record batch. Reading outside it throws a RangeError. */
export interface Region {
  readonly bytes: number;
  readInto(view: NodeJS.ArrayBufferView, from: number): void;
}

interface Extent {
  offset: number;
  length: number;
}

const compressions = { none: -1, lz4: 0, zstd: 1 };

/** The parts of one record batch (or of the batch inside a dictionary batch), read as they are asked for. */
export class Body {
  readonly rows: number;
  readonly #source: LocalFile;
  readonly #place: MessagePlace;
  readonly #nulls: number[];
  readonly #extents: Extent[];
  readonly #variadic: number[];
  readonly #compression: number;
  readonly #inflated: Map<number, Region>;

  /**
   * @param options.inDictionary the message is a dictionary batch
   * @param options.inflated buffers of this batch that are decompressed already; new ones are added
   * @throws RangeError if the metadata is damaged
   */
  constructor(
    source: LocalFile,
    place: MessagePlace,
    options: { inDictionary?: boolean; inflated?: Map<number, Region> } = {},
  ) {
    const message = FlatTable.root(source.read(place.metadata, place.metadataBytes));
    if (message.int16(0) < 3) throw new RangeError('its metadata is of a version before V4 (Arrow 0.8)');
    const header = message.table(2);
    const batch = options.inDictionary ? header?.table(1) : header;
    if (!batch) throw new RangeError('a record batch has no content');
    this.#source = source;
    this.#place = place;
    this.#inflated = options.inflated ?? new Map();
    this.rows = batch.int64(0);
    this.#nulls = batch.structs(1, 16, (view, at) => readCount(view, at + 8));
    this.#extents = batch.structs(2, 16, (view, at) => ({
      offset: readCount(view, at),
      length: readCount(view, at + 8),
    }));
    const compression = batch.table(3);
    this.#compression = compression ? compression.int8(0) : compressions.none;
    this.#variadic = batch.structs(4, 8, readCount);
  }

  /** Missing values that node number `index` after the field's own declares. */
  nulls(field: ArrowField, index = 0): number {
    const nulls = this.#nulls[field.node + index];
    if (nulls === undefined)
      throw new RangeError(`a record batch has no node for column ${JSON.stringify(field.name)}`);
    return nulls;
  }

  /** Data buffers of a view column. */
  viewBuffers(field: ArrowField): number {
    return this.#variadic[field.views] ?? 0;
  }

  /** Buffer number `index` of the field. */
  region(field: ArrowField, index: number): Region {
    let number = field.buffer + index;
    for (let view = 0; view < field.views; view++) number += this.#variadic[view] ?? 0;
    const extent = this.#extents[number];
    if (!extent) throw new RangeError(`a record batch has no buffer ${index} for column ${JSON.stringify(field.name)}`);
    if (extent.offset + extent.length > this.#place.bodyBytes)
      throw new RangeError('a buffer reaches beyond its record batch');
    const raw = new FileRegion(this.#source, this.#place.body + extent.offset, extent.length);
    if (this.#compression === compressions.none || extent.length === 0) return raw;
    const inflated = this.#inflated.get(number) ?? decompressed(raw, this.#compression);
    // A buffer that was left uncompressed is bound to this source, which closes with its cursor.
    if (inflated instanceof MemoryRegion) this.#inflated.set(number, inflated);
    return inflated;
  }
}

class FileRegion implements Region {
  constructor(
    readonly source: LocalFile,
    readonly position: number,
    readonly bytes: number,
  ) {}

  readInto(view: NodeJS.ArrayBufferView, from: number): void {
    checkInside(this, view, from);
    this.source.readInto(view, this.position + from);
  }
}

class MemoryRegion implements Region {
  readonly #content: Uint8Array;

  constructor(content: Uint8Array) {
    this.#content = content;
  }

  get bytes(): number {
    return this.#content.byteLength;
  }

  readInto(view: NodeJS.ArrayBufferView, from: number): void {
    checkInside(this, view, from);
    const out = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    out.set(this.#content.subarray(from, from + out.length));
  }
}

function checkInside(region: Region, view: NodeJS.ArrayBufferView, from: number): void {
  if (from >= 0 && from + view.byteLength <= region.bytes) return;
  throw new RangeError(`bytes ${from} to ${from + view.byteLength} of a buffer of ${region.bytes} bytes are needed`);
}

/** A compressed buffer starts with its size as int64; -1 means that it was left as it is. */
function decompressed(raw: FileRegion, codec: number): Region {
  const head = new DataView(new ArrayBuffer(8));
  raw.readInto(head, 0);
  const size = head.getBigInt64(0, true);
  if (size === -1n) return new FileRegion(raw.source, raw.position + 8, raw.bytes - 8);
  const packed = new Uint8Array(raw.bytes - 8);
  raw.readInto(packed, 8);
  const content = size === 0n ? new Uint8Array(0) : unpack(packed, codec);
  if (BigInt(content.byteLength) !== size) {
    throw new RangeError(`a compressed buffer gives ${content.byteLength} bytes instead of ${size}`);
  }
  return new MemoryRegion(content);
}

function unpack(packed: Uint8Array, codec: number): Uint8Array {
  try {
    if (codec === compressions.lz4)
      return decompressFrameSync(Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength));
    if (codec === compressions.zstd) return decompressZstd(packed);
  } catch (error) {
    throw new RangeError(
      `a compressed buffer cannot be decompressed (${error instanceof Error ? error.message : String(error)})`,
    );
  }
  throw new RangeError(`its compression is of the unknown kind ${codec}`);
}
