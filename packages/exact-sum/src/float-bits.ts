// One scratch pair for the whole module: written and read within a single call, so it carries no state.
const FLOAT = new Float64Array(1);
const WORDS = new Uint32Array(FLOAT.buffer);
const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
const HIGH = LITTLE_ENDIAN ? 1 : 0;
const LOW = LITTLE_ENDIAN ? 0 : 1;

/** Largest float64 exponent field of a finite number, plus one: NaN and the infinities. */
export const SPECIAL_FIELD = 0x7ff;

/** 2^exponent for -1074 <= exponent <= 1023, exact. */
export function powerOfTwo(exponent: number): number {
  WORDS[HIGH] = exponent >= -1022 ? (exponent + 1023) << 20 : exponent >= -1042 ? 1 << (exponent + 1042) : 0;
  WORDS[LOW] = exponent < -1042 ? 1 << (exponent + 1074) : 0;
  return FLOAT[0];
}

/** The exponent of a normal number: floor(log2(|x|)). */
export function exponentOf(x: number): number {
  FLOAT[0] = x;
  return ((WORDS[HIGH] >>> 20) & SPECIAL_FIELD) - 1023;
}

export { FLOAT, HIGH, LOW, WORDS };
