import { readFileSync } from 'node:fs';
import { EvaluationError } from '@lossmill/evaluation';
import { UsageError } from './usage-error.js';

/** One spec of a file: its value, or why it is none. */
export interface SpecEntry {
  /** 1-based, in a .jsonl file. */
  line: number | null;
  parse(): unknown;
}

/** Specs of FILE.json (one) or FILE.jsonl (one a line, blank lines skipped). */
export function readSpecs(path: string): SpecEntry[] {
  const text = readText(path);
  if (!path.endsWith('.jsonl') && !path.endsWith('.ndjson'))
    return [{ line: null, parse: () => parseJson(text, path) }];
  const entries = text
    .split('\n')
    .map((line, i) => ({
      line: i + 1,
      parse: () => parseJson(line, `${path}, line ${i + 1}`),
      blank: line.trim() === '',
    }))
    .filter(({ blank }) => !blank);
  if (entries.length === 0) throw new UsageError(`--spec ${path} is empty. Each line is one evaluation spec.`);
  return entries;
}

function readText(path: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EISDIR'
          ? 'it is a folder'
          : code === 'EACCES'
            ? 'it may not be read'
            : String(code);
    throw new UsageError(`--spec ${path}: ${why}.`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new EvaluationError('SPEC_NOT_JSON', `${path} is not UTF-8 text. A spec is JSON in UTF-8.`, { source: path });
  }
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/\s+/g, ' ') : String(error);
    throw new EvaluationError('SPEC_NOT_JSON', `${where} is not JSON: ${why}.`, { source: where });
  }
}
