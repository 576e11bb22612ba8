import { readAccumulator } from './accumulator.js';
import { carry, roundMagnitude, toMagnitude } from './digits.js';
import { FLOAT, HIGH, LOW, SPECIAL_FIELD, WORDS } from './float-bits.js';
import { decodeSum, encodeSum } from './format.js';
import {
  ACCUMULATOR_BYTES,
  DIGITS,
  FIELD_OFFSET,
  FLAG_NAN,
  FLAG_NEGATIVE_INFINITY,
  FLAG_POSITIVE_INFINITY,
} from './layout.js';
import { isPlainProduct, productError, toMantissa } from './product.js';
import { toRational } from './rational.js';

// V8 folds a module's own constants into its code but loads imported ones at every use, which doubles the time of `add`.
const [float, words, highWord, lowWord] = [FLOAT, WORDS, HIGH, LOW];
const special = SPECIAL_FIELD;
const fieldOffset = FIELD_OFFSET;
const half = DIGITS;

/** Adds into a digit between two carries: 2^20 of them, each below 2^32, keep a float64 digit an exact integer. */
const ADDS_BEFORE_CARRY = 2 ** 20 - 4;

/**
 * The exact real sum of any number (up to 2^75) of float64 values and products of two. Adding and merging are associative and
 * commutative: neither order nor grouping changes `round()` or `toBytes()`.
 *
 * NaN and the infinities are remembered as flags beside the finite sum.
 */
export class ExactSum {
  // First the digits of the sum, then those of what was subtracted since the last carry (see layout.ts): choosing a half costs less
  // than a branch that random signs mispredict. Held as float64, which adds faster than int64 in JavaScript.
  #digits = new Float64Array(2 * DIGITS);
  #flags = 0;
  #pending = 0;

  /** Adds one value. */
  add(x: number): void {
    float[0] = x;
    const high = words[highWord];
    const low = words[lowWord];
    const field = (high >>> 20) & special;
    if (field === special) this.#addSpecial(x);
    else if (field === 0) this.#addBits(high & 0xfffff, low, 1 + fieldOffset, high >>> 31);
    else this.#addBits((high & 0xfffff) | 0x100000, low, field + fieldOffset, high >>> 31);
  }

  /** Adds the first `n` values of `x`. */
  addArray(x: ArrayLike<number>, n: number = x.length): void {
    for (let i = 0; i < n; i++) this.add(x[i]);
  }

  /** Adds the exact real product a * b, also where a * b has no float64 near it. */
  addProduct(a: number, b: number): void {
    const product = a * b;
    if (isPlainProduct(a, b)) {
      this.add(product);
      this.add(productError(a, b, product));
    } else if (!Number.isFinite(a) || !Number.isFinite(b)) {
      this.#addSpecial(product);
    } else if (a !== 0 && b !== 0) {
      const x = toMantissa(a);
      const y = toMantissa(b);
      const scaled = x.mantissa * y.mantissa;
      this.#addScaled(scaled, x.exponent + y.exponent);
      this.#addScaled(productError(x.mantissa, y.mantissa, scaled), x.exponent + y.exponent);
    }
  }

  /** Adds everything `other` holds; `other` stays as it is. */
  merge(other: ExactSum): void {
    // Carried digits count as one add, so many small sums merge without a carry between them.
    if (this.#pending + other.#pending + 1 >= ADDS_BEFORE_CARRY) {
      this.#carry();
      other.#carry();
    }
    const digits = this.#digits;
    const added = other.#digits;
    for (let i = 0; i < digits.length; i++) digits[i] += added[i];
    this.#pending += other.#pending + 1;
    this.#flags |= other.#flags;
  }

  clone(): ExactSum {
    const copy = new ExactSum();
    copy.merge(this);
    return copy;
  }

