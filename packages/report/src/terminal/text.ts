import stringWidth from 'string-width';

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Columns the text takes on a terminal. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** `text` cut to `width` columns, its last one then an ellipsis. Never splits a character a reader sees as one. */
export function truncate(text: string, width: number, ellipsis: string): string {
  if (widthOf(text) <= width) return text;
  const room = width - widthOf(ellipsis);
  if (room < 0) return '';
  let kept = '';
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    const next = widthOf(segment);
    if (used + next > room) break;
    kept += segment;
    used += next;
  }
  return kept + ellipsis;
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text;
}

/** Lines of at most `width` columns, broken between parts; a longer part gets a line of its own and is cut. */
export function flow(parts: readonly string[], separator: string, width: number, ellipsis: string): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const longer = `${lines.at(-1)}${separator}${part}`;
    if (lines.length > 0 && widthOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines.map((line) => truncate(line, width, ellipsis));
}

/** Lines of at most `width` columns, broken at spaces. */
export function wrap(text: string, width: number, ellipsis: string): string[] {
  const words = text.split(' ').filter((word) => word !== '');
  return flow(words, ' ', width, ellipsis);
}

/** Pads number texts so that their decimal points stand under each other. */
export function alignDecimals(texts: readonly string[]): string[] {
  const points = texts.map((text) => {
    const point = text.search(/[.e]/);
    // "-Infinity" and "NaN" have no point and end where the whole digits end.
    return point < 0 || !/\d/.test(text) ? text.length : point;
  });
  const left = Math.max(0, ...points);
  const padded = texts.map((text, i) => ' '.repeat(left - points[i]) + text);
  const total = Math.max(0, ...padded.map((text) => text.length));
  return padded.map((text) => text.padEnd(total));
}
