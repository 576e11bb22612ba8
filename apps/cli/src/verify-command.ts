import type { Report, Spec } from '@lossmill/evaluation';
import { inFile, plainError, type Show } from './error-text.js';
import { UsageError } from './errors.js';
import { runWithProgress } from './eval-run.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { interruptSignal } from './interrupt.js';
import { readSmallFile } from './small-file.js';

export interface VerifyFlags {
  /** Numbers of shards to cut the data into. */
  shards?: number[];
  threads?: number[];
  json?: boolean;
}

interface Trial {
  shards: number;
  threads: number;
  digest: string;
  same: boolean;
  seconds: number;
}

/** `lossmill verify`: evaluates a report's spec again, cut as asked, and compares digests. */
export async function verifyCommand(path: string, flags: VerifyFlags, show: Show): Promise<ExitCode> {
  try {
    return await verify(path, flags);
  } catch (error) {
    if (!plainError(error)) throw error;
    show(error, inFile(`${path}, its spec`));
    return EXIT.failed;
  }
}

async function verify(path: string, flags: VerifyFlags): Promise<ExitCode> {
  const report = readReport(path);
  const { signal, release } = interruptSignal();
  const trials: Trial[] = [];
  let last: Report = report;
  try {
    for (const shards of flags.shards ?? [undefined]) {
      for (const threads of flags.threads ?? [undefined]) {
        last = await runWithProgress(specOf(report, shards), { threads, json: true }, signal);
        const trial = {
          shards: last.run.shards.planned,
          threads: last.run.threads,
          digest: last.digest,
          same: last.digest === report.digest,
          seconds: last.run.seconds,
        };
        trials.push(trial);
        if (!flags.json) process.stdout.write(trialLine(trial));
      }
    }
  } finally {
    release();
  }
  const same = trials.every((trial) => trial.same);
  if (flags.json)
    process.stdout.write(`${JSON.stringify({ version: 1, digest: report.digest, same, trials }, null, 2)}\n`);
  else
    process.stdout.write(
      same
        ? `\n  same digest in ${trials.length} of ${trials.length}: ${report.digest}\n`
        : `\n  ${difference(report, last)}\n`,
    );
  return same ? EXIT.done : EXIT.failed;
}

function trialLine({ shards, threads, digest, same, seconds }: Trial): string {
  return `  ${String(shards).padStart(8)} shards  ${String(threads).padStart(3)} threads  ${same ? 'same' : 'DIFFERS'}  ${digest.slice(0, 23)}…  ${seconds.toFixed(2)} s\n`;
}

function readReport(path: string): Report {
  const text = readSmallFile('report', path).toString();
  let value: Report;
  try {
    value = JSON.parse(text) as Report;
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/\s+/g, ' ') : String(error);
    throw new UsageError(`${path} is no report: it is not JSON (${why}). Give a file that lossmill eval --out wrote.`);
  }
  if (
    value?.version !== 1 ||
    typeof value.digest !== 'string' ||
    typeof value.rows?.read !== 'number' ||
    !Array.isArray(value.losses) ||
    typeof value.spec !== 'object' ||
    value.spec === null
  ) {
    throw new UsageError(
      `${path} is JSON, but no lossmill report of version 1. Give a file that lossmill eval --out wrote.`,
    );
  }
  return value;
}

/** The report's own spec, without what the resolution added. */
function specOf(report: Report, shards: number | undefined): Spec {
  const { sources: _sources, arithmetic: _arithmetic, ...spec } = report.spec;
  const shard = shards === undefined ? {} : { shard: { rows: Math.max(1, Math.ceil(report.rows.read / shards)) } };
  return { ...spec, ...shard } as unknown as Spec;
}

interface SourceEntry {
  uri: string;
  fingerprint: string;
}

function difference(before: Report, after: Report): string {
  const old = new Map(
    (before.spec.sources as SourceEntry[] | undefined)?.map(({ uri, fingerprint }) => [uri, fingerprint]),
  );
  const changed = (after.spec.sources as SourceEntry[]).find(({ uri, fingerprint }) => old.get(uri) !== fingerprint);
  if (changed) return `the digest differs: ${changed.uri} is not the file the report was made from.`;
  const loss = after.losses.find((entry, i) => entry.sum !== before.losses[i]?.sum);
  if (loss)
    return `the digest differs: ${loss.name} has the sum ${loss.sum} now. The report was made by version ${before.run?.version}, this is ${after.run.version}.`;
  return `the digest differs, though sources and sums are equal. The report was made by version ${before.run?.version}, this is ${after.run.version}, or was edited.`;
}
