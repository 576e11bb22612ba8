/**
 * Decimal text to float64, correctly rounded (the same bits as `Number(text)`), straight from bytes.
 *
 * Grammar: [+-] digits [. digits] [e [+-] digits], also ".5" and "5."; nan, inf, infinity in any case, with a sign.
 * Up to 15 digits and a power of ten up to 22 are exact in one float64 operation (Clinger 1990). Longer ones are computed
 * in double-double arithmetic with a proven error bound; when the bound does not decide the rounding, `Number` does.
 */

const POWERS = Array.from({ length: 23 }, (_, k) => Number(`1e${k}`));
/** Greatest |k| for which 10^k is held as a double-double. */
const REACH = 64;
/** 10^k as an unevaluated sum high + low, relative error below 2^-103, index k + REACH. */
const HIGH = new Float64Array(2 * REACH + 1);
const LOW = new Float64Array(2 * REACH + 1);
/** Relative error of the double-double path is below 2^-98 (a handful of operations of 2^-104 each). */
const ERROR = 2 ** -98;
const SPLIT = 2 ** 27 + 1;

for (let k = -REACH; k <= REACH; k++) {
  const high = Number(`1e${k}`);
  HIGH[k + REACH] = high;
  LOW[k + REACH] = k < 0 ? lowOfInverse(high, -k) : Number(10n ** BigInt(k) - BigInt(high));
}

/** 10^-k - high: high = m / 2^s exactly, so the difference is (2^s - m * 10^k) / (10^k * 2^s). */
function lowOfInverse(high: number, k: number): number {
  let shift = 0;
  let scaled = high;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    shift++;
  }
  const difference = 2n ** BigInt(shift) - BigInt(scaled) * 10n ** BigInt(k);
  return Number(difference) / Number(`1e${k}`) / 2 ** shift;
}

/**
 * The number in bytes [start, end), or NaN when it is not one ("nan" itself gives NaN too: see isNotANumber).
 * No spaces around it.
 */
export function parseDecimal(bytes: Uint8Array, start: number, end: number): number {
  if (end - start <= 15) {
    const value = parseShort(bytes, start, end);
    if (!Number.isNaN(value)) return value;
  }
  return parseAny(bytes, start, end);
}

/** [-] digits [. digits] of at most 15 bytes: exact digits, one division. NaN for all else. */
function parseShort(bytes: Uint8Array, start: number, end: number): number {
  const negative = bytes[start] === 45;
  const from = negative ? start + 1 : start;
  let at = from;
  let digits = 0;
  let c = 0;
  for (; at < end; at++) {
    c = bytes[at] - 48;
    if (c < 0 || c > 9) break;
    digits = digits * 10 + c;
  }
  if (at < end) {
    if (c !== -2) return Number.NaN;
    const point = ++at;
    for (; at < end; at++) {
      c = bytes[at] - 48;
      if (c < 0 || c > 9) return Number.NaN;
      digits = digits * 10 + c;
    }
    if (end - from === 1) return Number.NaN;
    digits /= POWERS[end - point];
  } else if (at === from) return Number.NaN;
  return negative ? -digits : digits;
}

function parseAny(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  let negative = false;
  const sign = bytes[at];
  if (sign === 45 || sign === 43) {
    negative = sign === 45;
    at++;
  }
  let digits = 0; // significant digits so far, leading zeros left out
  let seen = 0; // digits of any kind
  let first = 0; // the first 15 significant digits
  let rest = 0; // the next 8
  let scale = 0; // decimal exponent of the digits as an integer
  let point = false;
  for (; at < end; at++) {
    const c = bytes[at] - 48;
    if (c >= 0 && c <= 9) {
      seen++;
      if (point) scale--;
      if (digits < 15) {
        first = first * 10 + c;
        if (first !== 0) digits++;
      } else {
        if (digits < 23) rest = rest * 10 + c;
        digits++;
      }
    } else if (c === -2 && !point) point = true;
    else break;
  }
  if (seen === 0) return infinityOf(bytes, start, end);
  if (at < end) {
    scale += exponentOf(bytes, at, end);
    if (Number.isNaN(scale)) return Number.NaN;
  }
  const value = combined(first, rest, digits, scale);
  if (Number.isNaN(value)) return slowly(bytes, start, end);
  return negative ? -value : value;
}

