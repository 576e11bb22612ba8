import { isUtf8 } from 'node:buffer';
import { DataError } from '../../errors.js';
import { rowText } from './window.js';

/** Place of the first byte that cannot be UTF-8 in bytes [start, end), or -1 when all are. */
export function firstInvalidUtf8(bytes: Uint8Array, start: number, end: number): number {
  if (isUtf8(bytes.subarray(start, end))) return -1;
  // Halve down to a window that holds the fault; characters cut by a border are told from faults by looking 3 bytes on.
  let low = start;
  let high = end;
  while (high - low > 64) {
    const middle = characterStart(bytes, (low + high) >>> 1, low);
    if (middle <= low) break;
    if (isUtf8(bytes.subarray(low, middle))) low = middle;
    else high = middle;
  }
  for (let at = low; at < high; ) {
    const length = [1, 2, 3, 4].find((n) => at + n <= end && isUtf8(bytes.subarray(at, at + n)));
    if (length === undefined) return at;
    at += length;
  }
  return low;
}

/** The nearest place at or before `at` that does not continue a character. */
function characterStart(bytes: Uint8Array, at: number, low: number): number {
  let place = at;
  while (place > low && place > at - 4 && (bytes[place] & 0xc0) === 0x80) place--;
  return place;
}

export function notUtf8(uri: string, row: number, offset: number, byte: number): DataError {
  return new DataError(
    'TEXT_ENCODING',
    `${uri}, row ${rowText(row)}: byte ${offset} (0x${byte.toString(16).padStart(2, '0')}) is not valid UTF-8. Save the file as UTF-8, for example: iconv -f LATIN1 -t UTF-8.`,
    { source: uri, row },
  );
}
