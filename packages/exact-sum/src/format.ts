import type { Magnitude } from './digits.js';
import { ExactSumFormatError } from './errors.js';
import { DIGITS, FLAG_MASK } from './layout.js';

// Bytes: 'X' 'S' version flags low:u16 count:u16 then count digits u32, all little endian. Digit i weighs 2^(LOWEST_EXPONENT + 32 i).
const MAGIC_FIRST = 0x58;
const MAGIC_SECOND = 0x53;
const VERSION = 1;
const HEADER = 8;
const NEGATIVE = 8;

export function encodeSum({ digits, negative, low, high }: Magnitude, flags: number): Uint8Array {
  const count = high < 0 ? 0 : high - low + 1;
  const bytes = new Uint8Array(HEADER + 4 * count);
  const view = new DataView(bytes.buffer);
  bytes.set([MAGIC_FIRST, MAGIC_SECOND, VERSION, flags | (negative ? NEGATIVE : 0)]);
  view.setUint16(4, low, true);
  view.setUint16(6, count, true);
  for (let i = 0; i < count; i++) view.setUint32(HEADER + 4 * i, digits[low + i], true);
  return bytes;
}

/** Writes the sum's signed digits into `digits` (all 0 before) and returns its flags. */
export function decodeSum(bytes: Uint8Array, digits: Float64Array): number {
  const { view, low, count } = readHeader(bytes);
  const sign = (bytes[3] & NEGATIVE) === 0 ? 1 : -1;
  for (let i = 0; i < count; i++) digits[low + i] = sign * view.getUint32(HEADER + 4 * i, true);
  if (count === 0 ? low !== 0 || sign < 0 : digits[low] === 0 || digits[low + count - 1] === 0) {
    throw new ExactSumFormatError(
      'EXACT_SUM_NOT_CANONICAL',
      'An exact sum is written without zero digits at its ends, and zero without sign or offset; these bytes are not.',
    );
  }
  return bytes[3] & FLAG_MASK;
}

function readHeader(bytes: Uint8Array): { view: DataView; low: number; count: number } {
  if (bytes.length < HEADER) {
    fail('TRUNCATED', `An exact sum has at least ${HEADER} bytes; these are ${bytes.length}.`);
  }
  if (bytes[0] !== MAGIC_FIRST || bytes[1] !== MAGIC_SECOND) {
    fail('MAGIC', `An exact sum begins with the bytes 58 53; these begin with ${hex(bytes[0])} ${hex(bytes[1])}.`);
  }
  if (bytes[2] !== VERSION) {
    fail('VERSION', `Exact sum version ${bytes[2]} is not known here; version ${VERSION} is.`);
  }
  if (bytes[3] > (FLAG_MASK | NEGATIVE)) {
    fail('FLAGS', `The flags of an exact sum are at most ${FLAG_MASK | NEGATIVE}; these are ${bytes[3]}.`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const low = view.getUint16(4, true);
  const count = view.getUint16(6, true);
  if (bytes.length !== HEADER + 4 * count) {
    fail('LENGTH', `An exact sum of ${count} digits has ${HEADER + 4 * count} bytes; these are ${bytes.length}.`);
  }
  // The last digit carries the sign of a running sum, so a written one stays below half of it.
  if (low + count > DIGITS || (low + count === DIGITS && count > 0 && view.getInt32(bytes.length - 4, true) < 0)) {
    fail('RANGE', `An exact sum has digits 0 to ${DIGITS - 1}; these are ${low} to ${low + count - 1} or too large.`);
  }
  return { view, low, count };
}

function fail(fault: 'TRUNCATED' | 'MAGIC' | 'VERSION' | 'FLAGS' | 'LENGTH' | 'RANGE', message: string): never {
  throw new ExactSumFormatError(`EXACT_SUM_${fault}`, message);
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
