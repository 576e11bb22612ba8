import { existsSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { globSync, isDynamicPattern } from 'tinyglobby';
import { DataError } from './errors.js';
import { compareText } from './order.js';
import { type Pin, pinOf } from './pin.js';
import { schemeOf } from './storage/storage.js';

/** A file found, with what must not change about it. */
export interface FoundFile extends Pin {
  readonly uri: string;
  readonly path: string;
}

/** Asked for each file found, before anything of it is looked at; throws to refuse it. */
export type Permit = (path: string, uri: string) => void;

const ANY: Permit = () => {};

/**
 * The files of `patterns`, sorted by URI (by code point), each once. A path that exists is taken literally even if it
 * holds glob characters.
 * @throws DataError FILE_NOT_FOUND for a pattern that matches nothing, FILE_NOT_READABLE for a directory.
 */
export function findFiles(
  patterns: readonly string[],
  base: string = process.cwd(),
  permit: Permit = ANY,
): FoundFile[] {
  return eachOnce(listFiles(patterns, base, permit));
}

/** Sorted by URI, each path once. */
export function eachOnce(files: readonly FoundFile[]): FoundFile[] {
  const byPath = new Map<string, FoundFile>();
  for (const file of files) {
    if (!byPath.has(file.path)) byPath.set(file.path, file);
  }
  return [...byPath.values()].sort((left, right) => compareText(left.uri, right.uri));
}

/** As findFiles, but in the order of the list (the matches of one pattern sorted), and a file named twice counts twice. */
export function listFiles(
  patterns: readonly string[],
  base: string = process.cwd(),
  permit: Permit = ANY,
): FoundFile[] {
  if (patterns.length === 0) throw notFound('The list of files is empty. Name at least one file or glob.', '');
  return patterns.flatMap((pattern) => expand(pattern, base, permit));
}

function expand(pattern: string, base: string, permit: Permit): FoundFile[] {
  refuseImpossible(pattern);
  const literal = resolve(base, pattern);
  if (!isDynamicPattern(pattern) || existsSync(literal)) {
    permit(literal, pattern);
    return [{ uri: pattern, path: literal, ...pinOf({ uri: pattern, path: literal }) }];
  }
  const found = globSync(pattern, { cwd: base, absolute: true, onlyFiles: true, expandDirectories: false })
    .map((path) => resolve(path))
    .map((path) => ({ uri: uriOf(path, pattern, base), path }))
    .sort((left, right) => compareText(left.uri, right.uri));
  if (found.length === 0) {
    throw notFound(
      `No file matches the pattern ${JSON.stringify(pattern)}. It is relative to the current folder; quote it so that the shell does not expand it.`,
      pattern,
    );
  }
  return found.map((file) => {
    permit(file.path, file.uri);
    return { ...file, ...pinOf(file) };
  });
}

function refuseImpossible(pattern: string): void {
  if (pattern.trim() === '') throw notFound('A path in the list of files is empty. Name a file or a glob.', pattern);
  if (pattern.includes('\0')) throw notFound(`The path ${JSON.stringify(pattern)} holds a NUL character.`, pattern);
  const scheme = schemeOf(pattern);
  if (scheme !== null) {
    throw new DataError(
      'UNSUPPORTED',
      `${pattern} is a URL (${scheme}), where only a path can be. Name a local path.`,
      {
        source: pattern,
      },
    );
  }
}

/** The found path written the way the pattern was: absolute, relative, or relative with a leading "./". */
function uriOf(path: string, pattern: string, base: string): string {
  if (isAbsolute(pattern)) return path;
  const plain = relative(base, path).split(sep).join('/');
  return pattern.startsWith('./') ? `./${plain}` : plain;
}

function notFound(message: string, source: string): DataError {
  return new DataError('FILE_NOT_FOUND', message, { source });
}
