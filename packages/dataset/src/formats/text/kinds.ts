import { exponentOf, infinityOf, isNotANumber } from './decimal.js';

/** What the text of a value is; the numbers are bits so that a column can collect them. */
export const KIND = { missing: 0, integer: 1, real: 2, bool: 4, text: 8 } as const;

/** 1 for true, 0 for false (any case), -1 for anything else. */
export function parseBool(bytes: Uint8Array, start: number, end: number): number {
  const c = bytes[start] | 32;
  if (end - start === 4 && c === 116) return spells(bytes, start, 'true') ? 1 : -1;
  if (end - start === 5 && c === 102) return spells(bytes, start, 'false') ? 0 : -1;
  return -1;
}

function spells(bytes: Uint8Array, start: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) if ((bytes[start + i] | 32) !== word.charCodeAt(i)) return false;
  return true;
}

/** KIND of the value in bytes [start, end), spaces already trimmed. Agrees with parseDecimal and parseBool. */
export function kindOf(bytes: Uint8Array, start: number, end: number): number {
  if (start === end) return KIND.missing;
  let at = start;
  if (bytes[at] === 45 || bytes[at] === 43) at++;
  const from = at;
  while (at < end && bytes[at] >= 48 && bytes[at] <= 57) at++;
  let digits = at - from;
  if (at === end && digits > 0) {
    return digits <= 18 || fitsInt64(bytes, start, end) ? KIND.integer : KIND.real;
  }
  if (at < end && bytes[at] === 46) {
    const point = at++;
    while (at < end && bytes[at] >= 48 && bytes[at] <= 57) at++;
    digits += at - point - 1;
  }
  if (digits > 0 && (at === end || !Number.isNaN(exponentOf(bytes, at, end)))) return KIND.real;
  if (Math.abs(infinityOf(bytes, start, end)) === Number.POSITIVE_INFINITY) return KIND.real;
  if (isNotANumber(bytes, start, end)) return KIND.real;
  return parseBool(bytes, start, end) >= 0 ? KIND.bool : KIND.text;
}

/** Whether the integer in bytes [start, end) is one of 64 bits with sign. */
export function fitsInt64(bytes: Uint8Array, start: number, end: number): boolean {
  return BigInt.asIntN(64, integerOf(bytes, start, end)) === integerOf(bytes, start, end);
}

/** The integer in bytes [start, end) with all its digits. */
export function integerOf(bytes: Uint8Array, start: number, end: number): bigint {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
  return BigInt(text.startsWith('+') ? text.slice(1) : text);
}
