/** The real number numerator * 2^exponent. */
export interface Dyadic {
  readonly numerator: bigint;
  readonly exponent: number;
}

/** A finite float64, or a whole number, as it is. */
export function of(x: number): Dyadic {
  if (x === 0) return { numerator: 0n, exponent: 0 };
  let exponent = 0;
  let scaled = x;
  // Halving and doubling are exact where they make a larger number of a fraction.
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    exponent--;
  }
  return { numerator: BigInt(scaled), exponent };
}

export function multiply(a: Dyadic, b: Dyadic): Dyadic {
  return { numerator: a.numerator * b.numerator, exponent: a.exponent + b.exponent };
}

export function add(a: Dyadic, b: Dyadic): Dyadic {
  if (a.numerator === 0n) return b;
  if (b.numerator === 0n) return a;
  const exponent = Math.min(a.exponent, b.exponent);
  const numerator = (a.numerator << BigInt(a.exponent - exponent)) + (b.numerator << BigInt(b.exponent - exponent));
  return { numerator, exponent };
}

export function subtract(a: Dyadic, b: Dyadic): Dyadic {
  return add(a, { numerator: -b.numerator, exponent: b.exponent });
}

const bitLength = (x: bigint): number => x.toString(16).length * 4;

/** x * 2^exponent, in steps whose factors are float64 numbers. */
function scale(x: number, exponent: number): number {
  let scaled = x;
  let left = exponent;
  for (; left > 1000 && scaled !== Infinity; left -= 1000) scaled *= 2 ** 1000;
  for (; left < -1000 && scaled !== 0; left += 1000) scaled *= 2 ** -1000;
  return scaled * 2 ** Math.max(-1000, Math.min(1000, left));
}

/**
 * a / b, correctly rounded where the result is a normal float64, Infinity beyond the largest. As with float64 numbers x / 0 is an infinity of
 * x's sign and 0 / 0 is NaN.
 */
export function quotient(a: Dyadic, b: Dyadic): number {
  if (b.numerator === 0n) return a.numerator === 0n ? Number.NaN : a.numerator > 0n ? Infinity : -Infinity;
  if (a.numerator === 0n) return 0;
  const negative = a.numerator < 0n !== b.numerator < 0n;
  const over = a.numerator < 0n ? -a.numerator : a.numerator;
  const under = b.numerator < 0n ? -b.numerator : b.numerator;
  // At least 64 bits of quotient, and one that says whether anything is left.
  const shift = Math.max(0, 72 + bitLength(under) - bitLength(over));
  const lifted = over << BigInt(shift);
  const whole = lifted / under;
  const { kept, dropped } = leading(whole * under === lifted ? whole : whole | 1n);
  const size = scale(Number(kept), a.exponent - b.exponent - shift + dropped);
  return negative ? -size : size;
}

/** The leading bits of x, so few that Number() stays in range; the last one is set if anything behind them was. */
function leading(x: bigint): { kept: bigint; dropped: number } {
  const dropped = Math.max(0, bitLength(x) - 128);
  const kept = x >> BigInt(dropped);
  return { kept: kept << BigInt(dropped) === x ? kept : kept | 1n, dropped };
}

/** The square root of x >= 0: that of x rounded to float64 where this is a normal number, as near elsewhere. */
export function squareRoot(x: Dyadic): number {
  if (x.numerator <= 0n) return x.numerator === 0n ? 0 : Number.NaN;
  const half = Math.floor((bitLength(x.numerator) + x.exponent) / 2);
  return scale(Math.sqrt(quotient(x, { numerator: 1n, exponent: 2 * half })), half);
}
