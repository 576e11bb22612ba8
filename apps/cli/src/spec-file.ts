import { EvaluationError } from '@lossmill/evaluation';
import { UsageError } from './errors.js';
import { readSmallFile } from './small-file.js';

/** One spec of a file: its value, or why it is none. */
export interface SpecEntry {
  /** 1-based, in a .jsonl file. */
  line: number | null;
  /** The file, and the line in a .jsonl file. */
  place: string;
  parse(): unknown;
}

/** Specs of FILE.json (one) or FILE.jsonl (one a line, blank lines skipped). */
export function readSpecs(path: string): SpecEntry[] {
  const text = readText(path);
  if (!path.endsWith('.jsonl') && !path.endsWith('.ndjson'))
    return [{ line: null, place: path, parse: () => parseJson(text, path) }];
  const entries = text
    .split('\n')
    .map((line, i) => ({ text: line, line: i + 1, place: `${path}, line ${i + 1}` }))
    .filter((entry) => entry.text.trim() !== '')
    .map(({ text: json, line, place }) => ({ line, place, parse: () => parseJson(json, place) }));
  if (entries.length === 0) throw new UsageError(`--spec ${path} is empty. Each line is one evaluation spec.`);
  return entries;
}

function readText(path: string): string {
  const bytes = readSmallFile('--spec', path);
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
