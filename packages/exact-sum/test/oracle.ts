const FLOAT = new DataView(new ArrayBuffer(8));
const UNIT = -2148;

/** x * 2^2148 as an integer: every float64 and every product of two is one. */
export function toUnits(x: number): bigint {
  return floatInteger(x) << 1074n;
}

export function productUnits(a: number, b: number): bigint {
  return floatInteger(a) * floatInteger(b);
}

function floatInteger(x: number): bigint {
  FLOAT.setFloat64(0, x);
  const bits = FLOAT.getBigUint64(0);
  const field = (bits >> 52n) & 0x7ffn;
  const fraction = bits & ((1n << 52n) - 1n);
  const magnitude = field === 0n ? fraction : (fraction | (1n << 52n)) << (field - 1n);
  return x < 0 ? -magnitude : magnitude;
}

/** The float64 nearest to units * 2^-2148, ties to even. */
export function roundUnits(units: bigint): number {
  const magnitude = units < 0n ? -units : units;
  const length = magnitude.toString(2).length;
  const drop = Math.max(length - 53, 1074);
  const unit = 1n << BigInt(drop);
  const rest = magnitude % unit;
  let kept = magnitude / unit;
  if (2n * rest > unit || (2n * rest === unit && kept % 2n === 1n)) kept += 1n;
  const exponent = drop + UNIT;
  const value = exponent > 971 ? Infinity : Number(kept) * 2 ** Math.ceil(exponent / 2) * 2 ** Math.floor(exponent / 2);
  return units < 0n && value !== 0 ? -value : value;
}
