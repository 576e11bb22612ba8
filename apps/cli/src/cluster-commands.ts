import type { ClusterClient, EvaluationRecord } from '@lossmill/cluster';
import { parseSpec, type Spec } from '@lossmill/evaluation';
import pico from 'picocolors';
import { asUsage, clusterSettings, errorOfFault, type RedisFlags, redisOf, withCluster } from './cluster-session.js';
import { listTable, statusJson, submittedLine } from './cluster-text.js';
import { inFile, plainError, type Show, type Wording, withFlags } from './error-text.js';
import { UsageError } from './errors.js';
import { refuseSpecFlags, withShard } from './eval-command.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { interruptSignal } from './interrupt.js';
import { checkOutputs, deliver, type ReportFlags } from './report-output.js';
import { readSpecs } from './spec-file.js';
import { type SpecFlags, specFromFlags } from './spec-from-flags.js';
import { statusLine } from './status-line.js';
import { terminalOf } from './terminal.js';

export interface ClusterFlags extends RedisFlags {
  json?: boolean;
}

export interface SubmitFlags extends SpecFlags, ClusterFlags {
  spec?: string;
  detach?: boolean;
  idempotencyKey?: string;
  allowDegraded?: number;
}

export interface ProcessFlags extends RedisFlags {
  threads?: number;
  httpPort?: number;
}

/** A plan is waited for so long, so that a refused spec is said at once. */
const PLANNED_MS = 10_000;

