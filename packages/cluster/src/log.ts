/** Where a process says what it does. pino's loggers fit. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const nothing = (): void => {};
export const SILENT: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
