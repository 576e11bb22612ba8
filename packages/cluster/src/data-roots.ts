import { realpathSync } from 'node:fs';
import { delimiter, dirname, join, resolve, sep } from 'node:path';
import type { Spec } from '@lossmill/evaluation';
import { ClusterError } from './errors.js';

const URL_LIKE = /^[a-z][a-z0-9+.-]+:\/\//i;

/** Folders that a process may read for others. */
export class DataRoots {
  readonly #roots: string[];

  /** @param roots absolute or relative to the current folder; links in them are followed once, now */
  constructor(readonly roots: readonly string[]) {
    this.#roots = roots.map((root) => realOf(resolve(root)));
  }

  /** As LOSSMILL_DATA_ROOTS says, folders separated by ":"; the current folder where it is not set. */
  static fromEnvironment(value = process.env.LOSSMILL_DATA_ROOTS): DataRoots {
    const roots = (value ?? '').split(delimiter).filter((root) => root !== '');
    return new DataRoots(roots.length > 0 ? roots : ['.']);
  }

  /** A URL is in no folder. */
  has(path: string): boolean {
    if (URL_LIKE.test(path)) return false;
    const real = realOf(path);
    return this.#roots.some((root) => real === root || real.startsWith(root.endsWith(sep) ? root : root + sep));
  }

  /**
   * A file to be read, links followed.
   * @throws ClusterError PATH_FORBIDDEN
   */
  check = (path: string, uri: string): void => {
    if (this.has(path)) return;
    throw new ClusterError(
      'PATH_FORBIDDEN',
      `${uri} is not in a folder that the cluster may read (${this.roots.map((root) => resolve(root)).join(', ')}). Put it there, or let LOSSMILL_DATA_ROOTS of workers and coordinators name its folder.`,
    );
  };

  /** The patterns of a spec, before anything is looked for: their part before the first glob must be inside, and no .. may follow it. */
  checkSpec(data: Spec['data'], folder: string): void {
    for (const pattern of [...(data.files ?? []), ...Object.values(data.arrays ?? {}).flat()]) {
      if (URL_LIKE.test(pattern)) this.check(pattern, pattern);
      const parts = pattern.split(/[\\/]/);
      const glob = parts.findIndex((part) => /[*?[\]{}()!]/.test(part));
      const fixed = glob < 0 ? pattern : parts.slice(0, glob).join('/') || (pattern.startsWith('/') ? '/' : '.');
      this.check(resolve(folder, fixed), pattern);
      // Outside only as text: where a literal file of that name exists, it is checked as such when it is found.
      if (glob >= 0 && parts.slice(glob).includes('..')) this.check(sep, pattern);
    }
  }
}

/** The path with links followed, as far as it exists. */
function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realOf(parent), path.slice(parent.length));
  }
}