  /**
   * The float64 nearest to the sum (ties to even), Infinity beyond float64's range. A zero sum is +0. NaN if a NaN or infinities
   * of both signs were added, the infinity if one was.
   */
  round(): number {
    if (this.#flags !== 0) {
      if (this.#flags === FLAG_POSITIVE_INFINITY) return Infinity;
      return this.#flags === FLAG_NEGATIVE_INFINITY ? -Infinity : Number.NaN;
    }
    this.#carry();
    return roundMagnitude(toMagnitude(this.#digits));
  }

  /** Were only finite values added, and is their sum 0? */
  isZero(): boolean {
    this.#carry();
    return this.#flags === 0 && this.#digits.every((digit) => digit === 0);
  }

  /** Were only finite values added? */
  isFinite(): boolean {
    return this.#flags === 0;
  }

  /** The finite sum as numerator * 2^exponent, numerator odd or both 0. Throws RangeError if a NaN or an infinity was added. */
  toRational(): { numerator: bigint; exponent: number } {
    if (this.#flags !== 0) throw new RangeError('A sum that holds NaN or an infinity is not a rational number.');
    this.#carry();
    return toRational(toMagnitude(this.#digits));
  }

  /** Equal finite sums with equal flags give equal bytes. 8 bytes, and 4 for each 32-bit digit between the first and the last set. */
  toBytes(): Uint8Array {
    this.#carry();
    return encodeSum(toMagnitude(this.#digits), this.#flags);
  }

  /** Reads what `toBytes` wrote. Throws ExactSumFormatError for anything else. */
  static fromBytes(bytes: Uint8Array): ExactSum {
    const sum = new ExactSum();
    sum.#flags = decodeSum(bytes, sum.#digits);
    sum.#pending = 1;
    return sum;
  }

  /** Reads a wasm accumulator (ACCUMULATOR_BYTES bytes) after `exact_normalize`. */
  static fromAccumulator(accumulator: Uint8Array): ExactSum {
    if (accumulator.length !== ACCUMULATOR_BYTES) {
      throw new RangeError(`A wasm accumulator has ${ACCUMULATOR_BYTES} bytes; these are ${accumulator.length}.`);
    }
    const sum = new ExactSum();
    sum.#flags = readAccumulator(accumulator, sum.#digits);
    sum.#pending = 1;
    return sum;
  }

  #addSpecial(x: number): void {
    if (x > 0) this.#flags |= FLAG_POSITIVE_INFINITY;
    else if (x < 0) this.#flags |= FLAG_NEGATIVE_INFINITY;
    else this.#flags |= FLAG_NAN;
  }

  /** Adds x * 2^exponent for a normal x or 0. */
  #addScaled(x: number, exponent: number): void {
    if (x === 0) return;
    float[0] = x;
    const high = words[highWord];
    const field = (high >>> 20) & special;
    this.#addBits((high & 0xfffff) | 0x100000, words[lowWord], field + fieldOffset + exponent, high >>> 31);
  }

  /** Adds (high * 2^32 + low) * 2^bit in units of digit 0, high below 2^21; subtracts it when negative is 1. */
  #addBits(high: number, low: number, bit: number, negative: number): void {
    const digits = this.#digits;
    const at = (bit >>> 5) + negative * half;
    const shift = bit & 31;
    digits[at] += (low << shift) >>> 0;
    // Two shifts, because a shift by 32 would be a shift by 0.
    digits[at + 1] += ((high << shift) | ((low >>> (31 - shift)) >>> 1)) >>> 0;
    digits[at + 2] += (high >>> (31 - shift)) >>> 1;
    if (++this.#pending >= ADDS_BEFORE_CARRY) this.#carry();
  }

  #carry(): void {
    if (this.#pending === 0) return;
    const digits = this.#digits;
    for (let i = 0; i < DIGITS; i++) digits[i] -= digits[DIGITS + i];
    digits.fill(0, DIGITS);
    carry(digits);
    this.#pending = 0;
  }
}
