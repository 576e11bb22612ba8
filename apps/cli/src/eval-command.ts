import { resolve } from 'node:path';
import { parseSpec, type Report, type Spec } from '@lossmill/evaluation';
import { inFile, plainError, type Show, type Wording, withFlags } from './error-text.js';
import { UsageError } from './errors.js';
import { type RunFlags, runWithProgress } from './eval-run.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { interruptSignal } from './interrupt.js';
import { checkNoSource, checkWritable, writeAtomically } from './output.js';
import { printPlan } from './plan-text.js';
import { readSpecs, type SpecEntry } from './spec-file.js';
import { type SpecFlags, shardOf, specFromFlags } from './spec-from-flags.js';
import { terminalOf } from './terminal.js';

export interface EvalFlags extends SpecFlags, RunFlags {
  out?: string;
  html?: string;
  spec?: string;
  plan?: boolean;
  failAbove?: number;
  redis?: string;
}

/** `lossmill eval`: flags or a spec file -> reports. */
export async function evalCommand(files: readonly string[], flags: EvalFlags, show: Show): Promise<ExitCode> {
  refuseCluster(flags);
  for (const [flag, path] of outputsOf(flags)) checkWritable(flag, path);
  if (flags.out !== undefined && flags.html !== undefined && resolve(flags.out) === resolve(flags.html))
    throw new UsageError(`--out and --html both name ${flags.out}. Name two files.`);
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

function outputsOf({ out, html }: EvalFlags): [flag: string, path: string][] {
  const all: [flag: string, path: string | undefined][] = [
    ['--out', out],
    ['--html', html],
  ];
  return all.filter((entry): entry is [string, string] => entry[1] !== undefined);
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
    const text = JSON.stringify(report, null, 2);
    const sources = (report.spec.sources as { uri: string }[] | undefined) ?? [];
    for (const [flag, path] of outputsOf(flags)) {
      checkNoSource(
        flag,
        path,
        sources.map(({ uri }) => uri),
      );
    }
    if (flags.out !== undefined) writeAtomically('--out', flags.out, `${text}\n`);
    if (flags.html !== undefined) writeAtomically('--html', flags.html, await pageOf(report));
    process.stdout.write(flags.json ? `${text}\n` : `${await tableOf(report)}${filesOf(report, flags)}`);
    return exceeds(report, flags.failAbove) ? EXIT.exceeded : EXIT.done;
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

async function pageOf(report: Report): Promise<string> {
  const { renderHtml } = await import('@lossmill/report');
  return renderHtml(report);
}

/** The report's package is loaded when there is something to show: --json and mistakes need none of it. */
async function tableOf(report: Report): Promise<string> {
  const { renderTerminal } = await import('@lossmill/report');
  const text = renderTerminal(report, terminalOf(process.stdout));
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** Where the files went that were asked for. */
function filesOf(report: Report, flags: EvalFlags): string {
  const lines = [
    ...(flags.html === undefined ? [] : [`report ${flags.html}    open it in a browser`]),
    ...(flags.out === undefined ? [] : [`report ${flags.out}    lossmill verify ${flags.out} proves it`]),
    ...(report.run.outputs?.rows ?? []).map((path) => `row losses ${path}`),
    ...(report.run.outputs?.gradient ?? []).map((path) => `gradient ${path}`),
  ];
  return lines.map((line) => `  ${line}\n`).join('');
}

/** A mean that is not a number is not known to be within the limit. */
function exceeds(report: Report, limit: number | undefined): boolean {
  return limit !== undefined && report.losses.some(({ mean }) => !(Number(mean) <= limit));
}

function withShard(value: unknown, flags: EvalFlags): Spec {
  const shard = shardOf(flags);
  if (shard.shard === undefined || typeof value !== 'object' || value === null) return value as Spec;
  return { ...(value as Spec), ...shard };
}

function refuseCluster(flags: EvalFlags): void {
  const from = flags.redis !== undefined ? '--redis' : process.env.LOSSMILL_REDIS ? 'LOSSMILL_REDIS' : null;
  if (from === null) return;
  throw new UsageError(
    `${from}: running on a cluster is not available yet. ${from === '--redis' ? 'Leave it out' : 'Unset it'} to evaluate on this machine.`,
    'NOT_AVAILABLE_YET',
  );
}

function refuseSpecFlags(files: readonly string[], flags: EvalFlags): void {
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
    'precision',
    'bootstrap',
    'seed',
    'badRows',
    'worst',
    'confidence',
    'gradient',
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
