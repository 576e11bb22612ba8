import type { Log } from '@lossmill/cluster';
import { destination, pino } from 'pino';
import type { LogFormat, LogLevel } from './observation.js';

export interface LogOptions {
  level: LogLevel;
  format: LogFormat;
  /** Takes out what must not be seen. */
  scrub: (text: string) => string;
  /** @default standard output, written at once so that the last line before an end is there too */
  sink?: { write(text: string): void };
}

/** A logger: one line an event. */
export async function makeLog(role: string, { level, format, scrub, sink }: LogOptions): Promise<Log> {
  const out = sink ?? destination({ dest: 1, sync: true });
  const lines = format === 'pretty' ? await prettyLines(out) : out;
  const log: Log = pino({ name: role, level }, { write: (line: string) => lines.write(scrub(line)) });
  return log;
}

/** Loaded only where it is wanted. */
async function prettyLines(out: { write(text: string): unknown }): Promise<{ write(text: string): void }> {
  const { prettyFactory } = await import('pino-pretty');
  const { NO_COLOR, TERM } = process.env;
  const colorize = process.stdout.isTTY === true && !NO_COLOR && TERM !== 'dumb';
  const pretty = prettyFactory({
    colorize,
    singleLine: true,
    ignore: 'pid,hostname,name',
    translateTime: 'SYS:HH:MM:ss',
  });
  return {
    write: (line) => {
      out.write(pretty(line));
    },
  };
}
