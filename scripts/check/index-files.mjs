// A package's src/index.ts is its table of contents: named re-exports only, at most 60 lines.
import { existsSync } from 'node:fs';
import { at } from '../lib/run.mjs';
import { parse } from '../lib/source.mjs';
import { packages } from '../lib/workspace.mjs';

export const title = 'index.ts: named re-exports only, <= 60 lines';

const LONGEST = 60;

export function check() {
  const files = packages()
    .map(({ path }) => `${path}/src/index.ts`)
    .filter((file) => existsSync(at(file)));
  return { problems: files.flatMap(examine) };
}

function examine(file) {
  const { text, program } = parse(file);
  const lines = text.trimEnd().split('\n').length;
  const problems = lines > LONGEST ? [`${file}: ${lines} lines`] : [];
  for (const node of program.body)
    if (!isNamedReexport(node))
      problems.push(`${file}: ${text.slice(node.start, node.end).split('\n')[0]} is no named re-export`);
  return problems;
}

/** `export { a } from`, `export type { A } from`, `export * as a from`; not `export * from`. */
const isNamedReexport = (node) =>
  (node.type === 'ExportNamedDeclaration' && node.source !== null) ||
  (node.type === 'ExportAllDeclaration' && node.exported !== null);
