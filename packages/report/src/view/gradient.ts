import type { GradientReport, JsonNumber, LossReport, Report } from '@lossmill/evaluation';
import { formatNumber, toNumber } from '../format/number.js';

/** "45.2 rows", or why there is none. */
export function noiseScaleText({ noiseScale, covarianceTrace }: GradientReport): string {
  const scale = toNumber(noiseScale ?? 'NaN');
  if (Number.isFinite(scale)) return `${formatNumber(scale, 4)} ${scale === 1 ? 'row' : 'rows'}`;
  if (scale === Infinity) return 'Infinity: the mean gradient is no larger than noise makes it';
  return toNumber(covarianceTrace ?? 'NaN') === 0 ? 'none: the gradient is 0' : 'unknown';
}

/** The mean gradient's entries. */
export function meanGradientOf({ meanGradient }: GradientReport): JsonNumber[] {
  return meanGradient === undefined ? [] : [meanGradient].flat();
}

/** One entry of the mean gradients: which prediction of a row, and its number for each loss that has a summary. */
export interface MeanGradientRow {
  name: string;
  values: JsonNumber[];
}

/** Losses whose gradient has a summary. */
export function summarised(report: Report): LossReport[] {
  return report.losses.filter((loss) => loss.gradient?.meanGradient !== undefined);
}

/** Mean gradients side by side, at most `most` entries: those of the largest magnitude, in their order. */
export function meanGradientRows(report: Report, most: number): { rows: MeanGradientRow[]; total: number } {
  const columns = summarised(report).map((loss) => meanGradientOf(loss.gradient as GradientReport));
  const total = Math.max(0, ...columns.map((column) => column.length));
  const { classes } = report.spec;
  const names = Array.isArray(classes) && classes.length === total ? classes.map(String) : null;
  const all = Array.from({ length: total }, (_, k) => ({
    k,
    name: names ? names[k] : String(k),
    values: columns.map((column) => column[k] ?? 'NaN'),
  }));
  const size = ({ values }: MeanGradientRow) =>
    Math.max(...values.map((x) => Math.abs(toNumber(x))).map((x) => (x >= 0 ? x : Infinity)));
  const kept = all.sort((a, b) => size(b) - size(a) || a.k - b.k).slice(0, most);
  return { rows: kept.sort((a, b) => a.k - b.k).map(({ name, values }) => ({ name, values })), total };
}
