import { resolve } from 'node:path';
import { isDynamicPattern } from 'tinyglobby';
import { eachOnce, type FoundFile, listFiles, type Permit } from './files.js';
import { compareText } from './order.js';
import { type Access, checkPath, checkRemote, shownUrl } from './storage/access.js';
import type { Spool } from './storage/spool.js';
import { schemeOf } from './storage/storage.js';

export interface LocateOptions {
  /** Folder that relative paths and globs start from; default the current folder. */
  folder?: string | undefined;
  access?: Access | undefined;
  permit?: Permit | undefined;
  signal?: AbortSignal | undefined;
}

/** Requests for sizes and versions of remote files that run at a time. */
const PARALLEL = 8;

/** As locateList, but sorted by URI (by code point), and each file once. */
export async function locateTable(
  patterns: readonly string[],
  spool: Spool,
  options: LocateOptions,
): Promise<FoundFile[]> {
  return eachOnce(await locateList(patterns, spool, options));
}

/**
 * The files of paths, globs and URLs, in the order of the list (the matches of one pattern sorted).
 * @throws DataError FILE_NOT_FOUND for a pattern that matches nothing, ACCESS_DENIED for what may not be read
 */
export async function locateList(
  patterns: readonly string[],
  spool: Spool,
  options: LocateOptions,
): Promise<FoundFile[]> {
  if (patterns.length === 0) return listFiles(patterns);
  const found: FoundFile[] = [];
  for (const pattern of patterns) {
    const files =
      schemeOf(pattern) === null ? locateLocal(pattern, options) : await locateRemote(pattern, spool, options);
    for (const file of files) found.push(file);
  }
  return found;
}

function locateLocal(pattern: string, { folder, access, permit }: LocateOptions): FoundFile[] {
  const base = folder ?? process.cwd();
  // Before a look at the disk: what lies outside is not even said to be there or not.
  if (access && !pattern.includes('\0')) checkPath(pattern, resolve(base, fixedPart(pattern)), access);
  return listFiles([pattern], base, (path, uri) => {
    permit?.(path, uri);
    checkPath(uri, path, access);
  });
}

/** The folders before the first part of a glob that is not plain text. */
function fixedPart(pattern: string): string {
  const parts = pattern.split('/');
  const wild = parts.findIndex((part) => isDynamicPattern(part) || /[*?[\]{}()!+@|]/.test(part));
  return wild < 0 ? pattern : `${parts.slice(0, wild).join('/')}/`.replace(/^\/$/, pattern.startsWith('/') ? '/' : '.');
}

async function locateRemote(pattern: string, spool: Spool, options: LocateOptions): Promise<FoundFile[]> {
  const { permit, signal } = options;
  // Who restricts files but says nothing of URLs allows none.
  const access = options.access ?? (permit ? {} : undefined);
  checkRemote(pattern, access);
  const urls = (await spool.storage.list(pattern, signal)).sort(compareText);
  const found: FoundFile[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < urls.length) {
      const at = next++;
      const url = urls[at];
      const { bytes, remote } = await spool.storage.stat(url, signal);
      found[at] = { uri: shownUrl(url), path: url, bytes, mtimeNs: '', remote };
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, urls.length) }, lane));
  return found;
}
