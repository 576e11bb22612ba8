import { resolve } from 'node:path';
import { ClusterWorker, Coordinator, DataRoots, type Log, redactUrl, type Settings } from '@lossmill/cluster';
import { pino } from 'pino';

export interface RunOptions {
  /** redis:// or rediss:// URL. */
  redis: string;
  settings: Settings;
}

/** Beyond what the process needs to put everything down itself; then it ends all the same. */
const GRACE_MS = 20_000;

/** Computes shards until the process is asked to end (SIGTERM, SIGINT). */
export const runWorker = (options: RunOptions): Promise<void> =>
  run('worker', options, async (process) => {
    const worker = await ClusterWorker.start(process);
    return { close: () => worker.close(), fields: { id: worker.member.id, threads: options.settings.threads } };
  });

/** Plans evaluations and writes their reports until the process is asked to end (SIGTERM, SIGINT). */
export const runCoordinator = (options: RunOptions): Promise<void> =>
  run('coordinator', options, async (process) => {
    const coordinator = await Coordinator.start(process);
    return { close: () => coordinator.close(), fields: {} };
  });

interface Running {
  close(): Promise<void>;
  fields: object;
}

type Start = (options: RunOptions & { roots: DataRoots; log: Log; onHang: () => void }) => Promise<Running>;

async function run(role: string, options: RunOptions, start: Start): Promise<void> {
  const log = pino({ name: role, level: levelOf(process.env.LOSSMILL_LOG) });
  const asked = askedToEnd();
  const roots = DataRoots.fromEnvironment();
  const { close, fields } = await start({ ...options, roots, log, onHang: endAtOnce });
  log.info(
    { ...fields, redis: redactUrl(options.redis), roots: roots.roots.map((root) => resolve(root)) },
    `${role} is ready`,
  );
  const signal = await asked;
  log.info({ signal }, `${role} ends`);
  // What hangs must not keep the process: what it held is taken over by others.
  setTimeout(() => process.exit(0), options.settings.drainMs + GRACE_MS).unref();
  await close();
  log.info({}, `${role} has ended`);
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

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

const levelOf = (text: string | undefined): string => (text !== undefined && LEVELS.includes(text) ? text : 'info');