/** NaN when it takes the slow way. */
function combined(first: number, rest: number, digits: number, scale: number): number {
  if (first === 0) return 0;
  if (digits > 23 || scale < -REACH || scale > REACH) return Number.NaN;
  return digits <= 15 ? exactly(first, scale) : scaled(first, rest, digits - 15, scale);
}

/** The value of `e5`, `E-03`: bytes from the letter to the end; NaN when it is something else. Capped where float64 is 0 or infinite anyway. */
export function exponentOf(bytes: Uint8Array, start: number, end: number): number {
  if ((bytes[start] | 32) !== 101) return Number.NaN;
  let at = start + 1;
  const sign = bytes[at];
  if (sign === 45 || sign === 43) at++;
  if (at >= end) return Number.NaN;
  let exponent = 0;
  for (; at < end; at++) {
    const c = bytes[at] - 48;
    if (!(c >= 0 && c <= 9)) return Number.NaN;
    if (exponent < 1e9) exponent = exponent * 10 + c;
  }
  return sign === 45 ? -exponent : exponent;
}

/** digits * 10^scale where both are exact, so that one rounding happens; the general way elsewhere. */
function exactly(digits: number, scale: number): number {
  if (scale === 0 || digits === 0) return digits;
  if (scale < 0 && scale >= -22) return digits / POWERS[-scale];
  if (scale > 0 && scale <= 22) return digits * POWERS[scale];
  return scaled(digits, 0, 0, scale);
}

/** (first * 10^count + rest) * 10^scale rounded to nearest even; NaN when the error bound leaves the rounding open. */
function scaled(first: number, rest: number, count: number, scale: number): number {
  // The digits as high + low: first * 10^count by an exact product, then plus rest.
  const power = POWERS[count];
  const product = first * power;
  let t = SPLIT * first;
  const ah = t - (t - first);
  const al = first - ah;
  t = SPLIT * power;
  const bh = t - (t - power);
  const bl = power - bh;
  const productLow = al * bl - (product - ah * bh - al * bh - ah * bl);
  const high = product + rest;
  const part = high - product;
  const low = product - (high - part) + (rest - part) + productLow;
  // Times 10^scale.
  const ph = HIGH[scale + REACH];
  const result = high * ph;
  t = SPLIT * high;
  const ch = t - (t - high);
  const cl = high - ch;
  t = SPLIT * ph;
  const dh = t - (t - ph);
  const dl = ph - dh;
  const tail = cl * dl - (result - ch * dh - cl * dh - ch * dl) + (high * LOW[scale + REACH] + low * ph);
  const slack = result * ERROR;
  const up = result + (tail + slack);
  return up === result + (tail - slack) ? up : Number.NaN;
}

function slowly(bytes: Uint8Array, start: number, end: number): number {
  return Number(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1'));
}

/** Infinity in its spellings; NaN for anything else. */
export function infinityOf(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > 9) return Number.NaN;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
    .toString('latin1')
    .toLowerCase();
  if (/^\+?inf(inity)?$/.test(text)) return Number.POSITIVE_INFINITY;
  if (/^-inf(inity)?$/.test(text)) return Number.NEGATIVE_INFINITY;
  return Number.NaN;
}

/** Whether bytes [start, end) spell the value NaN (any case, a sign allowed). */
export function isNotANumber(bytes: Uint8Array, start: number, end: number): boolean {
  const at = bytes[start] === 45 || bytes[start] === 43 ? start + 1 : start;
  return end - at === 3 && (bytes[at] | 32) === 110 && (bytes[at + 1] | 32) === 97 && (bytes[at + 2] | 32) === 110;
}
