import { DataError } from '@lossmill/dataset';
import { EvaluationError } from '@lossmill/evaluation';
import { LossError } from '@lossmill/losses';
import { UsageError } from './errors.js';

/** The flag that sets a field of the spec, so that an error names what the user typed. */
const FLAGS: [path: RegExp, flag: string][] = [
  [/^columns\.prediction/, '--pred'],
  [/^columns\.target/, '--target'],
  [/^columns\.(weight|id|cluster|compare)/, '--$1'],
  [/^losses(\[\d+\])?/, '--loss'],
  [/^slices(\[\d+\])?(\[\d+\])?/, '--by'],
  [/^classes(\[\d+\])?/, '--classes'],
  [/^data\.files(\[\d+\])?/, 'FILES'],
  [/^data\.format/, '--format'],
  [/^quantization\.scale(\[\d+\])?/, '--scale'],
  [/^quantization\.zeroPoint(\[\d+\])?/, '--zero-point'],
  [/^quantization/, '--scale'],
  [/^badRows/, '--bad-rows'],
  [/^rows\.output/, '--row-losses'],
  [/^gradient\.output/, '--gradient'],
  [/^gradient/, '--gradient-summary'],
  [/^shard\.(rows|bytes)/, '--shard-$1'],
  [/^bootstrap\.seed/, '--seed'],
  [/^(bootstrap|compat|edges|input|precision|worst|confidence|model)(\.\w+)?/, '--$1'],
];

export interface PlainError {
  code: string;
  message: string;
  path?: string;
}

/** What a user is told of an error; null for one that is our fault. */
export function plainError(error: unknown): PlainError | null {
  if (error instanceof EvaluationError) {
    return {
      code: error.code,
      message: error.message,
      ...(error.where.path === undefined ? {} : { path: error.where.path }),
    };
  }
  if (error instanceof DataError || error instanceof LossError || error instanceof UsageError) {
    return { code: error.code, message: error.message };
  }
  // By name: a command that needs no cluster does not load its package.
  if (error instanceof Error && error.name === 'ClusterError' && 'code' in error)
    return { code: String(error.code), message: error.message };
  return null;
}

/** How a message is shown: with the place of its JSON path said in the user's terms. */
export type Wording = (error: PlainError) => string;

/** Prints an error. */
export type Show = (error: unknown, wording?: Wording) => void;

/** The message of a spec that a file holds: the file (and line) before the JSON path. */
export function inFile(place: string): Wording {
  return ({ message, path }) =>
    path !== undefined && message.startsWith(`${path}:`) ? `${place}: ${message}` : message;
}

/** The message with flags in place of JSON paths. */
export function withFlags({ message, path }: PlainError): string {
  if (path === undefined || !message.startsWith(`${path}:`)) return message;
  for (const [pattern, flag] of FLAGS) {
    if (pattern.test(path))
      return path.replace(pattern, flag).replace(/^(--?\S+).*$/, '$1') + message.slice(path.length);
  }
  return message;
}

/** "error: ..." wrapped to the width, continuation lines indented under the text. */
export function errorText(message: string, width: number): string {
  const indent = ' '.repeat(7);
  const lines: string[] = [];
  let line = 'error:';
  for (const word of message.split(/\s+/)) {
    if (line.length + 1 + word.length > width && line.trim() !== 'error:' && line.trim() !== '') {
      lines.push(line);
      line = indent + word;
    } else line += line === indent ? word : ` ${word}`;
  }
  return [...lines, line].join('\n');
}
