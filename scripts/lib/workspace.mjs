// What the repository consists of: its packages, their files, and what may stand on what.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { at, root } from './run.mjs';

/**
 * The floors: a package may import packages of lower floors only (docs/architecture.md). This is the one table; a new
 * package is entered here.
 */
export const FLOORS = {
  '@lossmill/exact-sum': 0,
  '@lossmill/dataset': 0,
  '@lossmill/kernels': 1,
  '@lossmill/statistics': 1,
  '@lossmill/losses': 2,
  '@lossmill/evaluation': 3,
  '@lossmill/pool': 4,
  '@lossmill/report': 4,
  '@lossmill/cluster': 5,
  '@lossmill/worker': 6,
  lossmill: 7,
};

/** Folders whose children are packages, and packages that stand alone (pnpm-workspace.yaml says the same). */
const GROUPS = ['packages', 'apps', 'examples'];
const SINGLE = ['bench', 'tests'];

/** Every workspace package: { name, dir, path (relative), manifest }. Folders without a package.json are left out. */
export function packages() {
  const folders = GROUPS.filter((group) => existsSync(at(group))).flatMap((group) =>
    readdirSync(at(group)).map((name) => `${group}/${name}`),
  );
  return [...folders, ...SINGLE]
    .filter((path) => existsSync(at(path, 'package.json')))
    .map((path) => {
      const manifest = readJson(at(path, 'package.json'));
      return { name: manifest.name, path, dir: at(path), manifest };
    });
}

/** Names of the workspace packages that a manifest lists under `dependencies`. */
export const workspaceDependencies = (manifest) =>
  Object.entries(manifest.dependencies ?? {})
    .filter(([, range]) => range.startsWith('workspace:'))
    .map(([name]) => name);

export const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

const SKIPPED = new Set(['node_modules', 'dist', '.git', '.cache', 'coverage', 'generated']);

/** Files below a folder of the root whose name matches, as sorted paths relative to the root with forward slashes. */
export function filesBelow(folder, pattern) {
  const start = join(root, folder);
  if (!existsSync(start)) return [];
  const found = [];
  const walk = (below) => {
    for (const entry of readdirSync(join(root, below), { withFileTypes: true })) {
      const path = `${below}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name)) walk(path);
      } else if (pattern.test(entry.name)) found.push(path);
    }
  };
  walk(folder);
  return found.sort();
}

/** Every file below a folder of a package, as sorted paths relative to the package with forward slashes. */
export function filesIn(dir, folder) {
  if (!existsSync(join(dir, folder))) return [];
  return readdirSync(join(dir, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      relative(dir, join(entry.parentPath ?? entry.path, entry.name))
        .split(sep)
        .join('/'),
    )
    .sort();
}
