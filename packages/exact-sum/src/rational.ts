import type { Magnitude } from './digits.js';
import { LOWEST_EXPONENT } from './layout.js';

/** The value of a magnitude as numerator * 2^exponent, numerator odd (0 and 0 for zero). */
export function toRational({ digits, negative, low, high }: Magnitude): { numerator: bigint; exponent: number } {
  if (high < 0) return { numerator: 0n, exponent: 0 };
  let numerator = 0n;
  for (let i = high; i >= low; i--) numerator = (numerator << 32n) | BigInt(digits[i]);
  const trailing = 31 - Math.clz32(digits[low] & -digits[low]);
  numerator >>= BigInt(trailing);
  return { numerator: negative ? -numerator : numerator, exponent: LOWEST_EXPONENT + 32 * low + trailing };
}
