import { readFileSync } from 'node:fs';
import { UsageError } from './errors.js';

const WHY: Record<string, string> = {
  EISDIR: 'it is a folder',
  EACCES: 'the system refuses to read it',
  EPERM: 'the system refuses to read it',
};

/** The bytes of a spec or report. `what` names the flag or the kind of file in the message. */
export function readSmallFile(what: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new UsageError(`${what} ${path}: there is no such file. Check the path.`, 'FILE_NOT_FOUND');
    throw new UsageError(
      `${what} ${path}: ${WHY[code ?? ''] ?? message}. Name a file that can be read.`,
      'FILE_NOT_READABLE',
    );
  }
}
