import type { GradientReport, Report } from '@lossmill/evaluation';
import { formatNumber } from '../format/number.js';
import { printable } from '../format/printable.js';
import { meanGradientOf, noiseScaleText } from '../view/gradient.js';
import { lossLabel } from '../view/loss.js';
import type { Style } from './style.js';
import { flow } from './text.js';

/** Entries of a mean gradient that a line shows. */
const SHOWN = 6;

function meanGradientText(gradient: GradientReport, style: Style): string[] {
  const entries = meanGradientOf(gradient);
  if (entries.length === 0) return [];
  const shown = entries.slice(0, SHOWN).map((x) => formatNumber(x, 3));
  const more = entries.length > SHOWN ? ` ${style.glyphs.ellipsis} (${entries.length})` : '';
  return [`mean a row ${shown.join(', ')}${more}`];
}

function parts(gradient: GradientReport, style: Style): string[] {
  const { l2, linf, mean, noiseScale } = gradient;
  return [
    `norm ${formatNumber(l2, 4)}`,
    `largest ${formatNumber(linf, 4)}`,
    `mean ${formatNumber(mean, 4)}`,
    ...(noiseScale === undefined ? [] : [`noise scale ${noiseScaleText(gradient)}`]),
    ...meanGradientText(gradient, style),
  ];
}

/** What is known of the gradients, loss after loss; nothing where none was asked for. */
export function gradientLines(report: Report, style: Style): string[] {
  const { dot, ellipsis } = style.glyphs;
  const several = report.losses.length > 1;
  const lines = report.losses.flatMap((loss) => {
    if (!loss.gradient) return [];
    const about = several ? [printable(lossLabel(loss))] : [];
    const found = flow([...about, ...parts(loss.gradient, style)], ` ${dot} `, style.width - 11, ellipsis);
    return found.map((line, i) => (i === 0 ? `  ${style.strong('gradient')} ${line}` : `           ${line}`));
  });
  return lines.length === 0 ? [] : ['', ...lines];
}
