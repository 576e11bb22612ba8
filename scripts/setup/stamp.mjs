// Stamps: small files that remember from which inputs a step was last done, so that it is done again only when they change.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { at } from '../lib/run.mjs';

const stampFile = (step) => at('.cache', 'setup', `${step}.stamp`);

/** True when the step was done before, from whatever inputs. */
export const wasDone = (step) => existsSync(stampFile(step));

/** True when the step was last done from inputs with this fingerprint. */
export const isDone = (step, fingerprint) => wasDone(step) && readFileSync(stampFile(step), 'utf8') === fingerprint;

export function markDone(step, fingerprint) {
  mkdirSync(dirname(stampFile(step)), { recursive: true });
  writeFileSync(stampFile(step), fingerprint);
}

export const forget = (step) => rmSync(stampFile(step), { force: true });

/** A fingerprint of contents: for few or small files. A missing file counts as empty. */
export function contentFingerprint(paths, extra = '') {
  const hash = createHash('sha256').update(extra);
  for (const path of paths) {
    hash.update(`\0${path}\0`);
    if (existsSync(at(path))) hash.update(readFileSync(at(path)));
  }
  return hash.digest('hex');
}

/** A fingerprint of sizes and modification times: for many files, milliseconds instead of reading them. */
export function timeFingerprint(paths, extra = '') {
  const hash = createHash('sha256').update(extra);
  for (const path of paths) {
    const { size, mtimeMs } = statSync(at(path));
    hash.update(`${path}\0${size}\0${mtimeMs}\0`);
  }
  return hash.digest('hex');
}
