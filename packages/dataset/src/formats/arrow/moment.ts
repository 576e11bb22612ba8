import type { MomentUnit } from './plan.js';

const perSecond: Record<Exclude<MomentUnit, 'days'>, bigint> = {
  seconds: 1n,
  milliseconds: 1_000n,
  microseconds: 1_000_000n,
  nanoseconds: 1_000_000_000n,
};
const secondsPerDay = 86_400n;

/**
 * Text of a date ("2024-01-31") or timestamp ("2024-01-31 12:34:56.5", without a fraction of 0; "+00" follows if it names
 * an instant), the same text DuckDB gives for Parquet.
 * @throws RangeError beyond the years that JavaScript's calendar has (about 270,000)
 */
export function momentText(count: bigint, unit: MomentUnit, shown: 'date' | 'timestamp' | 'zoned'): string {
  const rate = unit === 'days' ? 1n : perSecond[unit];
  const ticks = unit === 'days' ? count * secondsPerDay : count;
  const fraction = ((ticks % rate) + rate) % rate;
  const seconds = (ticks - fraction) / rate;
  const moment = new Date(Number(seconds) * 1000);
  if (Number.isNaN(moment.getTime())) throw new RangeError('a date is outside the calendar');
  const day = `${yearText(moment.getUTCFullYear())}-${two(moment.getUTCMonth() + 1)}-${two(moment.getUTCDate())}`;
  if (shown === 'date') return day;
  const time = `${two(moment.getUTCHours())}:${two(moment.getUTCMinutes())}:${two(moment.getUTCSeconds())}`;
  return `${day} ${time}${fractionText(fraction, rate)}${shown === 'zoned' ? '+00' : ''}`;
}

const two = (value: number): string => String(value).padStart(2, '0');

const yearText = (year: number): string => `${year < 0 ? '-' : ''}${String(Math.abs(year)).padStart(4, '0')}`;

function fractionText(fraction: bigint, rate: bigint): string {
  if (fraction === 0n) return '';
  const digits = String(rate).length - 1;
  return `.${String(fraction).padStart(digits, '0').replace(/0+$/, '')}`;
}
