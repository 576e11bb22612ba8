import { realpathSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { DataError } from '../errors.js';
import { schemeOf } from './storage.js';

/** What may be read. A list that is not given allows nothing of its kind; without an Access everything is allowed. */
export interface Access {
  /** Folders: local files must lie in one of them, all links followed. */
  roots?: string[];
  /** URL prefixes that end at a "/" of the URL, such as "https://host/data" or "s3://bucket". */
  urls?: string[];
}

/**
 * What a process may read for others: LOSSMILL_DATA_ROOTS, folders separated by ":" (default the current folder), and
 * LOSSMILL_ALLOWED_URLS, prefixes separated by spaces (default none).
 * @throws DataError VALUE_INVALID for a prefix that is none
 */
export function accessFromEnvironment(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Required<Access> {
  const list = (text: string | undefined, separator: string | RegExp) => (text ?? '').split(separator).filter(Boolean);
  const roots = list(environment.LOSSMILL_DATA_ROOTS, delimiter);
  const urls = list(environment.LOSSMILL_ALLOWED_URLS, /\s+/);
  const wrong = urls.find((prefix) => normalize(prefix) === null);
  if (wrong !== undefined) {
    throw new DataError(
      'VALUE_INVALID',
      `The setting LOSSMILL_ALLOWED_URLS holds ${shownUrl(wrong)}, which begins no URL that can be read. Write prefixes as https://HOST/PATH, http://HOST:PORT or s3://BUCKET/FOLDER, with spaces between them.`,
    );
  }
  return { roots: roots.length > 0 ? roots : ['.'], urls };
}

/** @throws DataError ACCESS_DENIED unless the file lies in a root; a file that is not there is judged by its nearest folder. */
export function checkPath(uri: string, path: string, access: Access | undefined, what = 'read'): void {
  if (!access) return;
  const real = realPath(path);
  const roots = access.roots ?? [];
  if (real !== null && roots.some((root) => isInside(realPath(root), real))) return;
  throw new DataError(
    'ACCESS_DENIED',
    `${uri} may not be ${what} here: it lies outside the allowed folders (${roots.length > 0 ? roots.join(', ') : 'none'}), all links followed. Move it there, or have its folder added to the setting LOSSMILL_DATA_ROOTS.`,
    { source: uri },
  );
}

/** @throws DataError ACCESS_DENIED unless the URL starts with an allowed prefix. `uri` is what the user wrote. */
export function checkUrl(uri: string, url: string, access: Access | undefined, what = 'read'): void {
  if (!access) return;
  const wanted = normalize(url);
  const urls = access.urls ?? [];
  if (wanted !== null && urls.some((prefix) => covers(prefix, wanted))) return;
  const where = url === uri ? `${shownUrl(uri)} may` : `${shownUrl(uri)} leads to ${shownUrl(url)}, which may`;
  throw new DataError(
    'ACCESS_DENIED',
    `${where} not be ${what} here: the allowed URLs begin with ${urls.length > 0 ? urls.map(shownUrl).join(' or ') : '(none is allowed)'}. Have its beginning added to the setting LOSSMILL_ALLOWED_URLS.`,
    { source: shownUrl(uri) },
  );
}

/**
 * Refuses URLs that no setting allows.
 * @throws DataError ACCESS_DENIED or UNSUPPORTED (a scheme that is not read), VALUE_INVALID (no URL, a password in it)
 */
export function checkScheme(uri: string, access: Access | undefined): void {
  const scheme = schemeOf(uri);
  const where = { source: shownUrl(uri) };
  if (scheme !== 'http' && scheme !== 'https' && scheme !== 's3') {
    throw new DataError(
      access ? 'ACCESS_DENIED' : 'UNSUPPORTED',
      `${shownUrl(uri)}: ${scheme}:// is not read. Local files are named by their path; http://, https:// and s3:// can be read${access ? ' where the setting LOSSMILL_ALLOWED_URLS allows it' : ''}.`,
      where,
    );
  }
  const url = parse(uri);
  if (!url || url.hostname === '') {
    throw new DataError('VALUE_INVALID', `${shownUrl(uri)} is not a URL. Write it as ${scheme}://HOST/PATH.`, where);
  }
  if (url.username !== '' || url.password !== '') {
    throw new DataError(
      'VALUE_INVALID',
      `${shownUrl(uri)} was given with a user name or password, which would end up in reports. Leave them out of the URL.`,
      where,
    );
  }
}

/** Everything that a remote file must pass. */
export function checkRemote(uri: string, access: Access | undefined, what = 'read'): void {
  checkScheme(uri, access);
  checkUrl(uri, uri, access, what);
}

/** A URL for people: without user, password and query, which may be a signature. Paths, and keys of s3, are left as they are. */
export function shownUrl(uri: string): string {
  return uri
    .replace(/^([a-z][a-z0-9+.-]+:\/\/)[^/?#]*@/i, '$1')
    .replace(/^((?!s3:)[a-z][a-z0-9+.-]+:\/\/[^?#]*)[?#].*$/is, '$1');
}

function parse(uri: string): URL | null {
  try {
    return new URL(uri);
  } catch {
    return null;
  }
}

interface Place {
  readonly origin: string;
  readonly path: string;
}

/** Null for what cannot be judged: no URL, or a path that a server may take for one that climbs. */
function normalize(uri: string): Place | null {
  const object = /^s3:\/\/([^/@]+)(.*)$/is.exec(uri);
  if (object) return climbs(object[2]) ? null : { origin: `s3://${object[1]}`, path: object[2] || '/' };
  const url = parse(uri);
  if (url === null || url.username !== '' || url.password !== '') return null;
  if (!['http:', 'https:'].includes(url.protocol) || climbs(url.pathname)) return null;
  return { origin: url.origin, path: url.pathname };
}

/** Whether a segment becomes ".." when it is decoded, once or several times. */
function climbs(path: string): boolean {
  let text = path;
  for (let times = 0; times < 4; times++) {
    if (/(^|[/\\])\.\.?([/\\]|$)/.test(text)) return true;
    text = text.replace(/%(2e|2f|5c|25)/gi, (code) => decodeURIComponent(code));
  }
  return false;
}

function covers(prefix: string, { origin, path }: Place): boolean {
  const allowed = normalize(prefix);
  if (!allowed || allowed.origin !== origin) return false;
  const folder = allowed.path.endsWith('/') ? allowed.path : `${allowed.path}/`;
  return path === allowed.path || path.startsWith(folder);
}

function realPath(path: string): string | null {
  for (let at = resolve(path); ; at = dirname(at)) {
    try {
      return resolve(realpathSync(at), relative(at, resolve(path)));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : '';
      if ((code !== 'ENOENT' && code !== 'ENOTDIR') || dirname(at) === at) return null;
    }
  }
}

function isInside(root: string | null, path: string): boolean {
  if (root === null) return false;
  const way = relative(root, path);
  return way === '' || (!isAbsolute(way) && way !== '..' && !way.startsWith(`..${sep}`));
}
