import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Folders to remove should the program end without closing. */
const folders = new Set<string>();
let first = true;

/**
 * A new folder for copies of data; whoever asked for it removes it by `removeTemporaryFolder`. Its name says which process of
 * which host made it, so that the next one can remove what a process left that was killed.
 * @param kind what it is for, in small letters
 */
export function temporaryFolder(kind: string): string {
  if (first) {
    first = false;
    process.once('exit', () => {
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    });
    removeLeftovers();
  }
  const folder = mkdtempSync(join(tmpdir(), `lossmill-${kind}-${process.pid}-${startOf(process.pid) ?? 0}-${host()}-`));
  folders.add(folder);
  return folder;
}

export function removeTemporaryFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  folders.delete(folder);
}

/** Removes the temporary folders of this user's processes on this host that live no more. */
export function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir())) {
    const made = /^lossmill-[a-z]+-(\d+)-(\d+)-(.+)-\w{6}$/.exec(name);
    // Processes of other hosts, or containers, may share the folder: nothing is known of them.
    if (!made || made[3] !== host() || lives(Number(made[1]), made[2])) continue;
    const path = join(tmpdir(), name);
    try {
      const stats = lstatSync(path);
      if (stats.isDirectory() && stats.uid === process.getuid?.()) rmSync(path, { recursive: true, force: true });
    } catch {
      // Another process was first.
    }
  }
}

function lives(pid: number, start: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
  }
  const now = startOf(pid);
  // In a container that was started again, the same number is soon another process.
  return now === null || start === '0' || now === start;
}

/** When a process was started, in clock ticks since the start of the machine; null where that is not known. */
function startOf(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

const host = (): string => hostname().replace(/[^A-Za-z0-9.-]/g, '_') || '_';
