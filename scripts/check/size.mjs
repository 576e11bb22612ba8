// Small rooms: files of at most 500 lines, functions of at most 100; functions over 40 lines are named as a remark.
import { readFileSync } from 'node:fs';
import { at } from '../lib/run.mjs';
import { functionsOf } from '../lib/source.mjs';
import { filesBelow } from '../lib/workspace.mjs';

export const title = 'size: files <= 500 lines, functions <= 100';

const LONGEST_FILE = 500;
const LONGEST_FUNCTION = 100;
const LONG_FUNCTION = 40;
const FOLDERS = ['packages', 'apps', 'examples', 'bench', 'tests', 'scripts'];

export function check() {
  const problems = [];
  const long = [];
  for (const file of FOLDERS.flatMap((folder) => filesBelow(folder, /\.(m?ts|m?js)$/))) {
    const lines = readFileSync(at(file), 'utf8').trimEnd().split('\n').length;
    if (lines > LONGEST_FILE) problems.push(`${file}: ${lines} lines`);
    // A suite is one function around its tests, and AssemblyScript is not parsed here.
    if (/\/(assembly|test)\/|^tests\//.test(file)) continue;
    for (const { name, line, lines } of functionsOf(file)) {
      const place = `${file}:${line} ${name}: ${lines} lines`;
      if (lines > LONGEST_FUNCTION) problems.push(place);
      else if (lines > LONG_FUNCTION) long.push(place);
    }
  }
  return { problems, remarks: long.map((place) => `over ${LONG_FUNCTION} lines: ${place}`) };
}
