import type { Report } from '@lossmill/evaluation';
import { formatCount, plural } from '../format/number.js';
import { printable } from '../format/printable.js';
import { formatRate, formatSeconds } from '../format/quantity.js';
import { gradientLines } from './gradient.js';
import { lossLines } from './losses.js';
import { outputLines } from './outputs.js';
import { sliceLines } from './slices.js';
import { type Style, styleOf, type TerminalOptions } from './style.js';
import { truncate, widthOf, wrap } from './text.js';

function headLine(report: Report, style: Style): string {
  const { rows, losses, run } = report;
  const parts = [
    plural(rows.read, 'row'),
    plural(losses.length, 'loss', 'losses'),
    formatSeconds(run.seconds),
    formatRate(run.rowsPerSecond),
    plural(run.threads, 'thread'),
  ];
  const text = (): string => parts.join(` ${style.glyphs.dot} `);
  while (parts.length > 1 && widthOf(text()) + 2 > style.width) parts.pop();
  return `  ${style.strong(text())}`;
}

/** Wrapped, the first line after `head`, the others under it. */
function hanging(head: string, text: string, style: Style, paint: (text: string) => string): string[] {
  const left = 2 + widthOf(head) + 1;
  const lines = wrap(printable(text), style.width - left, style.glyphs.ellipsis);
  return lines.map((line, i) => (i === 0 ? `  ${paint(head)} ${line}` : `${' '.repeat(left)}${line}`));
}

/** Only where rows were left out: which, how many, why. */
function rowLines(report: Report, style: Style): string[] {
  const { used, ignored, bad, badReasons } = report.rows;
  if (bad === 0 && ignored === 0) return [];
  const left = [
    ...(ignored > 0 ? [`${formatCount(ignored)} ignored`] : []),
    ...(bad > 0 ? [`${formatCount(bad)} bad and skipped`] : []),
  ];
  const reasons = Object.entries(badReasons)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => `${formatCount(count)} ${reason}`);
  const why = reasons.length > 0 ? `: ${reasons.join(', ')}` : '';
  const paint = bad > 0 ? style.warn : style.faint;
  return ['', ...hanging('rows', `${formatCount(used)} used, ${left.join(', ')}${why}`, style, paint)];
}

function warningLines(report: Report, style: Style): string[] {
  if (report.warnings.length === 0) return [];
  return ['', ...report.warnings.flatMap((warning) => hanging('warning', warning, style, style.warn))];
}

/** The digest and what it promises; fewer of its digits where the terminal is narrow, never fewer than six. */
function digestLine(report: Report, style: Style): string {
  const meaning = 'the same for any number of threads, shards or workers';
  const { ellipsis } = style.glyphs;
  const digest = printable(report.digest);
  const room = style.width - '  digest '.length - 3 - meaning.length;
  const digits = Math.min(room >= widthOf(digest) ? 64 : 12, room - 'sha256:'.length - widthOf(ellipsis));
  if (digits < 6) return `  digest ${truncate(digest, style.width - '  digest '.length, ellipsis)}`;
  const shown = truncate(digest, 'sha256:'.length + digits + (digits === 64 ? 0 : widthOf(ellipsis)), ellipsis);
  return `  digest ${shown}   ${style.faint(meaning)}`;
}

/**
 * The report for people at a terminal: losses with their error bars, the worst groups of every slice column, what was
 * left out, the digest. No line is wider than `options.width` (40 at the least); ends with a newline.
 */
export function renderTerminal(report: Report, options: TerminalOptions): string {
  const style = styleOf(options);
  const lines = [
    headLine(report, style),
    '',
    ...lossLines(report, style),
    ...outputLines(report, style),
    ...gradientLines(report, style),
    ...sliceLines(report, style, options),
    ...rowLines(report, style),
    ...warningLines(report, style),
    '',
    digestLine(report, style),
  ];
  return `${lines.join('\n')}\n`;
}
