import type { Interval, JsonNumber } from '@lossmill/evaluation';
import { exponentOf, formatFixed, formatNumber, formatScientific, plainExponents, toNumber } from './number.js';

/** A double has 15 digits that mean something: an error smaller than the 15th does not make more of them true. */
const maxDigits = 15;

/** How a mean and what belongs to it are written, so that all of them stop at the same decimal. */
type Scale = { kind: 'fixed'; decimals: number } | { kind: 'scientific'; last: number } | { kind: 'free' };

export interface MeanText {
  value: string;
  /** Empty where there is no standard error (fewer than two rows, or a mean that is no number). */
  stderr: string;
  /** Empty where either end is no number because nothing could be estimated. */
  interval: [low: string, high: string] | null;
}

/**
 * The last decimal worth showing: the second significant digit of the standard error (the first one alone would hide
 * up to half of it). "free" where no error bar is known: then the number is shown to six digits.
 */
function scaleOf(mean: number, stderr: number): Scale {
  if (!Number.isFinite(mean) || !Number.isFinite(stderr) || stderr <= 0) return { kind: 'free' };
  // The exponent after rounding: 0.0996 is 0.10, whose second digit is the same place.
  const rounded = Number(stderr.toExponential(1).split('e')[1]);
  const top = mean === 0 ? rounded : exponentOf(mean);
  const last = Math.max(rounded - 1, top - (maxDigits - 1));
  const largest = Math.max(top, rounded);
  if (largest >= plainExponents.high || largest < plainExponents.low) return { kind: 'scientific', last };
  return { kind: 'fixed', decimals: Math.max(0, -last) };
}

function onScale(value: JsonNumber, scale: Scale): string {
  const x = toNumber(value);
  if (!Number.isFinite(x)) return String(x);
  if (scale.kind === 'free') return formatNumber(x, 6);
  if (scale.kind === 'fixed') return formatFixed(x, scale.decimals);
  if (x === 0) return '0';
  return formatScientific(x, Math.min(maxDigits, Math.max(1, exponentOf(x) - scale.last + 1)));
}

function errorText(stderr: number, scale: Scale): string {
  if (Number.isNaN(stderr)) return '';
  const text = onScale(stderr, scale);
  // Below the last digit of the mean: small, but not the zero that the scale would make of it.
  return stderr > 0 && !/[1-9]/.test(text) ? formatNumber(stderr, 2) : text;
}

/** A mean, its standard error and its interval, each to as many digits as the standard error warrants. */
export function meanText(mean: JsonNumber, stderr: JsonNumber, interval?: Interval): MeanText {
  const error = toNumber(stderr);
  const scale = scaleOf(toNumber(mean), error);
  const ends = interval?.map((end) => onScale(end, scale)) as [string, string] | undefined;
  const known = interval !== undefined && !interval.some((end) => Number.isNaN(toNumber(end)));
  return {
    value: onScale(mean, scale),
    stderr: errorText(error, scale),
    interval: known && ends ? ends : null,
  };
}

/** "19.604 ± 0.022"; without a standard error just "19.604". */
export function formatMean(mean: JsonNumber, stderr: JsonNumber, options: { unicode?: boolean } = {}): string {
  const text = meanText(mean, stderr);
  return text.stderr === '' ? text.value : `${text.value} ${options.unicode === false ? '+-' : '±'} ${text.stderr}`;
}

/** "19.56 … 19.65" to the digits the standard error warrants; "" where there is no interval. */
export function formatInterval(
  mean: JsonNumber,
  stderr: JsonNumber,
  interval: Interval,
  options: { unicode?: boolean } = {},
): string {
  const ends = meanText(mean, stderr, interval).interval;
  return ends === null ? '' : `${ends[0]} ${options.unicode === false ? '..' : '…'} ${ends[1]}`;
}
