/**
 * A table of a flatbuffer (https://flatbuffers.dev/internals/): fields are found through its vtable. Every access is
 * checked by DataView, so a damaged buffer gives a RangeError, never a wrong place.
 */
export class FlatTable {
  readonly #view: DataView;
  readonly #position: number;
  readonly #vtable: number;
  readonly #vtableBytes: number;

  private constructor(view: DataView, position: number) {
    this.#view = view;
    this.#position = position;
    this.#vtable = position - view.getInt32(position, true);
    this.#vtableBytes = view.getUint16(this.#vtable, true);
  }

  /** The root table of a buffer. */
  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new FlatTable(view, view.getUint32(0, true));
  }

  /** Absolute place of field number `field`; 0 if absent. */
  #place(field: number): number {
    const entry = 4 + 2 * field;
    if (entry + 2 > this.#vtableBytes) return 0;
    const offset = this.#view.getUint16(this.#vtable + entry, true);
    return offset === 0 ? 0 : this.#position + offset;
  }

  int8(field: number): number {
    const place = this.#place(field);
    return place === 0 ? 0 : this.#view.getInt8(place);
  }

  int16(field: number, absent = 0): number {
    const place = this.#place(field);
    return place === 0 ? absent : this.#view.getInt16(place, true);
  }

  int32(field: number, absent = 0): number {
    const place = this.#place(field);
    return place === 0 ? absent : this.#view.getInt32(place, true);
  }

  int64(field: number): number {
    const place = this.#place(field);
    return place === 0 ? 0 : safeInteger(this.#view.getBigInt64(place, true));
  }

  table(field: number): FlatTable | null {
    const place = this.#place(field);
    return place === 0 ? null : new FlatTable(this.#view, place + this.#view.getUint32(place, true));
  }

  /** A vector of tables. */
  tables(field: number): FlatTable[] {
    return this.structs(field, 4, (view, at) => new FlatTable(view, at + view.getUint32(at, true)));
  }

  text(field: number): string {
    const place = this.#place(field);
    if (place === 0) return '';
    const start = place + this.#view.getUint32(place, true);
    const length = this.#view.getUint32(start, true);
    if (start + 4 + length > this.#view.byteLength) throw new RangeError('a text reaches beyond its buffer');
    return Buffer.from(this.#view.buffer, this.#view.byteOffset + start + 4, length).toString('utf8');
  }

  /** A vector of structs of `size` bytes. */
  structs<Item>(field: number, size: number, read: (view: DataView, at: number) => Item): Item[] {
    const place = this.#place(field);
    if (place === 0) return [];
    const start = place + this.#view.getUint32(place, true);
    const count = this.#view.getUint32(start, true);
    if (start + 4 + count * size > this.#view.byteLength) throw new RangeError('a vector reaches beyond its buffer');
    return Array.from({ length: count }, (_, index) => read(this.#view, start + 4 + index * size));
  }
}

/** A 64-bit count or offset. */
export function readCount(view: DataView, at: number): number {
  return safeInteger(view.getBigInt64(at, true));
}

function safeInteger(value: bigint): number {
  if (value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER))
    throw new RangeError(`an impossible count or offset (${value})`);
  return Number(value);
}
