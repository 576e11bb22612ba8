import { linkSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { attempt, syncFolder } from './npy-writer.js';

/**
 * Gives the content of a temporary file its final name, replacing a file of that name at once. The temporary name stays where the file
 * system has hard links, so that this may be done again by a process that does not know whether it was done: it goes with `dropNpyPart`.
 * @throws DataError FILE_NOT_WRITABLE
 */
export function publishNpyPart(tempPath: string, path: string): void {
  const second = `${tempPath}.link`;
  attempt(path, () => {
    rmSync(second, { force: true });
    renameSync(linked(tempPath, second) ? second : tempPath, path);
    // Where both are names of one file already, a rename leaves both.
    rmSync(second, { force: true });
    syncFolder(dirname(path));
  });
}

/** Removes what publishNpyPart left, or a file that is not wanted. */
export function dropNpyPart(tempPath: string): void {
  for (const path of [`${tempPath}.link`, tempPath]) {
    try {
      rmSync(path, { force: true });
    } catch (error) {
      // Below a file there is nothing to remove.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOTDIR')) throw error;
    }
  }
}

const WITHOUT_LINKS: ReadonlySet<unknown> = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'EACCES']);

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && WITHOUT_LINKS.has(error.code)) return false;
    throw error;
  }
}
