import { isNotANumber } from './text/decimal.js';
import { fitsInt64 } from './text/kinds.js';

/** What a value is; bits, so that a column can collect them. 0 is null or no such key. */
export const VALUE = { integer: 1, real: 2, bool: 4, text: 8, numberText: 16, list: 32, nested: 64 } as const;

const NUMBER = VALUE.integer | VALUE.real | VALUE.numberText;
const DEEPEST = 500;

/** The bytes are not JSON at a place. */
export class JsonFault extends Error {
  constructor(
    readonly at: number,
    readonly what: string,
  ) {
    super(what);
  }
}

/**
 * Takes one JSON object (RFC 8259) apart without making objects: for each key the place and kind of its value. Strict,
 * except that NaN, Infinity and -Infinity are accepted as Python's json writes them. The last of equal keys counts.
 */
export class JsonScanner {
  readonly names: string[] = [];
  /** Per column: VALUE, and bytes [starts, ends) of the value: strings without their quotes, lists with brackets. */
  kinds = new Uint8Array(16);
  starts = new Int32Array(16);
  ends = new Int32Array(16);
  /** Of strings: 1 when they have escapes. */
  escaped = new Uint8Array(16);
  /** Of lists: number of elements, and the VALUE bits of those that are not null. */
  lengths = new Int32Array(16);
  elements = new Uint8Array(16);
  readonly #keys: Uint8Array[] = [];
  readonly #columns = new Map<string, number>();
  /** Column that the k-th key of the last object was. */
  readonly #order: number[] = [];
  #bytes: Uint8Array = new Uint8Array(0);
  #end = 0;
  // The value scanned last.
  #kind = 0;
  #escaped = 0;
  #length = 0;
  #elements = 0;

  constructor(names: readonly string[] = []) {
    for (const name of names) this.#add(name);
  }

  /** Scans the object that fills bytes [start, end), spaces around it allowed. */
  scan(bytes: Uint8Array, start: number, end: number): void {
    this.#bytes = bytes;
    this.#end = end;
    this.kinds.fill(0);
    let at = this.#space(start);
    if (bytes[at] !== 123 || at >= end) throw new JsonFault(at, 'an object in braces is expected');
    at = this.#space(at + 1);
    if (at < end && bytes[at] === 125) at++;
    else at = this.#members(at);
    at = this.#space(at);
    if (at < end) throw new JsonFault(at, 'text after the object');
  }

  #members(start: number): number {
    let at = start;
    for (let turn = 0; ; turn++) {
      if (at >= this.#end || this.#bytes[at] !== 34) throw new JsonFault(at, 'a key in quotes is expected');
      const close = this.#string(at);
      const column = this.#column(at + 1, close - 1, turn);
      at = this.#space(close);
      if (at >= this.#end || this.#bytes[at] !== 58) throw new JsonFault(at, "':' is expected");
      at = this.#space(at + 1);
      const end = this.#value(at, 0);
      const inner = (this.#kind & (VALUE.text | VALUE.numberText)) !== 0 ? 1 : 0;
      this.kinds[column] = this.#kind;
      this.starts[column] = at + inner;
      this.ends[column] = end - inner;
      this.escaped[column] = this.#escaped;
      this.lengths[column] = this.#length;
      this.elements[column] = this.#elements;
      at = this.#space(end);
      const c = at < this.#end ? this.#bytes[at] : 0;
      if (c === 125) return at + 1;
      if (c !== 44) throw new JsonFault(at, "',' or '}' is expected");
      at = this.#space(at + 1);
    }
  }

  /** Number of the column of the key in bytes [start, end), tried first as the one that stood here in the last object. */
  #column(start: number, end: number, turn: number): number {
    const guess = this.#order[turn];
    if (guess !== undefined && this.#escaped === 0 && this.#isKey(guess, start, end)) return guess;
    const name = this.#text(start, end, this.#escaped);
    const column = this.#columns.get(name) ?? this.#add(name);
    this.#order[turn] = column;
    return column;
  }

  #isKey(column: number, start: number, end: number): boolean {
    const key = this.#keys[column];
    const bytes = this.#bytes;
    if (key.length !== end - start) return false;
    for (let i = 0; i < key.length; i++) if (key[i] !== bytes[start + i]) return false;
    return true;
  }

  #add(name: string): number {
    const column = this.names.length;
    this.names.push(name);
    this.#keys.push(Buffer.from(name));
    this.#columns.set(name, column);
    if (column === this.kinds.length) {
      for (const key of ['kinds', 'escaped', 'elements'] as const)
        this[key] = grown(this[key], new Uint8Array(column * 2));
      for (const key of ['starts', 'ends', 'lengths'] as const)
        this[key] = grown(this[key], new Int32Array(column * 2));
    }
    return column;
  }

