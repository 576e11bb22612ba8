import { DataError } from '../../errors.js';
import type { LocalFile } from '../../storage/file.js';
import { FlatTable, readCount } from './flatbuffer.js';
import { decodeSchema, type Schema } from './schema.js';

/** Where a message's metadata and body are in the file. */
export type MessagePlace = {
  metadata: number;
  metadataBytes: number;
  body: number;
  bodyBytes: number;
};

export type BatchPlace = MessagePlace & { rows: number };
export type DictionaryPlace = MessagePlace & { id: number; delta: boolean };

/** What an Arrow file or stream consists of, without its bodies. */
export interface ArrowIndex {
  schema: Schema;
  batches: BatchPlace[];
  dictionaries: DictionaryPlace[];
  /** In a stream a dictionary can replace an earlier one; in a file all dictionaries hold for all batches. */
  stream: boolean;
}

/** Message header types (Message.fbs). */
const headers = { schema: 1, dictionary: 2, batch: 3 };
const magic = 'ARROW1';
/** Stands before a message's length since Arrow 0.15. */
const CONTINUATION = -1;

/** @throws DataError FILE_CORRUPT for whatever is cut off or impossible */
export function indexArrow(source: LocalFile, total: number, uri: string): ArrowIndex {
  const reader = new MessageReader(source, total, uri);
  try {
    return reader.index();
  } catch (error) {
    throw error instanceof RangeError ? corruptArrow(uri, error.message) : error;
  }
}

export function corruptArrow(uri: string, what: string): DataError {
  return new DataError('FILE_CORRUPT', `${uri} cannot be read as Arrow IPC: ${what}.`, { source: uri });
}

interface Message {
  place: MessagePlace;
  header: number;
  content: FlatTable | null;
}

class MessageReader {
  readonly #source: LocalFile;
  readonly #total: number;
  readonly #uri: string;

  constructor(source: LocalFile, total: number, uri: string) {
    this.#source = source;
    this.#total = total;
    this.#uri = uri;
  }

  index(): ArrowIndex {
    if (this.#total === 0) throw corruptArrow(this.#uri, 'it is empty (0 bytes)');
    const head = Buffer.from(this.#read(0, Math.min(magic.length, this.#total), 'the signature')).toString('latin1');
    return head === magic ? this.#fileIndex() : this.#streamIndex();
  }

  /** The file format: the footer lists the blocks (File.fbs). */
  #fileIndex(): ArrowIndex {
    const tail = Buffer.from(this.#read(this.#total - 10, 10, 'the end of the file'));
    if (this.#total < 18 || tail.subarray(4).toString('latin1') !== magic) {
      throw corruptArrow(this.#uri, `it does not end with ${magic}: it is cut off`);
    }
    const footerBytes = tail.readUInt32LE(0);
    const footer = FlatTable.root(this.#read(this.#total - 10 - footerBytes, footerBytes, 'the footer'));
    const block = (view: DataView, at: number) => readCount(view, at);
    const schema = this.#message(8);
    if (schema?.header !== headers.schema) throw corruptArrow(this.#uri, 'it does not start with a schema');
    const index: ArrowIndex = { schema: this.#schema(schema), batches: [], dictionaries: [], stream: false };
    for (const start of [...footer.structs(2, 24, block), ...footer.structs(3, 24, block)]) {
      const message = this.#message(start);
      if (!message) throw corruptArrow(this.#uri, `there is no message at byte ${start}, where the footer says one is`);
      this.#add(index, message);
    }
    return index;
  }

  /** The stream format: the messages' headers are read one after the other, their bodies skipped. */
  #streamIndex(): ArrowIndex {
    const first = this.#int32(0);
    const schema = first !== CONTINUATION && first + 4 > this.#total ? null : this.#message(0);
    if (schema?.header !== headers.schema)
      throw corruptArrow(this.#uri, 'it starts neither with ARROW1 nor with a whole schema message');
    const index: ArrowIndex = { schema: this.#schema(schema), batches: [], dictionaries: [], stream: true };
    let position = endOf(schema.place);
    for (;;) {
      if (position === this.#total) throw corruptArrow(this.#uri, 'it has no end-of-stream marker: it is cut off');
      const message = this.#message(position);
      if (!message) break;
      this.#add(index, message);
      position = endOf(message.place);
    }
    return index;
  }

  #add(index: ArrowIndex, { header, content, place }: Message): void {
    if (header === headers.batch && content) index.batches.push({ ...place, rows: this.#rows(content) });
    else if (header === headers.dictionary && content) {
      index.dictionaries.push({ ...place, id: content.int64(0), delta: content.int8(2) !== 0 });
    } else if (header !== headers.schema)
      throw corruptArrow(this.#uri, `it has a message of the unknown kind ${header} before byte ${place.body}`);
  }

  /** Rows of a record batch; every column says the same number again, which shows damage early. */
  #rows(batch: FlatTable): number {
    const rows = batch.int64(0);
    const [first = rows] = batch.structs(1, 16, readCount);
    if (first !== rows) throw new RangeError(`a record batch of ${rows} rows has a column of ${first}`);
    return rows;
  }

  /** The message at `start`; null for the end-of-stream marker. Streams before Arrow 0.15 have no continuation marker. */
  #message(start: number): Message | null {
    let metadata = start + 4;
    let length = this.#int32(start);
    if (length === CONTINUATION) {
      length = this.#int32(metadata);
      metadata += 4;
    }
    if (length === 0) return null;
    if (length < 0) throw corruptArrow(this.#uri, `the message at byte ${start} has a negative length`);
    const table = FlatTable.root(this.#read(metadata, length, `the message at byte ${start}`));
    const place = { metadata, metadataBytes: length, body: metadata + length, bodyBytes: table.int64(3) };
    if (endOf(place) > this.#total) {
      throw corruptArrow(
        this.#uri,
        `the message at byte ${start} should end at byte ${endOf(place)}, but the file ends at byte ${this.#total}`,
      );
    }
    return { place, header: table.int8(1), content: table.table(2) };
  }

  #schema({ place }: Message): Schema {
    return decodeSchema(this.#read(place.metadata, place.metadataBytes, 'the schema'));
  }

  #int32(position: number): number {
    const bytes = this.#read(position, 4, 'a message length');
    return new DataView(bytes.buffer, bytes.byteOffset, 4).getInt32(0, true);
  }

  #read(position: number, length: number, what: string): Uint8Array {
    if (position < 0 || position + length > this.#total) {
      throw corruptArrow(
        this.#uri,
        `${what} at bytes ${position} to ${position + length} lies outside the file of ${this.#total} bytes`,
      );
    }
    return this.#source.read(position, length);
  }
}

const endOf = (place: MessagePlace): number => place.body + place.bodyBytes;
