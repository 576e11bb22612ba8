// No import cycles, no imports of another package's inside, and every imported workspace package is a declared dependency.
import { posix } from 'node:path';
import { importsOf } from '../lib/source.mjs';
import { filesBelow, packages } from '../lib/workspace.mjs';

export const title = 'imports: no cycles, no deep imports';

export function check() {
  const problems = [];
  for (const pkg of packages()) {
    const files = filesBelow(pkg.path, /\.(m?ts|m?js)$/).filter((path) => !path.includes('/assembly/'));
    const graph = new Map();
    for (const file of files) graph.set(file, examine(file, pkg, problems, new Set(files)));
    for (const cycle of cyclesOf(graph)) problems.push(`cycle: ${cycle.join(' -> ')}`);
  }
  return { problems };
}

/** Report what a file must not import; return the files of its own package that it does import. */
function examine(file, pkg, problems, known) {
  const own = [];
  for (const { from, line } of importsOf(file)) {
    const say = (what) => problems.push(`${file}:${line} ${what}`);
    if (from.startsWith('.')) {
      const target = posix.join(posix.dirname(file), from);
      if (!target.startsWith(`${pkg.path}/`)) say(`reaches out of its package: ${from}`);
      const source = [target, target.replace(/\.js$/, '.ts'), target.replace(/\.mjs$/, '.mts')].find((path) =>
        known.has(path),
      );
      if (source !== undefined) own.push(source);
    } else if (/^@lossmill\/[^/]+\/|^lossmill\//.test(from)) say(`imports the inside of a package: ${from}`);
    else if (/^@lossmill\/|^lossmill$/.test(from) && from !== pkg.name && !declares(pkg, from))
      say(`imports ${from}, which ${pkg.path}/package.json does not list`);
  }
  return own;
}

const declares = ({ manifest }, name) =>
  name in (manifest.dependencies ?? {}) || name in (manifest.devDependencies ?? {});

/** One cycle for each back edge of a depth-first walk over a map of file -> imported files. */
export function cyclesOf(graph) {
  const cycles = [];
  const state = new Map();
  const trail = [];
  const walk = (file) => {
    state.set(file, 'open');
    trail.push(file);
    for (const next of graph.get(file) ?? []) {
      if (state.get(next) === 'open') cycles.push([...trail.slice(trail.indexOf(next)), next]);
      else if (!state.has(next)) walk(next);
    }
    trail.pop();
    state.set(file, 'done');
  };
  for (const file of graph.keys()) if (!state.has(file)) walk(file);
  return cycles;
}
