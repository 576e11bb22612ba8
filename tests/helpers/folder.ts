import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

export type Content = Uint8Array | string;

const made: string[] = [];
afterAll(() => {
  for (const path of made) rmSync(path, { recursive: true, force: true });
});

/** A temporary folder holding `files`, removed after the test file. */
export function folderWith(files: Record<string, Content> = {}): string {
  const path = mkdtempSync(join(tmpdir(), 'lossmill-tests-'));
  made.push(path);
  for (const [name, content] of Object.entries(files)) put(path, name, content);
  return path;
}

/** Writes a file; a name that ends in "/" makes a folder. */
function put(folder: string, name: string, content: Content): string {
  const path = join(folder, name);
  mkdirSync(name.endsWith('/') ? path : dirname(path), { recursive: true });
  if (!name.endsWith('/')) writeFileSync(path, content);
  return path;
}

/** Everything below a folder with its size, to see that nothing came or went. */
export function listing(folder: string): Record<string, number | 'folder'> {
  const paths = (readdirSync(folder, { recursive: true }) as string[]).sort();
  return Object.fromEntries(
    paths.map((path) => {
      const stat = statSync(join(folder, path));
      return [path, stat.isDirectory() ? 'folder' : stat.size];
    }),
  );
}