  /** Text of the string in bytes [start, end), without quotes. */
  #text(start: number, end: number, escaped: number): string {
    const text = Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + start, end - start).toString('utf8');
    return escaped ? (JSON.parse(`"${text}"`) as string) : text;
  }

  /** Text of a column's string. */
  textOf(column: number): string {
    return this.#text(this.starts[column], this.ends[column], this.escaped[column]);
  }

  /** The value that begins at `at`: sets #kind, returns its end. */
  #value(at: number, depth: number): number {
    const c = at < this.#end ? this.#bytes[at] : 0;
    if (c === 34) {
      const end = this.#string(at);
      this.#kind = this.#escaped === 0 && this.#isNumberText(at + 1, end - 1) ? VALUE.numberText : VALUE.text;
      return end;
    }
    if (c === 91) return this.#list(at, depth + 1);
    if (c === 123) return this.#object(at, depth + 1);
    if (c === 116) return this.#word(at, 'true', VALUE.bool);
    if (c === 102) return this.#word(at, 'false', VALUE.bool);
    if (c === 110) return this.#word(at, 'null', 0);
    if (c === 78) return this.#word(at, 'NaN', VALUE.real);
    if (c === 73) return this.#word(at, 'Infinity', VALUE.real);
    if (c === 45 && this.#bytes[at + 1] === 73) return this.#word(at, '-Infinity', VALUE.real);
    return this.#number(at);
  }

  #number(start: number): number {
    const bytes = this.#bytes;
    const end = this.#end;
    let at = bytes[start] === 45 ? start + 1 : start;
    const first = at;
    while (at < end && bytes[at] >= 48 && bytes[at] <= 57) at++;
    if (at === first || start >= end) throw new JsonFault(start, 'a value is expected');
    if (bytes[first] === 48 && at > first + 1) throw new JsonFault(first, 'a number must not begin with 0');
    this.#kind = VALUE.integer;
    if (at < end && bytes[at] === 46) {
      this.#kind = VALUE.real;
      at = this.#digits(at + 1);
    }
    if (at < end && (bytes[at] | 32) === 101) {
      this.#kind = VALUE.real;
      at++;
      if (at < end && (bytes[at] === 45 || bytes[at] === 43)) at++;
      at = this.#digits(at);
    }
    if (at - first > 18 && this.#kind === VALUE.integer && !fitsInt64(bytes, start, at)) this.#kind = VALUE.real;
    return at;
  }

  #digits(start: number): number {
    let at = start;
    while (at < this.#end && this.#bytes[at] >= 48 && this.#bytes[at] <= 57) at++;
    if (at === start) throw new JsonFault(at, 'a digit is expected');
    return at;
  }

  #list(start: number, depth: number): number {
    if (depth > DEEPEST) throw new JsonFault(start, `values nested deeper than ${DEEPEST} are not read`);
    let length = 0;
    let seen = 0;
    let at = this.#space(start + 1);
    if (at < this.#end && this.#bytes[at] === 93) at++;
    else {
      for (;;) {
        at = this.#space(this.#value(at, depth));
        seen |= this.#kind;
        length++;
        const c = at < this.#end ? this.#bytes[at++] : 0;
        if (c === 93) break;
        if (c !== 44) throw new JsonFault(at - 1, "',' or ']' is expected");
        at = this.#space(at);
      }
    }
    this.#kind = (seen & ~(NUMBER | VALUE.bool)) === 0 ? VALUE.list : VALUE.nested;
    this.#length = length;
    this.#elements = seen;
    return at;
  }

  #object(start: number, depth: number): number {
    if (depth > DEEPEST) throw new JsonFault(start, `values nested deeper than ${DEEPEST} are not read`);
    let at = this.#space(start + 1);
    if (at < this.#end && this.#bytes[at] === 125) at++;
    else {
      for (;;) {
        if (at >= this.#end || this.#bytes[at] !== 34) throw new JsonFault(at, 'a key in quotes is expected');
        at = this.#space(this.#string(at));
        if (at >= this.#end || this.#bytes[at] !== 58) throw new JsonFault(at, "':' is expected");
        at = this.#space(this.#value(this.#space(at + 1), depth));
        const c = at < this.#end ? this.#bytes[at++] : 0;
        if (c === 125) break;
        if (c !== 44) throw new JsonFault(at - 1, "',' or '}' is expected");
        at = this.#space(at);
      }
    }
    this.#kind = VALUE.nested;
    return at;
  }

  /** The string whose opening quote is at `start`: the place after its closing one; sets #escaped. */
  #string(start: number): number {
    const bytes = this.#bytes;
    const end = this.#end;
    this.#escaped = 0;
    for (let at = start + 1; at < end; at++) {
      const c = bytes[at];
      if (c === 34) return at + 1;
      if (c < 32) throw new JsonFault(at, 'a control character in a string must be escaped');
      if (c === 92) {
        this.#escaped = 1;
        at = this.#escape(at + 1);
      }
    }
    throw new JsonFault(start, 'the string is never closed');
  }

  /** Checks the escape after a backslash; the place of its last byte. */
  #escape(at: number): number {
    const c = at < this.#end ? String.fromCharCode(this.#bytes[at]) : '';
    if (c !== '' && '"\\/bfnrt'.includes(c)) return at;
    const digits = Buffer.from(
      this.#bytes.buffer,
      this.#bytes.byteOffset + at + 1,
      Math.max(0, Math.min(4, this.#end - at - 1)),
    );
    if (c === 'u' && /^[0-9a-fA-F]{4}$/.test(digits.toString('latin1'))) return at + 4;
    throw new JsonFault(at - 1, 'the escape is not valid');
  }

  /** "NaN", "Infinity" or "-Infinity", as numbers that JSON cannot hold are written. */
  #isNumberText(start: number, end: number): boolean {
    const length = end - start;
    if (length === 3)
      return this.#bytes[start] === 78 && isNotANumber(this.#bytes, start, end) && this.#bytes[start + 2] === 78;
    if (length === 8) return this.#bytes[start] === 73 && this.#spells(start, 'Infinity');
    return length === 9 && this.#bytes[start] === 45 && this.#spells(start, '-Infinity');
  }

  #word(at: number, word: string, kind: number): number {
    if (at + word.length > this.#end || !this.#spells(at, word)) throw new JsonFault(at, 'a value is expected');
    this.#kind = kind;
    return at + word.length;
  }

  #spells(at: number, word: string): boolean {
    for (let i = 0; i < word.length; i++) if (this.#bytes[at + i] !== word.charCodeAt(i)) return false;
    return true;
  }

  #space(start: number): number {
    const bytes = this.#bytes;
    if (bytes[start] > 32) return start;
    let at = start;
    while (at < this.#end) {
      const c = bytes[at];
      if (c !== 32 && c !== 9 && c !== 13 && c !== 10) break;
      at++;
    }
    return at;
  }
}

function grown<T extends Uint8Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** Place of the line end at or after `at`; `end` when there is none and these are the last bytes; else -1. */
export function lineEnd(bytes: Uint8Array, at: number, end: number, last: boolean): number {
  const place = bytes.indexOf(10, at);
  if (place >= 0 && place < end) return place;
  return last ? end : -1;
}

/** Whether bytes [start, end) are nothing but spaces. */
export function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const c = bytes[at];
    if (c !== 32 && c !== 9 && c !== 13) return false;
  }
  return true;
}