const print = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value)}\n`);
};

/** `lossmill submit`: specs -> ids. */
export async function submitCommand(files: readonly string[], flags: SubmitFlags, show: Show): Promise<ExitCode> {
  const redis = redisOf(flags);
  const specs = specsOf(files, flags);
  if (specs.length > 1 && flags.idempotencyKey !== undefined)
    throw new UsageError(
      '--idempotency-key names one evaluation, but a .jsonl file holds many. Submit them one by one.',
    );
  return withCluster(redis, async (client) => {
    let code: ExitCode = EXIT.done;
    for (const { parse, wording } of specs) {
      try {
        await submitOne(client, parse(), flags);
      } catch (error) {
        const plain = plainError(error);
        if (!plain) throw error;
        if (flags.json) print({ version: 1, error: plain });
        else show(error, wording);
        code = EXIT.failed;
      }
    }
    return code;
  });
}

function specsOf(files: readonly string[], flags: SubmitFlags): { parse(): Spec; wording: Wording }[] {
  if (flags.spec === undefined) return [{ parse: () => specFromFlags(files, flags), wording: withFlags }];
  refuseSpecFlags(files, flags);
  return readSpecs(flags.spec).map(({ parse, place }) => ({
    parse: () => withShard(parse(), flags),
    wording: inFile(place),
  }));
}

async function submitOne(client: ClusterClient, spec: Spec, flags: SubmitFlags): Promise<void> {
  await parseSpec(spec);
  const { allowDegraded, idempotencyKey } = flags;
  const id = await client.submit({ spec, folder: process.cwd(), allowDegraded }, idempotencyKey);
  const until = Date.now() + (flags.detach ? 0 : PLANNED_MS);
  const record = await client.watch(id, () => {}, { until: ({ state }) => state !== 'queued' || Date.now() >= until });
  if (!flags.detach && record.state === 'failed' && record.total === 0 && record.error)
    throw errorOfFault(record.error);
  if (flags.json) print(statusJson(id, record, await client.fleet(record)));
  else process.stdout.write(`${submittedLine(await client.shorten(id), record)}\n`);
}

/** Runs with the full id of an abbreviated one. */
const withEvaluation = (
  flags: ClusterFlags,
  start: string,
  run: (client: ClusterClient, id: string) => Promise<ExitCode>,
) => withCluster(redisOf(flags), async (client) => run(client, await client.find(start)));

const styleOf = (stream: NodeJS.WriteStream) => {
  const { color, unicode, width } = terminalOf(stream);
  // A line that fills the last column wraps on some terminals; a pipe takes any.
  return { unicode, faint: pico.createColors(color).dim, width: stream.isTTY ? width - 1 : Number.POSITIVE_INFINITY };
};

/** `lossmill status ID` */
export const statusCommand = (start: string, flags: ClusterFlags): Promise<ExitCode> =>
  withEvaluation(flags, start, async (client, id) => {
    await tell(client, id, await client.status(id), flags);
    return EXIT.done;
  });

/** One line, or JSON, about an evaluation; with its error below. */
async function tell(client: ClusterClient, id: string, record: EvaluationRecord, flags: ClusterFlags): Promise<void> {
  const fleet = await client.fleet(record);
  if (flags.json) print(statusJson(id, record, fleet));
  else {
    process.stdout.write(`${statusLine(await client.shorten(id), record, fleet, styleOf(process.stdout))}\n`);
    if (record.error) process.stdout.write(`  ${record.error.code}: ${record.error.message}\n`);
  }
}

/** `lossmill watch ID`: a line that follows the evaluation to its end. Ctrl-C leaves it running. */
export const watchCommand = (start: string, flags: ClusterFlags): Promise<ExitCode> =>
  withEvaluation(flags, start, async (client, id) => {
    const short = await client.shorten(id);
    const tty = process.stderr.isTTY === true;
    const style = styleOf(process.stderr);
    const { signal, release } = interruptSignal();
    let last = '';
    let at = 0;
    try {
      const record = await client.watch(
        id,
        (now, fleet) => {
          if (flags.json && !tty) return;
          const line = statusLine(short, now, fleet, style);
          if (line === last || (!tty && Date.now() - at < 5000)) return;
          process.stderr.write(tty ? `\r${line}\u001b[K` : `${line}\n`);
          last = line;
          at = Date.now();
        },
        { signal },
      );
      if (tty) process.stderr.write('\r\u001b[K');
      await tell(client, id, record, flags);
      return record.state === 'done' || record.state === 'degraded' ? EXIT.done : EXIT.failed;
    } finally {
      release();
    }
  });

/** `lossmill result ID` */
export const resultCommand = (start: string, flags: ClusterFlags & ReportFlags): Promise<ExitCode> => {
  checkOutputs(flags);
  return withEvaluation(flags, start, async (client, id) => {
    const { state, error } = await client.status(id);
    if (state === 'failed' && error) throw errorOfFault(error);
    return deliver(await client.report(id), flags);
  });
};

/** `lossmill cancel ID` */
export const cancelCommand = (start: string, flags: ClusterFlags): Promise<ExitCode> =>
  withEvaluation(flags, start, async (client, id) => {
    await client.cancel(id);
    await tell(client, id, await client.status(id), flags);
    return EXIT.done;
  });

/** `lossmill retry ID` */
export const retryCommand = (start: string, flags: ClusterFlags): Promise<ExitCode> =>
  withEvaluation(flags, start, async (client, id) => {
    await client.retry(id);
    await tell(client, id, await client.status(id), flags);
    return EXIT.done;
  });

/** `lossmill list` */
export const listCommand = (flags: ClusterFlags): Promise<ExitCode> =>
  withCluster(redisOf(flags), async (client) => {
    const evaluations = await client.list();
    if (flags.json) {
      const told = evaluations.map(async ({ id, ...record }) => statusJson(id, record, await client.fleet(record)));
      print({ version: 1, evaluations: await Promise.all(told) });
    } else if (evaluations.length === 0) process.stdout.write('  No evaluations.\n');
    else process.stdout.write(listTable(evaluations, await client.shortener()));
    return EXIT.done;
  });

/** `lossmill worker`, `lossmill coordinator`: run until they are asked to end. */
export async function processCommand(role: 'worker' | 'coordinator', flags: ProcessFlags): Promise<ExitCode> {
  const redis = redisOf(flags);
  const { runWorker, runCoordinator, observationOf } = await import('@lossmill/worker');
  const settings = await clusterSettings();
  const observation = asUsage(() => observationOf(process.env, process.stdout.isTTY === true, flags));
  if (role === 'worker')
    await runWorker({ redis, observation, settings: { ...settings, threads: flags.threads ?? settings.threads } });
  else await runCoordinator({ redis, observation, settings });
  return EXIT.done;
}
