import { resolve } from 'node:path';
import type { Report } from '@lossmill/evaluation';
import { UsageError } from './errors.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { checkNoSource, checkWritable, writeAtomically } from './output.js';
import { terminalOf } from './terminal.js';

/** Where a report goes. */
export interface ReportFlags {
  json?: boolean;
  out?: string;
  html?: string;
  failAbove?: number;
}

/** Refuses early what could not be written later. */
export function checkOutputs(flags: ReportFlags): void {
  for (const [flag, path] of outputsOf(flags)) checkWritable(flag, path);
  if (flags.out !== undefined && flags.html !== undefined && resolve(flags.out) === resolve(flags.html))
    throw new UsageError(`--out and --html both name ${flags.out}. Name two files.`);
}

/** Writes and prints a report as the flags say. */
export async function deliver(report: Report, flags: ReportFlags): Promise<ExitCode> {
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
}

function outputsOf({ out, html }: ReportFlags): [flag: string, path: string][] {
  const all: [flag: string, path: string | undefined][] = [
    ['--out', out],
    ['--html', html],
  ];
  return all.filter((entry): entry is [string, string] => entry[1] !== undefined);
}

async function pageOf(report: Report): Promise<string> {
  const { renderHtml } = await import('@lossmill/report');
  return renderHtml(report);
}

/** The report's package is loaded when there is something to show: --json and mistakes need none of it. */
export async function tableOf(report: Report): Promise<string> {
  const { renderTerminal } = await import('@lossmill/report');
  const text = renderTerminal(report, terminalOf(process.stdout));
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** Where the files went that were asked for. */
function filesOf(report: Report, flags: ReportFlags): string {
  const lines = [
    ...(flags.html === undefined ? [] : [`report ${flags.html}    open it in a browser`]),
    ...(flags.out === undefined ? [] : [`report ${flags.out}    lossmill verify ${flags.out} proves it`]),
    ...(report.run.outputs?.rows ?? []).map((path) => `row losses ${path}`),
    ...(report.run.outputs?.gradient ?? []).map((path) => `gradient ${path}`),
  ];
  return lines.map((line) => `  ${line}\n`).join('');
}

/** A mean that is not a number is not known to be within the limit. */
export function exceeds(report: Report, limit: number | undefined): boolean {
  return limit !== undefined && report.losses.some(({ mean }) => !(Number(mean) <= limit));
}
