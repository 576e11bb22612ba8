// Dependencies point down, and the TypeScript project references say the same as the package.json files.
import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { at } from '../lib/run.mjs';
import { FLOORS, packages, readJson, workspaceDependencies } from '../lib/workspace.mjs';

export const title = 'floors: arrows point down, tsconfig references = dependencies';

export function check() {
  const problems = [];
  const all = packages();
  const rooms = all.filter(({ path }) => /^(packages|apps)\//.test(path));
  for (const pkg of rooms) {
    if (FLOORS[pkg.name] === undefined) problems.push(`${pkg.path}: no floor in scripts/lib/workspace.mjs`);
    for (const name of workspaceDependencies(pkg.manifest))
      if (!(FLOORS[name] < FLOORS[pkg.name]))
        problems.push(`${pkg.path}: floor ${FLOORS[pkg.name]} depends on ${name}, floor ${FLOORS[name]}`);
    problems.push(...compareReferences(pkg, all));
  }
  return { problems: [...problems, ...compareRoot(rooms)] };
}

function compareReferences(pkg, all) {
  const pathOf = new Map(all.map(({ name, path }) => [name, path]));
  const wanted = workspaceDependencies(pkg.manifest).map((name) => pathOf.get(name));
  return difference(`${pkg.path}/tsconfig.json`, references(pkg.path), wanted, `${pkg.path}/package.json`);
}

const compareRoot = (rooms) =>
  difference(
    'tsconfig.json',
    references('.'),
    rooms.map(({ path }) => path),
    'the folders of packages and apps',
  );

function references(folder) {
  const file = at(folder, 'tsconfig.json');
  if (!existsSync(file)) return [];
  return (readJson(file).references ?? []).map(({ path }) => posix.join(folder, path));
}

function difference(file, found, wanted, source) {
  return [
    ...wanted
      .filter((path) => !found.includes(path))
      .map((path) => `${file}: no reference to ${path}, as ${source} has it`),
    ...found
      .filter((path) => !wanted.includes(path))
      .map((path) => `${file}: refers to ${path}, which ${source} lacks`),
  ];
}
