import type { Report, Spec } from '@lossmill/evaluation';
import { evaluate } from '@lossmill/pool';
import type { ClusterRunOptions } from './cluster-eval.js';
import { createProgress } from './progress.js';
import { terminalOf } from './terminal.js';

export interface RunFlags {
  threads?: number;
  json?: boolean;
  /** URL of the cluster's Redis; evaluated in this process without. */
  redis?: string;
  /** Share of the shards (0 … 1) that may fail, on a cluster. */
  allowDegraded?: number;
}

/** Evaluates with the progress line on stderr: a bar on a terminal, plain lines otherwise, nothing with --json and no terminal. */
export async function runWithProgress(spec: Spec, flags: RunFlags, signal: AbortSignal): Promise<Report> {
  const tty = process.stderr.isTTY === true;
  const run = (options: ClusterRunOptions): Promise<Report> =>
    flags.redis === undefined
      ? evaluate(spec, { threads: flags.threads, signal, ...options })
      : evaluateThere(spec, flags.redis, flags.allowDegraded, { signal, ...options });
  if (flags.json && !tty) return run({});
  const { color, unicode, width } = terminalOf(process.stderr);
  const progress = createProgress(process.stderr, { tty, color, unicode, width });
  try {
    const report = await run({
      onProgress: (state) => progress.update({ ...state, rowsTotal: state.rowsTotal || null }),
    });
    progress.finish();
    return report;
  } catch (error) {
    progress.clear();
    throw error;
  }
}

/** Queues and drivers of Redis are loaded only where there is one. */
async function evaluateThere(
  spec: Spec,
  redis: string,
  allowDegraded: number | undefined,
  options: ClusterRunOptions,
): Promise<Report> {
  const { evaluateOnCluster } = await import('./cluster-eval.js');
  return evaluateOnCluster(spec, redis, allowDegraded, options);
}
