let table: Float32Array | undefined;

/** All 65536 float16 values by their bits: widening is one look-up, exact, sign and payload of a NaN kept. */
export function halfTable(): Float32Array {
  if (table) return table;
  table = new Float32Array(65536);
  const bits = new Uint32Array(table.buffer);
  for (let half = 0; half < 65536; half++) bits[half] = widenedBits(half);
  return table;
}

/** The float32 with the value of a float16: exponent 15 larger bias, ten bits of fraction at the top of 23. */
function widenedBits(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return sign | 0x7f800000 | (fraction << 13);
  if (exponent > 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  // Subnormal: fraction * 2^-24, a normal float32.
  const top = 31 - Math.clz32(fraction);
  return sign | ((top + 103) << 23) | ((fraction << (23 - top)) & 0x7fffff);
}

/** Float16 bits as numbers, exact. Bits are copied where they can be: no loop rounds, and no NaN changes. */
export function widenHalves(raw: ArrayLike<number>, out: Float32Array | Float64Array): void {
  const values = halfTable();
  if (out instanceof Float64Array) {
    for (let index = 0; index < raw.length; index++) out[index] = values[raw[index]];
    return;
  }
  const from = new Uint32Array(values.buffer);
  const to = new Uint32Array(out.buffer, out.byteOffset, out.length);
  for (let index = 0; index < raw.length; index++) to[index] = from[raw[index]];
}

/** Bfloat16 bits as numbers, exact: they are the upper half of a float32. */
export function widenBrain(raw: ArrayLike<number>, out: Float32Array | Float64Array): void {
  const single = out instanceof Float32Array ? out : new Float32Array(raw.length);
  const to = new Uint32Array(single.buffer, single.byteOffset, single.length);
  for (let index = 0; index < raw.length; index++) to[index] = raw[index] << 16;
  if (out !== single) out.set(single);
}

/** The float16 value nearest to x, ties to even. */
export const roundToHalf = (x: number): number => roundTo(x, 11, -14, 65520);

/** The bfloat16 value nearest to x, ties to even. */
export const roundToBrain = (x: number): number => roundTo(x, 8, -126, (2 - 2 ** -8) * 2 ** 127);

/** @param overflow the least size that rounds to Infinity */
function roundTo(x: number, significant: number, leastExponent: number, overflow: number): number {
  const size = Math.abs(x);
  if (!(size < overflow)) return Number.isNaN(x) ? x : Math.sign(x) * Number.POSITIVE_INFINITY;
  const exponent = Math.max(Math.floor(Math.log2(size || 1)), leastExponent);
  const unit = 2 ** (exponent - significant + 1);
  const steps = size / unit;
  const below = Math.floor(steps);
  const rest = steps - below;
  const up = rest > 0.5 || (rest === 0.5 && below % 2 === 1);
  return Math.sign(x) * (up ? below + 1 : below) * unit;
}
