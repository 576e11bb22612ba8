import { resolve } from 'node:path';
import {
  ClusterWorker,
  Coordinator,
  DataRoots,
  type Log,
  type Observed,
  type ProcessOptions,
  redactUrl,
  type Settings,
} from '@lossmill/cluster';
import { VERSION } from '@lossmill/pool';
import { type HttpServer, serve } from './http.js';
import { makeLog } from './log.js';
import { Metrics } from './metrics.js';
import type { Observation } from './observation.js';
import { scrubber } from './secrets.js';
import { startTracing } from './tracing.js';

export interface RunOptions {
  /** redis:// or rediss:// URL. */
  redis: string;
  settings: Settings;
  observation: Observation;
}

/** Beyond what the process needs to put everything down itself; then it ends all the same. */
const GRACE_MS = 20_000;
/** For the last lines of the log. */
const END_MS = 100;

/** Computes shards until the process is asked to end (SIGTERM, SIGINT). */
export const runWorker = (options: RunOptions): Promise<void> =>
  run('worker', options, (process) => ClusterWorker.start(process));

/** Plans evaluations and writes their reports until the process is asked to end (SIGTERM, SIGINT). */
export const runCoordinator = (options: RunOptions): Promise<void> =>
  run('coordinator', options, (process) => Coordinator.start(process));

interface Running extends Observed {
  close(): Promise<void>;
  readonly member: { id: string; threads: number };
}

async function run(
  role: 'worker' | 'coordinator',
  options: RunOptions,
  start: (options: ProcessOptions) => Promise<Running>,
): Promise<void> {
  const { redis, settings, observation } = options;
  const log = await makeLog(role, { ...observation, scrub: scrubber(redis, process.env) });
  const asked = askedToEnd();
  const roots = DataRoots.fromEnvironment();
  const metrics = new Metrics(role);
  const running: { process: Running | null } = { process: null };
  // Before anything is taken from the queue: a port that is not free ends the process.
  const http = observation.http && (await serve(observation.http, probesOf(role, metrics, running)));
  try {
    const tracing = observation.tracing ? await startTracing(role, log) : null;
    const onHang = endAtOnce;
    const telemetry = tracing?.telemetry;
    const started = await start({ redis, settings, roots, log, meter: metrics, telemetry, onHang });
    running.process = started;
    tellReady(log, role, started, options, roots, http);
    await untilAsked(asked, log, role, started, settings);
    const sent = await tracing?.end();
    if (sent === false) log.warn({}, 'traces could not be sent in time');
    log.info({}, `${role} has ended`);
    // All is put down: a line to a Redis that is away, or a collector that does not answer, must not keep the process.
    setTimeout(() => process.exit(0), END_MS).unref();
  } finally {
    await http?.close();
  }
}

function tellReady(
  log: Log,
  role: string,
  { member }: Running,
  { redis }: RunOptions,
  { roots }: DataRoots,
  http: HttpServer | null,
): void {
  log.info(
    {
      version: VERSION,
      id: member.id,
      ...(role === 'worker' ? { threads: member.threads } : {}),
      redis: redactUrl(redis),
      roots: roots.map((root) => resolve(root)),
      ...(http ? { http: http.url } : {}),
    },
    `${role} is ready`,
  );
}

async function untilAsked(
  asked: Promise<NodeJS.Signals>,
  log: Log,
  role: string,
  running: Running,
  settings: Settings,
): Promise<void> {
  const signal = await asked;
  log.info({ signal }, `${role} ends`);
  // What hangs must not keep the process: what it held is taken over by others.
  setTimeout(() => process.exit(0), settings.drainMs + GRACE_MS).unref();
  await running.close();
}

/** What is served of a process, also while it starts. */
function probesOf(role: string, metrics: Metrics, running: { process: Running | null }) {
  return {
    about: { role, version: VERSION },
    unreadiness: async () => (await running.process?.unreadiness()) ?? ['starting'],
    metrics: () => metrics.text(async () => (await running.process?.gauges()) ?? []),
  };
}

/** Not process.exit: that waits for native threads. */
const endAtOnce = (): void => {
  process.kill(process.pid, 'SIGKILL');
};

function askedToEnd(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let asked = false;
    for (const name of ['SIGTERM', 'SIGINT'] as const) {
      process.on(name, () => {
        // A second time: at once.
        if (asked) process.exit(1);
        asked = true;
        resolve(name);
      });
    }
  });
}
