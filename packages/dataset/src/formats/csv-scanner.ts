const LF = 10;
const CR = 13;
const SPACE = 32;
const QUOTE = 34;

/** scan() met a quoted field that is not well formed: see `fault`. */
export const MALFORMED = -2;

/**
 * Finds the fields of one record (RFC 4180): separators, quoted fields with separators, line ends and doubled quotes in
 * them; records end with LF, CRLF or CR. A quote counts only as the first byte of a field.
 */
export class CsvScanner {
  /** Field i is bytes [starts[i], ends[i]), without its quotes. */
  starts = new Int32Array(64);
  ends = new Int32Array(64);
  /** 1 = quoted, 2 = quoted with doubled quotes inside. */
  quoted = new Uint8Array(64);
  fields = 0;
  /** After MALFORMED: what is wrong. */
  fault = '';
  readonly #separator: number;

  constructor(separator: number) {
    this.#separator = separator;
  }

  /** Whether the record just scanned is an empty line. */
  get blank(): boolean {
    return this.fields === 1 && this.starts[0] === this.ends[0] && this.quoted[0] === 0;
  }

  /** The place after the record that begins at `at`; -1 when bytes are wanting and not `last`; MALFORMED. */
  scan(bytes: Uint8Array, at: number, end: number, last: boolean): number {
    const separator = this.#separator;
    let place = at;
    let field = 0;
    for (;;) {
      if (field === this.starts.length) this.#grow();
      if (place < end && bytes[place] === QUOTE) {
        place = this.#quotedField(bytes, place, end, last, field);
        if (place < 0) return place;
      } else {
        this.starts[field] = place;
        this.quoted[field] = 0;
        while (place < end) {
          const c = bytes[place];
          if (c === separator || c === LF || c === CR) break;
          place++;
        }
        this.ends[field] = place;
      }
      field++;
      if (place >= end) {
        this.fields = field;
        return last ? end : -1;
      }
      const c = bytes[place++];
      if (c === separator) continue;
      this.fields = field;
      if (c === LF) return place;
      if (place < end) return bytes[place] === LF ? place + 1 : place;
      return last ? place : -1;
    }
  }

  /** From the opening quote to the separator or line end after the closing one. */
  #quotedField(bytes: Uint8Array, at: number, end: number, last: boolean, field: number): number {
    let close = at + 1;
    let form = 1;
    for (;;) {
      while (close < end && bytes[close] !== QUOTE) close++;
      if (close >= end) return this.#wanting(last, 'a quoted field is never closed');
      if (close + 1 >= end && !last) return -1;
      if (close + 1 < end && bytes[close + 1] === QUOTE) {
        form = 2;
        close += 2;
      } else break;
    }
    this.starts[field] = at + 1;
    this.ends[field] = close;
    this.quoted[field] = form;
    let place = close + 1;
    while (place < end && bytes[place] === SPACE) place++;
    if (place >= end) return last ? end : -1;
    const c = bytes[place];
    if (c === this.#separator || c === LF || c === CR) return place;
    return this.#wanting(true, `field ${field + 1} has text after its closing quote`);
  }

  #wanting(last: boolean, fault: string): number {
    if (!last) return -1;
    this.fault = fault;
    return MALFORMED;
  }

  #grow(): void {
    const grow = <T extends Int32Array | Uint8Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.starts = grow(this.starts, new Int32Array(this.starts.length * 4));
    this.ends = grow(this.ends, new Int32Array(this.ends.length * 4));
    this.quoted = grow(this.quoted, new Uint8Array(this.quoted.length * 4));
  }

  /** Text of field i of the record just scanned, quotes undoubled. */
  text(bytes: Uint8Array, field: number): string {
    const from = this.starts[field];
    const raw = Buffer.from(bytes.buffer, bytes.byteOffset + from, this.ends[field] - from).toString('utf8');
    return this.quoted[field] === 2 ? raw.replaceAll('""', '"') : raw;
  }
}
