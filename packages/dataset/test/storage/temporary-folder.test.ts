import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { removeLeftovers, removeTemporaryFolder, temporaryFolder } from '../../src/storage/temporary-folder.js';
import { temporaryFolder as testFolder } from '../helpers/folder.js';

const place = testFolder();
const before = process.env.TMPDIR;
beforeEach(() => {
  process.env.TMPDIR = place.path;
});
afterEach(() => {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
});

/** A folder as a process of that number and start would have made it, with a file in it. */
function leftover(own: string, pid: number | string, start?: string): string {
  const name = basename(own).replace(
    /^(lossmill-[a-z]+)-\d+-(\d+)-/,
    (_, kind, since) => `${kind}-${pid}-${start ?? since}-`,
  );
  const path = join(dirname(own), name);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, '0'), 'rows');
  return path;
}

const deadPid = () => spawnSync(process.execPath, ['-e', '']).pid;

it('removes the folders of processes that live no more, and no others', async () => {
  expect(tmpdir()).toBe(place.path);
  const own = temporaryFolder('remote');
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: 'pipe' });
  await once(child, 'spawn');
  const dead = leftover(own, deadPid());
  const living = leftover(own, child.pid as number, '0');
  const elsewhere = join(place.path, basename(dead).replace(/-[^-]+-(\w{6})$/, '-another.host-$1'));
  mkdirSync(elsewhere);
  const other = join(place.path, 'lossmill-redis-abcdef');
  mkdirSync(other);
  const link = `${dead.slice(0, -6)}zzzzzz`;
  symlinkSync(own, link);
  removeLeftovers();
  expect([dead, living, elsewhere, other, own, link].map(existsSync)).toEqual([false, true, true, true, true, true]);
  child.kill('SIGKILL');
  await once(child, 'exit');
  removeLeftovers();
  expect(existsSync(living)).toBe(false);
  removeTemporaryFolder(own);
  expect(existsSync(own)).toBe(false);
});

it.runIf(process.platform === 'linux')('knows a process that has the number of one before it', () => {
  const own = temporaryFolder('npz');
  const earlier = leftover(own, process.pid, '12');
  removeLeftovers();
  expect([earlier, own].map(existsSync)).toEqual([false, true]);
  removeTemporaryFolder(own);
});
