/** Three significant digits, zeros kept so that a counter does not change its width. */
function threeDigits(x: number): string {
  const rounded = Number(x.toPrecision(3));
  return rounded.toFixed(rounded >= 100 ? 0 : rounded >= 10 ? 1 : 2);
}

function withPrefix(x: number, unit: string, prefixes: readonly string[]): string {
  if (!Number.isFinite(x) || x < 0) return `0 ${unit}`.trim();
  let power = 0;
  let scaled = x;
  while (power < prefixes.length - 1 && Number(scaled.toPrecision(3)) >= 1000) {
    scaled /= 1000;
    power += 1;
  }
  const digits = power === 0 && Number.isInteger(x) ? String(x) : threeDigits(scaled);
  return `${digits} ${prefixes[power]}${unit}`.trim();
}

/** A count for a moving display: "812", "76.0 k", "1.52 M". */
export function formatCompact(n: number): string {
  return withPrefix(n, '', ['', 'k', 'M', 'G', 'T', 'P']);
}

/** "21.4 M rows/s". */
export function formatRate(perSecond: number): string {
  return `${formatCompact(Math.round(perSecond))} rows/s`;
}

/** Decimal bytes: "512 B", "4.10 GB". */
export function formatBytes(bytes: number): string {
  return withPrefix(bytes, 'B', ['', 'k', 'M', 'G', 'T', 'P']);
}

/** "40 ms", "0.19 s", "12.3 s", "2 m 05 s", "3 h 07 m", "2 d 04 h". */
export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '0 s';
  if (seconds < 0.0995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const pair = (unit: number, big: string, part: number, small: string): string =>
    `${Math.floor(whole / unit)} ${big} ${String(Math.floor((whole % unit) / part)).padStart(2, '0')} ${small}`;
  if (whole < 3600) return pair(60, 'm', 1, 's');
  return whole < 86_400 ? pair(3600, 'h', 60, 'm') : pair(86_400, 'd', 3600, 'h');
}
