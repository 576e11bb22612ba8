// The wasm twin of ../src: an accumulator is ACC_BYTES bytes at a pointer, in the layout of ../src/layout.ts. Between two carries a
// digit may exceed 32 bits.

export const DIGITS: i32 = 136;
export const ACC_BYTES: usize = 1152;
export const LOWEST_EXPONENT: i32 = -2227;

const FIELD_OFFSET: i32 = -1075 - LOWEST_EXPONENT;
const FLAGS: usize = 1088;
const PENDING: usize = 1092;
/** Private state of the block adders, see window.ts: the window of values, of products and of their errors, and of fused passes. */
export const VALUES_WINDOW: usize = 1096;
export const PRODUCTS_WINDOW: usize = 1100;
export const ERRORS_WINDOW: usize = 1104;
export const FUSED_WINDOW: usize = 1108;
export const FUSED_SKIP: usize = 1112;
export const FUSED_PENALTY: usize = 1116;

const FLAG_NAN: i32 = 1;
const FLAG_POSITIVE_INFINITY: i32 = 2;
const FLAG_NEGATIVE_INFINITY: i32 = 4;

/** One add puts at most 2^52 into a digit, so a digit holds 2^11 of them; half of that, to be far from the edge. */
const ADDS_BEFORE_CARRY: i32 = 1024;
const DIGIT_MASK: i64 = 0xffffffff;

/** Empties an accumulator. Its memory may have held anything. */
export function exact_reset(acc: usize): void {
  memory.fill(acc, 0, ACC_BYTES);
}

/** Carries, so that the digits can be read: each in [0, 2^32), the last signed. */
export function exact_normalize(acc: usize): void {
  let over: i64 = 0;
  for (let i = 0; i < DIGITS - 1; i++) {
    const at = acc + (<usize>i << 3);
    const digit = load<i64>(at) + over;
    over = digit >> 32;
    store<i64>(at, digit & DIGIT_MASK);
  }
  const last = acc + (<usize>(DIGITS - 1) << 3);
  store<i64>(last, load<i64>(last) + over);
  store<i32>(acc + PENDING, 0);
}

/** Adds one float64 of any kind. */
export function addValue(acc: usize, x: f64): void {
  const bits = reinterpret<u64>(x);
  const field = <i32>(bits >> 52) & 0x7ff;
  if (field == 0x7ff) {
    addSpecial(acc, x);
    return;
  }
  const fraction = <i64>(bits & 0xfffffffffffff);
  const magnitude = field == 0 ? fraction : fraction | (1 << 52);
  addMagnitude(acc, magnitude, max(field, 1) + FIELD_OFFSET, -(<i64>(bits >> 63)));
}

/** Adds n float64 of any kind, n at most ADDS_BEFORE_CARRY: one carry at most, and so no count to keep. */
export function addValues(acc: usize, x: usize, n: i32): void {
  const pending = load<i32>(acc + PENDING);
  if (pending + n >= ADDS_BEFORE_CARRY) exact_normalize(acc);
  store<i32>(acc + PENDING, load<i32>(acc + PENDING) + n);
  const end = x + (<usize>n << 3);
  for (; x < end; x += 8) {
    const bits = load<u64>(x);
    const field = <i32>(bits >> 52) & 0x7ff;
    if (field == 0x7ff) {
      addSpecial(acc, load<f64>(x));
      continue;
    }
    const magnitude = <i64>(bits & 0xfffffffffffff) | (<i64>(field != 0) << 52);
    putMagnitude(acc, magnitude, max(field, 1) + FIELD_OFFSET, -(<i64>(bits >> 63)));
  }
}

/** Adds +-magnitude * 2^bit in units of digit 0, magnitude below 2^53; sign is 0, or -1 to subtract. */
// @ts-ignore: decorator
@inline
function putMagnitude(acc: usize, magnitude: i64, bit: i32, sign: i64): void {
  const at = acc + (<usize>(bit >> 5) << 3);
  const shift = <i64>(bit & 31);
  const low = (magnitude << shift) & DIGIT_MASK;
  const high = magnitude >> (32 - shift);
  store<i64>(at, load<i64>(at) + ((low ^ sign) - sign));
  store<i64>(at, load<i64>(at, 8) + ((high ^ sign) - sign), 8);
}

/** putMagnitude with its share of the carries. */
// @ts-ignore: decorator
@inline
function addMagnitude(acc: usize, magnitude: i64, bit: i32, sign: i64): void {
  putMagnitude(acc, magnitude, bit, sign);
  const pending = load<i32>(acc + PENDING) + 1;
  store<i32>(acc + PENDING, pending);
  if (pending >= ADDS_BEFORE_CARRY) exact_normalize(acc);
}

/** Adds integer * 2^exponent. */
export function addInteger(acc: usize, integer: i64, exponent: i32): void {
  const sign = integer >> 63;
  const magnitude = (integer ^ sign) - sign;
  const bit = exponent - LOWEST_EXPONENT;
  addMagnitude(acc, magnitude & DIGIT_MASK, bit, sign);
  addMagnitude(acc, <i64>(<u64>magnitude >> 32), bit + 32, sign);
}

/** Adds the exact product of two float64 that are finite and not 0, one digit by one. */
export function addExactProduct(acc: usize, a: f64, b: f64): void {
  const product = a * b;
  const fieldA = <i32>(reinterpret<u64>(a) >> 52) & 0x7ff;
  const fieldB = <i32>(reinterpret<u64>(b) >> 52) & 0x7ff;
  if (fieldA == 0x7ff || fieldB == 0x7ff) {
    addSpecial(acc, product);
    return;
  }
  const x = mantissaOf(a, fieldA);
  const y = mantissaOf(b, fieldB);
  const bit = max(fieldA, 1) + max(fieldB, 1) - 2150 - LOWEST_EXPONENT;
  const sign = <i64>(reinterpret<u64>(a) ^ reinterpret<u64>(b)) >> 63;
  const xHigh = x >> 32;
  const yHigh = y >> 32;
  const xLow = x & DIGIT_MASK;
  const yLow = y & DIGIT_MASK;
  const low = <u64>xLow * <u64>yLow;
  addMagnitude(acc, <i64>(low & <u64>DIGIT_MASK), bit, sign);
  addMagnitude(acc, <i64>(low >> 32), bit + 32, sign);
  // Each below 2^53: 21 bits times 32.
  addMagnitude(acc, xHigh * yLow, bit + 32, sign);
  addMagnitude(acc, xLow * yHigh, bit + 32, sign);
  addMagnitude(acc, xHigh * yHigh, bit + 64, sign);
}

// @ts-ignore: decorator
@inline
function mantissaOf(x: f64, field: i32): i64 {
  const fraction = reinterpret<i64>(x) & 0xfffffffffffff;
  return field == 0 ? fraction : fraction | (1 << 52);
}

function addSpecial(acc: usize, x: f64): void {
  const flag = x > 0 ? FLAG_POSITIVE_INFINITY : x < 0 ? FLAG_NEGATIVE_INFINITY : FLAG_NAN;
  store<i32>(acc + FLAGS, load<i32>(acc + FLAGS) | flag);
}
