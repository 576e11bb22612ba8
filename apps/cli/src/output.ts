import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from './errors.js';

/** Says early that a file could not be written later. */
export function checkWritable(flag: string, path: string): void {
  if (path === '') throw new UsageError(`${flag} is empty. Name a file.`);
  const folder = dirname(path);
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (!stat?.isDirectory())
    throw new UsageError(`${flag} ${path}: there is no folder ${folder}. Make it first.`, 'FILE_NOT_FOUND');
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`${flag} ${path} is a folder. Name a file.`, 'FILE_NOT_WRITABLE');
}

/** Refuses to write over what was read. `sources` are the paths of the data, as the report names them. */
export function checkNoSource(flag: string, path: string, sources: readonly string[]): void {
  if (sources.some((source) => resolve(source) === resolve(path)))
    throw new UsageError(`${flag} ${path} is one of the files that are evaluated. Name another file.`);
}

/** Writes a whole file or nothing: under a temporary name, then renamed. */
export function writeAtomically(flag: string, path: string, text: string): void {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = openSync(temporary, 'wx');
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `${flag} ${path}: cannot be written (${why}). Name a place that can be written.`,
      'FILE_NOT_WRITABLE',
    );
  }
}
