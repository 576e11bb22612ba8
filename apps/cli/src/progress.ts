import pico from 'picocolors';
import { type ProgressState, progressLine, progressLogLine } from './progress-line.js';

/** What the progress line writes to: stderr, or a double. */
export interface ProgressStream {
  write(text: string): unknown;
  /** Columns of the terminal at this moment; follows a resize. */
  columns?: number;
}

export interface ProgressOptions {
  /** Redraw one line in place; otherwise write plain lines now and then. */
  tty: boolean;
  color: boolean;
  unicode: boolean;
  /** Columns, where the stream does not know them. */
  width: number;
  /** Milliseconds, from any start. @default performance.now */
  now?: () => number;
}

export interface Progress {
  /** Cheap: call it as often as you like. */
  update(state: ProgressState): void;
  /** Leaves the last state behind, complete, and ends the line. */
  finish(): void;
  /** Takes the line away, so that something else can be written in its place. A later update draws it again. */
  clear(): void;
}

/** Milliseconds. */
const timing = {
  /** Shorter runs end before anyone could read a line. */
  firstDraw: 100,
  redraw: 100,
  firstLogLine: 1000,
  logLine: 5000,
};

const eraseToEnd = '\u001b[K';

/** Time since the phase began, in seconds; each phase has its own rate and end. */
function phaseClock(now: () => number): (phase: string) => number {
  let phase: string | null = null;
  let start = 0;
  return (current) => {
    if (current !== phase) [phase, start] = [current, now()];
    return (now() - start) / 1000;
  };
}

/**
 * One line, redrawn in place at most ten times a second. Each redraw is a single write that overwrites the line and
 * erases what is left of a longer one, so nothing flickers; the cursor is never hidden, so nothing has to be restored.
 */
function terminalProgress(stream: ProgressStream, options: ProgressOptions, now: () => number): Progress {
  const faint = pico.createColors(options.color).dim;
  const start = now();
  const elapsedIn = phaseClock(now);
  let latest: { state: ProgressState; elapsed: number } | null = null;
  let drawnAt = start + timing.firstDraw - timing.redraw;
  let visible = false;
  let stale = false;
  const draw = (): void => {
    if (latest === null) return;
    // A line that fills the last column wraps on some terminals.
    const width = (stream.columns || options.width) - 1;
    const line = progressLine(latest.state, latest.elapsed, { unicode: options.unicode, width, faint });
    stream.write(`\r${line}${eraseToEnd}`);
    drawnAt = now();
    visible = true;
    stale = false;
  };
  return {
    update(state) {
      latest = { state, elapsed: elapsedIn(state.phase) };
      stale = true;
      if (now() - drawnAt >= timing.redraw) draw();
    },
    finish() {
      if (!visible) return;
      if (stale) draw();
      stream.write('\n');
      visible = false;
    },
    clear() {
      if (visible) stream.write(`\r${eraseToEnd}`);
      visible = false;
    },
  };
}

/** Plain lines for a log: none in the first second, then at most one in five. */
function logProgress(stream: ProgressStream, now: () => number): Progress {
  const elapsedIn = phaseClock(now);
  let due = now() + timing.firstLogLine;
  let latest: { state: ProgressState; elapsed: number } | null = null;
  const writeIfDue = (): void => {
    if (latest === null || now() < due) return;
    stream.write(`${progressLogLine(latest.state, latest.elapsed)}\n`);
    due = now() + timing.logLine;
    latest = null;
  };
  return {
    update(state) {
      latest = { state, elapsed: elapsedIn(state.phase) };
      writeIfDue();
    },
    finish: writeIfDue,
    clear() {},
  };
}

/** Shows how far an evaluation is, on a terminal or in a log. Time counts from this call. */
export function createProgress(stream: ProgressStream, options: ProgressOptions): Progress {
  const now = options.now ?? (() => performance.now());
  return options.tty ? terminalProgress(stream, options, now) : logProgress(stream, now);
}
