import type { JsonNumber } from '@lossmill/evaluation';

/** The number behind its JSON form. */
export function toNumber(x: JsonNumber): number {
  return typeof x === 'number' ? x : Number(x);
}

/** Group the digits of an integer's text by thousands. */
function grouped(integer: string): string {
  return integer.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** `text` is a plain decimal ("-1234.50"); its integer part gets thousands separators. */
function withSeparators(text: string): string {
  const [, sign, integer, rest] = /^(-?)(\d+)(.*)$/.exec(text) ?? [];
  if (integer === undefined) return text;
  // A rounded -0.001 reads "-0.00": the sign would claim more than the digits do.
  const zero = !/[1-9]/.test(integer + rest);
  return `${zero ? '' : sign}${grouped(integer)}${rest}`;
}

/** `x` with exactly `decimals` decimals (0 to 100) and thousands separators. */
export function formatFixed(x: number, decimals: number): string {
  return Number.isFinite(x) ? withSeparators(x.toFixed(Math.min(100, Math.max(0, decimals)))) : String(x);
}

/** A whole number with thousands separators: "3,000,000". */
export function formatCount(n: number): string {
  return Number.isFinite(n) && Math.abs(n) < 1e21 ? formatFixed(n, 0) : String(n);
}

/** "1 row", "2,000 rows". */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${formatCount(n)} ${n === 1 ? one : many}`;
}

/** Decimal exponent of |x|: 1234 gives 3, 0.05 gives -2; 0 gives 0. */
export function exponentOf(x: number): number {
  return x === 0 ? 0 : Number(x.toExponential().split('e')[1]);
}

/** Magnitudes that are written out; outside them "1.2e-7" is easier to read than a run of zeros. */
export const plainExponents = { low: -4, high: 10 } as const;

function isPlain(exponent: number): boolean {
  return exponent >= plainExponents.low && exponent < plainExponents.high;
}

/** Mantissa and exponent as one writes them: "1.904e21", "-3e-7". */
export function formatScientific(x: number, digits: number): string {
  const [mantissa, exponent] = x.toExponential(Math.min(100, Math.max(0, digits - 1))).split('e');
  return `${mantissa}e${Number(exponent)}`;
}

function trimmed(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/**
 * A number nobody gave an error for: `digits` significant digits, trailing zeros dropped, whole digits of a large
 * one kept ("12,318" with 3 digits too), "1.2e-7" where a plain decimal would be mostly zeros.
 */
export function formatNumber(value: JsonNumber, digits = 5): string {
  const x = toNumber(value);
  if (!Number.isFinite(x)) return String(x);
  const exponent = exponentOf(x);
  if (!isPlain(exponent)) {
    const [mantissa, power] = formatScientific(x, digits).split('e');
    return `${trimmed(mantissa)}e${power}`;
  }
  return withSeparators(trimmed(x.toFixed(Math.max(0, digits - 1 - exponent))));
}

/** Every digit a double has, with thousands separators where it is written out: for tables that are copied from. */
export function formatExact(value: JsonNumber): string {
  const x = toNumber(value);
  const text = String(x);
  return text.includes('e') ? text.replace('e+', 'e') : withSeparators(text);
}
