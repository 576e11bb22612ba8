import { formatBytes, formatCompact, formatRate, formatSeconds, plural } from '@lossmill/report';

/** What an evaluation tells about itself while it runs. */
export interface ProgressState {
  rowsDone: number;
  /** null while nobody knows yet. */
  rowsTotal: number | null;
  threads: number;
  /** One word: "planning", "evaluating". */
  phase: string;
  /** Bytes read so far. */
  bytes: number;
  /** What should be known besides, such as "1 worker lost". */
  note?: string;
}

export interface LineStyle {
  unicode: boolean;
  /** Columns the line may take. */
  width: number;
  /** Paints the part of the bar that is still to come. */
  faint: (text: string) => string;
}

type PartName = 'percent' | 'rows' | 'rate' | 'threads' | 'note' | 'left';

/** What a narrow terminal goes without, first to last: time left and percent are what one waits for. */
const dropOrder: readonly PartName[] = ['threads', 'rate', 'rows', 'note', 'left', 'percent'];

const barWidths = { least: 8, most: 30 };

/** Block elements in eighths of a column: the bar grows smoothly. */
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of exactly `width` columns, `fraction` of it full. */
export function barText(fraction: number, width: number, style: Pick<LineStyle, 'unicode' | 'faint'>): string {
  const filled = Math.min(1, Math.max(0, fraction)) * width;
  const whole = Math.floor(filled);
  const part = style.unicode ? eighths[Math.floor((filled - whole) * 8)] : '';
  const rest = width - whole - part.length;
  const [full, empty] = style.unicode ? ['█', '░'] : ['#', '.'];
  return full.repeat(whole) + part + (rest > 0 ? style.faint(empty.repeat(rest)) : '');
}

function timeLeft(done: number, total: number, elapsed: number): string | undefined {
  // The first rows come with the cost of starting: what they foretell is wrong.
  if (done <= 0 || done >= total || elapsed < 0.3) return undefined;
  const seconds = (elapsed / done) * (total - done);
  return `${seconds < 10 ? `${seconds.toFixed(1)} s` : formatSeconds(seconds)} left`;
}

/** The parts that are known by now, in the order they are shown. */
function progressParts(state: ProgressState, elapsed: number): Map<PartName, string> {
  const { rowsDone, rowsTotal, threads, bytes } = state;
  const total = rowsTotal !== null && rowsTotal > 0 ? rowsTotal : null;
  const parts: [PartName, string | undefined][] = [
    [
      'percent',
      total === null ? undefined : `${String(Math.floor(Math.min(1, rowsDone / total) * 100)).padStart(3)} %`,
    ],
    ['rows', rowsDone > 0 ? `${formatCompact(rowsDone)} rows` : bytes > 0 ? formatBytes(bytes) : undefined],
    ['rate', rowsDone > 0 && elapsed > 0 ? formatRate(rowsDone / elapsed) : undefined],
    ['threads', threads > 0 ? plural(threads, 'thread') : undefined],
    ['note', state.note || undefined],
    ['left', total === null ? undefined : timeLeft(rowsDone, total, elapsed)],
  ];
  return new Map(parts.filter((part): part is [PartName, string] => part[1] !== undefined));
}

/**
 * The line for a terminal: phase, bar and what is known, at most `style.width` columns, no line end.
 * `elapsed` is in seconds since the phase began.
 */
export function progressLine(state: ProgressState, elapsed: number, style: LineStyle): string {
  const parts = progressParts(state, elapsed);
  const head = `  ${state.phase}`;
  const length = (): number => [head, ...parts.values()].join('   ').length;
  const barSpace = parts.has('percent') ? barWidths.least + 2 : 0;
  for (const name of dropOrder) if (length() + barSpace > style.width) parts.delete(name);
  const text = [...parts.values()].join('   ');
  const room = style.width - length() - 2;
  if (!parts.has('percent') || room < barWidths.least) {
    return `${head}${text === '' ? '' : `   ${text}`}`.slice(0, Math.max(0, style.width));
  }
  const bar = barText(state.rowsDone / (state.rowsTotal ?? 1), Math.min(barWidths.most, room), style);
  // The percent is padded to three digits: with it the gap after the bar is as wide as the others.
  return `${head}  ${bar} ${text}`;
}

/** The line for a log: "evaluating 76 %, 1.52 M rows, 21.4 M rows/s, 2 threads, 12.0 s left". */
export function progressLogLine(state: ProgressState, elapsed: number): string {
  const parts = [...progressParts(state, elapsed).values()].map((part) => part.trim());
  return parts.length === 0 ? state.phase : `${state.phase} ${parts.join(', ')}`;
}
