import { halfTable, widenBrain, widenHalves } from './half.js';
import { numberText } from './number-text.js';
import type { ColumnType, Dictionary, NumberType } from './types.js';

/** Stored numbers in machine byte order; 64-bit integers are two 32-bit halves an element, low half first; f16 and bf16 are bits; bool are bytes. */
export type RawNumbers =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array;

const sizes: Record<NumberType, number> = {
  f16: 2,
  bf16: 2,
  f32: 4,
  f64: 8,
  i8: 1,
  i16: 2,
  i32: 4,
  i64: 8,
  u8: 1,
  u16: 2,
  u32: 4,
  u64: 8,
  bool: 1,
};

/** Bytes of one stored element. */
export function sizeOf(type: NumberType): number {
  return sizes[type];
}

/** A view of `count` elements; `byteOffset` must be aligned to the element (to 4 bytes for 64-bit integers). */
export function rawView(type: NumberType, buffer: ArrayBufferLike, byteOffset: number, count: number): RawNumbers {
  switch (type) {
    case 'f32':
      return new Float32Array(buffer, byteOffset, count);
    case 'f64':
      return new Float64Array(buffer, byteOffset, count);
    case 'i8':
      return new Int8Array(buffer, byteOffset, count);
    case 'i16':
      return new Int16Array(buffer, byteOffset, count);
    case 'i32':
      return new Int32Array(buffer, byteOffset, count);
    case 'i64':
      return new Int32Array(buffer, byteOffset, 2 * count);
    case 'u8':
    case 'bool':
      return new Uint8Array(buffer, byteOffset, count);
    case 'f16':
    case 'bf16':
    case 'u16':
      return new Uint16Array(buffer, byteOffset, count);
    case 'u32':
      return new Uint32Array(buffer, byteOffset, count);
    case 'u64':
      return new Uint32Array(buffer, byteOffset, 2 * count);
  }
}

/** Reverses the bytes of every element in place. */
export function swapBytes(bytes: Uint8Array, size: number): void {
  if (size === 1) return;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (size === 2) buffer.swap16();
  else if (size === 4) buffer.swap32();
  else buffer.swap64();
}

/** Converts all of `raw` into `out`, which has one place an element. Every result is the stored value rounded once. */
export function convertNumbers(raw: RawNumbers, type: NumberType, out: Float32Array | Float64Array): void {
  switch (type) {
    case 'f16':
      widenHalves(raw, out);
      return;
    case 'bf16':
      widenBrain(raw, out);
      return;
    case 'bool':
      for (let index = 0; index < raw.length; index++) out[index] = raw[index] === 0 ? 0 : 1;
      return;
    case 'i64':
    case 'u64':
      if (out instanceof Float32Array) convertWideToSingle(raw, out);
      else convertWide(raw, out);
      return;
    default:
      out.set(raw);
  }
}

/** high * 2^32 is exact, so the one addition rounds correctly. */
function convertWide(raw: RawNumbers, out: Float64Array): void {
  for (let index = 0, at = 0; at < raw.length; index++, at += 2) {
    out[index] = raw[at + 1] * 4294967296 + (raw[at] >>> 0);
  }
}

function convertWideToSingle(raw: RawNumbers, out: Float32Array): void {
  for (let index = 0, at = 0; at < raw.length; index++, at += 2) {
    const high = raw[at + 1] * 4294967296;
    const low = raw[at] >>> 0;
    const sum = high + low;
    out[index] = Math.abs(sum) < 2 ** 53 ? sum : roundOdd(high, low, sum);
  }
}

const roundedBits = new Float64Array(1);
const roundedWord = new Int32Array(roundedBits.buffer, 0, 1);

/**
 * The sum rounded "to odd" instead of to nearest, so that rounding it again to float32 gives the same as rounding the
 * exact integer once (Boldo and Melquiond, "Emulation of FMA and correctly rounded sums", 2008).
 */
function roundOdd(high: number, low: number, sum: number): number {
  const error = low - (sum - high);
  roundedBits[0] = sum;
  if (error === 0 || roundedWord[0] & 1) return sum;
  const larger = error > 0 === sum > 0;
  if (larger) roundedWord[0] += 1;
  else return stepTowardsZero(sum);
  return roundedBits[0];
}

const steps = new BigInt64Array(roundedBits.buffer);

function stepTowardsZero(value: number): number {
  roundedBits[0] = value;
  steps[0] -= 1n;
  return roundedBits[0];
}

/** Writes dictionary codes of the elements' text (see numberText) for all of `raw`. */
export type TextCoder = (raw: RawNumbers, codes: Int32Array) => void;

/** Distinct numbers whose codes are remembered; beyond it the text is made again. */
const rememberedTexts = 100_000;

/**
 * @param type how the elements are stored
 * @param textType the type whose text is wanted: the same, or the one the column is promoted to
 */
export function createTextCoder(type: NumberType, textType: ColumnType, dictionary: Dictionary): TextCoder {
  const known = new Map<number, number>();
  const codeOf = (value: number): number => {
    let code = known.get(value);
    if (code === undefined) {
      code = dictionary.code(numberText(value, textType));
      if (known.size < rememberedTexts) known.set(value, code);
    }
    return code;
  };
  if (type === 'i64' || type === 'u64') return (raw, codes) => wideCodes(raw, codes, codeOf, dictionary);
  if (type === 'f16') {
    const table = halfTable();
    return (raw, codes) => {
      for (let index = 0; index < raw.length; index++) codes[index] = codeOf(table[raw[index]]);
    };
  }
  if (type === 'bf16') {
    return (raw, codes) => {
      const values = new Float32Array(raw.length);
      widenBrain(raw, values);
      for (let index = 0; index < raw.length; index++) codes[index] = codeOf(values[index]);
    };
  }
  if (type === 'bool') {
    return (raw, codes) => {
      for (let index = 0; index < raw.length; index++) codes[index] = codeOf(raw[index] === 0 ? 0 : 1);
    };
  }
  return (raw, codes) => {
    for (let index = 0; index < raw.length; index++) codes[index] = codeOf(raw[index]);
  };
}

function wideCodes(
  raw: RawNumbers,
  codes: Int32Array,
  codeOf: (value: number) => number,
  dictionary: Dictionary,
): void {
  for (let index = 0, at = 0; at < raw.length; index++, at += 2) {
    const low = raw[at] >>> 0;
    const value = raw[at + 1] * 4294967296 + low;
    codes[index] = Number.isSafeInteger(value)
      ? codeOf(value)
      : dictionary.code(String(BigInt(raw[at + 1]) * 4294967296n + BigInt(low)));
  }
}
