import { parseSpec, type Report, type Spec } from '@lossmill/evaluation';
import { inFile, plainError, type Show, type Wording, withFlags } from './error-text.js';
import { UsageError } from './errors.js';
import { type RunFlags, runWithProgress } from './eval-run.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { interruptSignal } from './interrupt.js';
import { writeAtomically } from './output.js';
import { printPlan } from './plan-text.js';
import { checkOutputs, deliver, exceeds, type ReportFlags, tableOf } from './report-output.js';
import { readSpecs, type SpecEntry } from './spec-file.js';
import { type SpecFlags, shardOf, specFromFlags } from './spec-from-flags.js';

export interface EvalFlags extends SpecFlags, RunFlags, ReportFlags {
  spec?: string;
  plan?: boolean;
}

/** `lossmill eval`: flags or a spec file -> reports. */
export async function evalCommand(files: readonly string[], given: EvalFlags, show: Show): Promise<ExitCode> {
  const flags = { ...given, redis: given.redis ?? (process.env.LOSSMILL_REDIS || undefined) };
  checkClusterFlags(flags);
  checkOutputs(flags);
  if (flags.spec === undefined) return shown(() => one(specFromFlags(files, flags), flags), show, withFlags);
  refuseSpecFlags(files, flags);
  const entries = readSpecs(flags.spec);
  const [first] = entries;
  if (first.line === null) return shown(() => one(withShard(first.parse(), flags), flags), show, inFile(first.place));
  if (flags.html !== undefined)
    throw new UsageError(
      '--html shows one report, but a .jsonl file holds many. Evaluate one spec at a time for pages.',
    );
  return many(entries, flags, show);
}

/** Runs, and says a user's mistake in the given wording. */
async function shown(run: () => Promise<ExitCode>, show: Show, wording: Wording): Promise<ExitCode> {
  try {
    return await run();
  } catch (error) {
    if (!plainError(error)) throw error;
    show(error, wording);
    return EXIT.failed;
  }
}

async function one(spec: Spec, flags: EvalFlags): Promise<ExitCode> {
  await parseSpec(spec);
  if (flags.plan) {
    await printPlan(spec, flags.json === true);
    return EXIT.done;
  }
  const { signal, release } = interruptSignal();
  try {
    const report = await runWithProgress(spec, flags, signal);
    return await deliver(report, flags);
  } finally {
    release();
  }
}

/** One after the other; a refused spec takes its line and the others still run. */
async function many(entries: readonly SpecEntry[], flags: EvalFlags, show: Show): Promise<ExitCode> {
  const { signal, release } = interruptSignal();
  let code: ExitCode = EXIT.done;
  const lines: string[] = [];
  try {
    for (const entry of entries) {
      const { line, report } = await evaluateLine(entry, flags, signal, show);
      lines.push(line);
      if (flags.json) process.stdout.write(`${line}\n`);
      else if (report) process.stdout.write(`${await tableOf(report)}\n`);
      if (!report) code = EXIT.failed;
      else if (code === EXIT.done && exceeds(report, flags.failAbove)) code = EXIT.exceeded;
    }
    if (flags.out !== undefined) writeAtomically('--out', flags.out, lines.map((line) => `${line}\n`).join(''));
    return code;
  } finally {
    release();
  }
}

async function evaluateLine(
  entry: SpecEntry,
  flags: EvalFlags,
  signal: AbortSignal,
  show: Show,
): Promise<{ line: string; report: Report | null }> {
  try {
    const spec = withShard(entry.parse(), flags);
    if (flags.plan)
      throw new UsageError('--plan shows one evaluation, but a .jsonl file holds many. Plan one spec at a time.');
    const report = await runWithProgress(spec, flags, signal);
    return { line: JSON.stringify(report), report };
  } catch (error) {
    const plain = plainError(error);
    if (!plain) throw error;
    if (!flags.json) show(error, inFile(entry.place));
    return { line: JSON.stringify({ version: 1, error: plain }), report: null };
  }
}

export function withShard(value: unknown, flags: SpecFlags): Spec {
  const shard = shardOf(flags);
  if (shard.shard === undefined || typeof value !== 'object' || value === null) return value as Spec;
  return { ...(value as Spec), ...shard };
}

function checkClusterFlags({ redis, threads, allowDegraded }: EvalFlags): void {
  if (redis === undefined && allowDegraded !== undefined)
    throw new UsageError(
      '--allow-degraded is for a cluster, where workers may fail; it has no meaning without --redis.',
    );
  if (redis !== undefined && threads !== undefined)
    throw new UsageError(
      '--threads is for evaluating on this machine; on a cluster each worker has its own (lossmill worker --threads). Leave it out, or leave out --redis (unset LOSSMILL_REDIS).',
    );
}

export function refuseSpecFlags(files: readonly string[], flags: SpecFlags & { spec?: string }): void {
  const spec: (keyof SpecFlags)[] = [
    'loss',
    'pred',
    'target',
    'weight',
    'id',
    'by',
    'format',
    'input',
    'model',
    'features',
    'compare',
    'classes',
    'compat',
    'edges',
    'precision',
    'bootstrap',
    'seed',
    'badRows',
    'worst',
    'confidence',
    'gradient',
    'gradientSummary',
    'rowLosses',
  ];
  const given = spec.find((flag) => flags[flag] !== undefined);
  const name =
    files.length > 0
      ? `FILES (${files[0]})`
      : given && `--${given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  if (name)
    throw new UsageError(`--spec says what to evaluate, so ${name} has no place beside it. Put it into ${flags.spec}.`);
}
