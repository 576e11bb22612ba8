/** Exact sums by BigInt: an oracle that shares nothing with the accumulators. Values are multiples of 2^-2200. */
const UNIT = 2200;

/** x * 2^UNIT as an integer. */
function scaled(x: number): bigint {
  if (x === 0) return 0n;
  let shift = UNIT;
  let mantissa = x;
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    shift--;
  }
  return BigInt(mantissa) << BigInt(shift);
}

/** The correctly rounded float64 of the exact sum of w * x; what rounds to zero is +0, as reports have it. */
export function exactSum(values: readonly number[], weights: readonly number[] = []): number {
  let sum = 0n;
  values.forEach((x, i) => {
    const w = i < weights.length ? weights[i] : 1;
    sum += (scaled(x) * scaled(w)) >> BigInt(UNIT);
  });
  return toNumber(sum) + 0;
}

/** sum / 2^UNIT, rounded to nearest even. */
function toNumber(sum: bigint): number {
  if (sum === 0n) return 0;
  const negative = sum < 0n;
  let magnitude = negative ? -sum : sum;
  const bits = magnitude.toString(2).length;
  // Keep 64 bits and a sticky one; BigInt -> Number rounds once, correctly, where the result is normal.
  const drop = Math.max(0, bits - 64);
  const sticky = (magnitude & ((1n << BigInt(drop)) - 1n)) !== 0n ? 1n : 0n;
  magnitude = ((magnitude >> BigInt(drop)) << 1n) | sticky;
  let value = Number(magnitude);
  let exponent = drop - 1 - UNIT;
  while (exponent > 500) {
    value *= 2 ** 500;
    exponent -= 500;
  }
  while (exponent < -500) {
    value *= 2 ** -500;
    exponent += 500;
  }
  value *= 2 ** exponent;
  return negative ? -value : value;
}
