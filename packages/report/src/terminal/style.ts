import pico from 'picocolors';

/** How the report is drawn on a terminal. */
export interface TerminalOptions {
  /** Colour escapes; the caller decides from NO_COLOR and the stream. */
  color: boolean;
  /** Columns of the terminal. */
  width: number;
  /** Draw with characters outside ASCII. @default true */
  unicode?: boolean;
  /** Groups shown per slice column. @default 5 */
  slices?: number;
  /** Name of the loss whose slices are drawn. @default the first one that has any */
  sliceLoss?: string;
}

export interface Glyphs {
  plusMinus: string;
  to: string;
  dot: string;
  times: string;
  ellipsis: string;
  /** Interval: left end, line, right end, the mean on it; and the overall mean behind it. */
  low: string;
  line: string;
  high: string;
  point: string;
  overall: string;
}

const unicodeGlyphs: Glyphs = {
  plusMinus: '±',
  to: '…',
  dot: '·',
  times: '×',
  ellipsis: '…',
  low: '├',
  line: '─',
  high: '┤',
  point: '●',
  overall: '┊',
};

const asciiGlyphs: Glyphs = {
  plusMinus: '+-',
  to: '..',
  dot: '|',
  times: 'x',
  ellipsis: '...',
  low: '|',
  line: '-',
  high: '|',
  point: 'o',
  overall: ':',
};

type Paint = (text: string) => string;

/** Everything a part of the terminal report needs to know about the terminal. */
export interface Style {
  width: number;
  unicode: boolean;
  glyphs: Glyphs;
  /** Headline numbers. */
  strong: Paint;
  /** What only explains. */
  faint: Paint;
  /** Needs attention. */
  warn: Paint;
  /** Worse than the whole. */
  worse: Paint;
  /** Better than the whole. */
  better: Paint;
}

export function styleOf(options: TerminalOptions): Style {
  const colors = pico.createColors(options.color);
  const unicode = options.unicode ?? true;
  return {
    // Below 40 columns nothing useful fits; a terminal that says 0 does not know.
    width: Math.max(40, Number.isFinite(options.width) && options.width > 0 ? Math.floor(options.width) : 80),
    unicode,
    glyphs: unicode ? unicodeGlyphs : asciiGlyphs,
    strong: colors.bold,
    faint: colors.dim,
    warn: colors.yellow,
    worse: colors.red,
    better: colors.green,
  };
}
