import { realpathSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { type Access, accessFromEnvironment, checkRemote, type DatasetHandle, filesOfHandle } from '@lossmill/dataset';
import type { Spec } from '@lossmill/evaluation';
import { isRemote, type OutputPlan } from '@lossmill/pool';
import { ClusterError } from './errors.js';

const URL_LIKE = /^[a-z][a-z0-9+.-]+:\/\//i;

/** Folders and URLs that a process may read for others. */
export class DataRoots {
  readonly #roots: string[];

  /**
   * @param roots absolute or relative to the current folder; links in them are followed once, now
   * @param urls prefixes of URLs, as "https://host/data" or "s3://bucket"
   */
  constructor(
    readonly roots: readonly string[],
    readonly urls: readonly string[] = [],
  ) {
    this.#roots = roots.map((root) => realOf(resolve(root)));
  }

  /**
   * As LOSSMILL_DATA_ROOTS (the current folder where it is not set) and LOSSMILL_ALLOWED_URLS (none where it is not set) say.
   * @throws DataError VALUE_INVALID for a prefix of URLs that is none
   */
  static fromEnvironment(environment: Readonly<Record<string, string | undefined>> = process.env): DataRoots {
    const { roots, urls } = accessFromEnvironment(environment);
    return new DataRoots(roots, urls);
  }

  /** The same for whoever opens a dataset. */
  get access(): Access {
    return { roots: this.#roots, urls: [...this.urls] };
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
  check = (path: string, uri: string, what: 'read' | 'write' = 'read'): void => {
    if (this.has(path)) return;
    throw new ClusterError(
      'PATH_FORBIDDEN',
      `${uri} is not in a folder that the cluster may ${what} (${this.roots.map((root) => resolve(root)).join(', ')}). Put it there, or let LOSSMILL_DATA_ROOTS of workers and coordinators name its folder.`,
    );
  };

  /**
   * All that a plan wants to read.
   * @throws ClusterError PATH_FORBIDDEN, DataError ACCESS_DENIED for a URL
   */
  checkHandle(handle: DatasetHandle): void {
    for (const { path, uri, remote } of filesOfHandle(handle)) {
      if (remote) checkRemote(path, this.access);
      else this.check(path, uri);
    }
  }

  /**
   * What a plan wants to write, and under which names until then.
   * @throws as checkHandle
   */
  checkOutputs({ files, folders }: OutputPlan): void {
    for (const { target, part, path } of files) {
      if (isRemote(target)) for (const uri of [target, part]) checkRemote(uri, this.access, 'written');
      else for (const file of [target, part]) this.check(file, path, 'write');
    }
    for (const folder of folders) this.check(folder, folder, 'write');
  }

  /** The patterns of a spec, before anything is looked for: their part before the first glob must be inside, and no .. may follow it. */
  checkSpec(data: Spec['data'], folder: string): void {
    for (const pattern of [...(data.files ?? []), ...Object.values(data.arrays ?? {}).flat()]) {
      // Held against the allowed prefixes before anything is asked of it.
      if (URL_LIKE.test(pattern)) continue;
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
