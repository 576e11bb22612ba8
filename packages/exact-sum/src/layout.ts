/**
 * The fixed-point layout shared by the TypeScript accumulator, the wasm accumulator and the byte format: DIGITS digits of 32 bits,
 * digit 0 bit 0 weighing 2^LOWEST_EXPONENT. It holds every float64, every exact product of two float64 (2^-2148 .. 2^2048, and
 * the 52 empty bits below a rounding error written as a float64), and 2^76 of the largest of them.
 */
export const DIGITS = 136;
export const DIGIT = 2 ** 32;
export const LOWEST_EXPONENT = -2227;

/** A float64 with biased exponent field e has its lowest bit at bit e + FIELD_OFFSET, so its digit is (e >>> 5) + 36. */
export const FIELD_OFFSET = -1075 - LOWEST_EXPONENT;

/** Flags of a sum that is not a number: bits of one small integer. */
export const FLAG_NAN = 1;
export const FLAG_POSITIVE_INFINITY = 2;
export const FLAG_NEGATIVE_INFINITY = 4;
export const FLAG_MASK = 7;

/** Bytes of a wasm accumulator: DIGITS signed 64-bit digits, then flags (int32) and private state. */
export const ACCUMULATOR_BYTES = 1152;
export const ACCUMULATOR_FLAGS_OFFSET = DIGITS * 8;
