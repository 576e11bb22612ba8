/** Reads what a ByteWriter wrote; throws RangeError rather than read beyond the end. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  /** A count of things of at least `size` bytes each that must follow. */
  count(size: number): number {
    const count = this.u32();
    if (count * size > this.left) throw new RangeError(`announces ${count} entries where ${this.left} bytes are left`);
    return count;
  }

  f64(): number {
    return this.#view.getFloat64(this.#advance(8), true);
  }

  floats(): Float64Array {
    const length = this.count(8);
    const start = this.#advance(length * 8);
    const values = new Float64Array(length);
    for (let i = 0; i < length; i++) values[i] = this.#view.getFloat64(start + i * 8, true);
    return values;
  }

  bytes(): Uint8Array {
    const length = this.u32();
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  text(): string {
    return new TextDecoder('utf-8', { fatal: true }).decode(this.bytes());
  }

  #advance(bytes: number): number {
    const start = this.#at;
    if (bytes > this.left)
      throw new RangeError(`ends after ${this.#bytes.length} bytes, ${bytes - this.left} too early`);
    this.#at += bytes;
    return start;
  }
}
