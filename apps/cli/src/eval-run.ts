import type { Report, Spec } from '@lossmill/evaluation';
import { evaluate } from '@lossmill/pool';
import { createProgress } from './progress.js';
import { terminalOf } from './terminal.js';

export interface RunFlags {
  threads?: number;
  json?: boolean;
}

/** Evaluates with the progress line on stderr: a bar on a terminal, plain lines otherwise, nothing with --json and no terminal. */
export async function runWithProgress(
  spec: Spec,
  flags: RunFlags,
  signal: AbortSignal,
  more: { gradientNorms?: boolean } = {},
): Promise<Report> {
  const tty = process.stderr.isTTY === true;
  if (flags.json && !tty) return evaluate(spec, { threads: flags.threads, signal, ...more });
  const { color, unicode, width } = terminalOf(process.stderr);
  const progress = createProgress(process.stderr, { tty, color, unicode, width });
  try {
    const report = await evaluate(spec, {
      threads: flags.threads,
      signal,
      ...more,
      onProgress: ({ rowsDone, rowsTotal, threads, phase, bytes }) =>
        progress.update({ rowsDone, rowsTotal: phase === 'planning' ? null : rowsTotal, threads, phase, bytes }),
    });
    progress.finish();
    return report;
  } catch (error) {
    progress.clear();
    throw error;
  }
}
