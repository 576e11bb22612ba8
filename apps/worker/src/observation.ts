import type { TextSetting } from '@lossmill/cluster';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
export type LogFormat = 'json' | 'pretty';

/** How a process can be looked at while it runs. */
export interface Observation {
  level: LogLevel;
  format: LogFormat;
  /** Where metrics and health are served; null: nowhere. */
  http: { port: number; host: string } | null;
  tracing: boolean;
}

export interface ObservationFlags {
  httpPort?: number;
}

/** The settings that are no numbers of a cluster, as operators see them. */
export const OBSERVATION_SETTINGS: readonly TextSetting[] = [
  {
    variable: 'LOSSMILL_LOG',
    unit: 'level',
    shown: 'info',
    meaning: 'trace, debug, info, warn, error, fatal or silent',
  },
  {
    variable: 'LOSSMILL_LOG_FORMAT',
    unit: 'format',
    shown: 'pretty on a terminal, else json',
    meaning: 'json or pretty; to standard output, a line an event',
  },
  {
    variable: 'LOSSMILL_HTTP_PORT',
    unit: 'port',
    shown: 'off',
    meaning: 'serves /metrics, /healthz and /readyz; 0 takes a free one and logs it; --http-port beats it',
  },
  {
    variable: 'LOSSMILL_HTTP_HOST',
    unit: 'address',
    shown: '127.0.0.1',
    meaning: 'it listens on; 0.0.0.0 for all (there is no password: keep it in a private network)',
  },
  {
    variable: 'LOSSMILL_OTEL',
    unit: '0 or 1',
    shown: '1 if OTEL_EXPORTER_OTLP_ENDPOINT or OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is set',
    meaning: 'sends a trace of each evaluation and its tasks by OTLP/HTTP',
  },
];

const LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];
const FORMATS: readonly LogFormat[] = ['json', 'pretty'];
const MOST_PORT = 65_535;

/**
 * Reads the environment; a flag beats its variable.
 * @param isTerminal whether standard output is one
 * @throws RangeError that names the variable, its value and what is allowed
 */
export function observationOf(
  env: NodeJS.ProcessEnv,
  isTerminal: boolean,
  { httpPort }: ObservationFlags = {},
): Observation {
  const port = httpPort ?? portOf(env.LOSSMILL_HTTP_PORT);
  return {
    level: oneOf('LOSSMILL_LOG', env.LOSSMILL_LOG, LEVELS, 'info'),
    format: oneOf('LOSSMILL_LOG_FORMAT', env.LOSSMILL_LOG_FORMAT, FORMATS, isTerminal ? 'pretty' : 'json'),
    http: port === null ? null : { port, host: env.LOSSMILL_HTTP_HOST || '127.0.0.1' },
    tracing: isTraced(env),
  };
}

function oneOf<T extends string>(variable: string, text: string | undefined, allowed: readonly T[], otherwise: T): T {
  if (text === undefined || text === '') return otherwise;
  const found = allowed.find((one) => one === text);
  if (found !== undefined) return found;
  throw new RangeError(`${variable} is "${text}", but one of ${allowed.join(', ')} is wanted.`);
}

function portOf(text: string | undefined): number | null {
  if (text === undefined || text === '' || text === 'off') return null;
  if (/^\d{1,5}$/.test(text) && Number(text) <= MOST_PORT) return Number(text);
  throw new RangeError(
    `LOSSMILL_HTTP_PORT is "${text}", but a port from 0 (any free one) to ${MOST_PORT}, or off, is wanted.`,
  );
}

function isTraced(env: NodeJS.ProcessEnv): boolean {
  const text = env.LOSSMILL_OTEL;
  if (text === '1' || text === '0') return text === '1';
  if (text !== undefined && text !== '') throw new RangeError(`LOSSMILL_OTEL is "${text}", but 0 or 1 is wanted.`);
  return Boolean(env.OTEL_EXPORTER_OTLP_ENDPOINT || env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT);
}
