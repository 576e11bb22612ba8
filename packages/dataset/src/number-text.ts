import { roundToBrain, roundToHalf } from './half.js';
import type { ColumnType } from './types.js';

/**
 * Text of a number in every `text` read and every distinct value: the shortest decimal that gives the same value back in
 * its own type (0.1 of an f32 column is "0.1"), "NaN", "Infinity", "-Infinity"; negative zero is "0"; bool is "true"/"false".
 * 64-bit integers beyond 2^53 must be made from their bits (`String(bigint)`), not through this function.
 */
export function numberText(value: number, type: ColumnType): string {
  if (type === 'bool') return value === 0 ? 'false' : 'true';
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 24) return String(value);
  if (type === 'f32') return shortest(value, 9, Math.fround);
  if (type === 'f16') return shortest(value, 5, roundToHalf);
  if (type === 'bf16') return shortest(value, 4, roundToBrain);
  return String(value);
}

/** `most` significant digits always tell two neighbours of the type apart. */
function shortest(value: number, most: number, round: (x: number) => number): string {
  if (!Number.isFinite(value)) return String(value);
  for (let digits = 1; digits < most; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (round(candidate) === value) return String(candidate);
  }
  return String(Number(value.toPrecision(most)));
}
