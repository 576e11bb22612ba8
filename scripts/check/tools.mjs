// The checks that are other people's programs: compiler, linter and formatter, unused code, package layout.
import { existsSync, readdirSync } from 'node:fs';
import { at, capture, nodeBin } from '../lib/run.mjs';
import { readJson } from '../lib/workspace.mjs';
import { build, needsBuild } from '../setup/build.mjs';

const manifestOf = (name) => readJson(at('node_modules', name, 'package.json'));

/** Run a package's program; what it prints are the problems when it fails. */
async function tool(name, args, bin = (all) => (typeof all === 'string' ? all : Object.values(all)[0])) {
  const [node, script] = nodeBin(name, bin(manifestOf(name).bin));
  const { code, output } = await capture(node, [...script, ...args], {
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
  });
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return { problems: code === 0 ? [] : [...lines, `${name} ended with exit code ${code}`] };
}

const tsc = (...args) => tool('typescript', [...args, '--pretty', 'false'], (bin) => bin.tsc);

const types = {
  title: 'types: tsc -b',
  async check() {
    // The build makes the generated sources too, and its stamp spares the next `npm start` the work.
    if (needsBuild() && (await build(at('.cache', 'check', 'build.log'))) === 0) return { problems: [] };
    return tsc('-b');
  },
};

const testTypes = {
  title: 'types of tests: tsc -p tsconfig.test.json',
  check: () => (hasTests() ? tsc('-p', 'tsconfig.test.json') : { problems: [] }),
};

const biome = {
  title: 'format and lint: biome',
  check: () =>
    tool(
      '@biomejs/biome',
      ['ci', '--colors=off', '--reporter=concise', '--error-on-warnings', '.'],
      (bin) => bin.biome,
    ),
};

const knip = {
  title: 'unused files, exports, dependencies: knip',
  check: () => tool('knip', ['--no-progress', '--no-config-hints'], (bin) => bin.knip),
};

export const tools = [types, testTypes, biome, knip];

const hasTests = () =>
  ['packages', 'apps'].some((group) =>
    readdirSync(at(group)).some(
      (name) => existsSync(at(group, name, 'test')) && readdirSync(at(group, name, 'test')).length > 0,
    ),
  );
