const VIEW = new DataView(new ArrayBuffer(8));

/** Exponent of the unit in which `toUnits` counts: 2^-1074, the lowest bit of float64. */
const UNIT = 1074;

/** A finite float64 as an integer number of 2^-1074. */
export function toUnits(x: number): bigint {
  VIEW.setFloat64(0, x);
  const bits = VIEW.getBigUint64(0);
  const field = (bits >> 52n) & 0x7ffn;
  const fraction = bits & 0xfffffffffffffn;
  const magnitude = field === 0n ? fraction : (fraction | (1n << 52n)) << (field - 1n);
  return x < 0 ? -magnitude : magnitude;
}

/** Compares a sum in units with numerator * 2^exponent. */
export function equalsRational(
  units: bigint,
  { numerator, exponent }: { numerator: bigint; exponent: number },
): boolean {
  return units === numerator << BigInt(exponent + UNIT);
}

/** |value - numerator / denominator| in units of the last place of value. */
export function ulpsFrom(value: number, numerator: bigint, denominator: bigint): number {
  const difference = toUnits(value) * denominator - (numerator << BigInt(UNIT));
  const next = toUnits(Math.abs(value)) + 1n;
  const length = next.toString(2).length;
  const ulp = 1n << BigInt(Math.max(length - 53, 0));
  const size = difference < 0n ? -difference : difference;
  return Number((size * 1000n) / (ulp * denominator)) / 1000;
}
