import { powerOfTwo } from './float-bits.js';
import { DIGIT, DIGITS, LOWEST_EXPONENT } from './layout.js';

/** A sum as sign and magnitude: digits in [0, 2^32), `low` and `high` the first and last that are not 0 (high < 0 for zero). */
export interface Magnitude {
  digits: Float64Array;
  negative: boolean;
  low: number;
  high: number;
}

/** Carries upwards in place: afterwards every digit is in [0, 2^32) but the last, which holds the sign. */
export function carry(digits: Float64Array): void {
  let over = 0;
  for (let i = 0; i < DIGITS - 1; i++) {
    const digit = digits[i] + over;
    over = Math.floor(digit / DIGIT);
    digits[i] = digit - over * DIGIT;
  }
  digits[DIGITS - 1] += over;
}

/** Sign and magnitude of carried digits; the digits given stay as they are. */
export function toMagnitude(carried: Float64Array): Magnitude {
  const negative = carried[DIGITS - 1] < 0;
  const digits = carried.slice(0, DIGITS);
  if (negative) {
    for (let i = 0; i < DIGITS; i++) digits[i] = -digits[i];
    carry(digits);
  }
  let low = 0;
  let high = DIGITS - 1;
  while (high >= 0 && digits[high] === 0) high--;
  while (low < high && digits[low] === 0) low++;
  return { digits, negative, low: high < 0 ? 0 : low, high };
}

const LOWEST_DENORMAL_BIT = -1074 - LOWEST_EXPONENT;
const HIGHEST_UNIT = 971;

/** The float64 nearest to the magnitude, ties to even; Infinity when it is too large. */
export function roundMagnitude({ digits, low, high, negative }: Magnitude): number {
  if (high < 0) return 0;
  const top = 32 * high + 31 - Math.clz32(digits[high]);
  const unit = Math.max(top - 52, LOWEST_DENORMAL_BIT);
  const exponent = unit + LOWEST_EXPONENT;
  if (exponent > HIGHEST_UNIT) return negative ? -Infinity : Infinity;
  let kept = unit > top ? 0 : bitsFrom(digits, unit);
  if (isRoundedUp(digits, low, unit - 1, kept)) kept += 1;
  const value = kept * powerOfTwo(exponent);
  return negative && value !== 0 ? -value : value;
}

/** The at most 53 bits from `unit` upwards, as an integer. */
function bitsFrom(digits: Float64Array, unit: number): number {
  const at = unit >>> 5;
  const shift = unit & 31;
  const second = at + 1 < DIGITS ? digits[at + 1] * powerOfTwo(32 - shift) : 0;
  const third = at + 2 < DIGITS ? digits[at + 2] * powerOfTwo(64 - shift) : 0;
  return (digits[at] >>> shift) + second + third;
}

function isRoundedUp(digits: Float64Array, low: number, halfBit: number, kept: number): boolean {
  const at = halfBit >>> 5;
  const digit = digits[at] >>> 0;
  const half = 2 ** (halfBit & 31);
  if ((digit & half) === 0) return false;
  return kept % 2 === 1 || digit % half !== 0 || low < at;
}
