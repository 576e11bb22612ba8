// Sources to dist/: the WASM module into a generated file, then the TypeScript projects. Each only when its inputs changed.
import { existsSync } from 'node:fs';
import { at, nodeBin, run } from '../lib/run.mjs';
import { filesBelow, packages, readJson } from '../lib/workspace.mjs';
import { contentFingerprint, forget, isDone, markDone, timeFingerprint } from './stamp.mjs';

const CODEGEN = 'packages/kernels/scripts/codegen.mjs';

const built = () =>
  packages().filter(({ path }) => existsSync(at(path, 'tsconfig.json')) && existsSync(at(path, 'src')));

const codegenInputs = () =>
  packages().flatMap(({ path }) => [...filesBelow(`${path}/assembly`, /./), ...filesBelow(`${path}/scripts`, /./)]);

const codegenFingerprint = () => contentFingerprint([...codegenInputs(), 'package.json']);

function buildFingerprint() {
  const sources = built().flatMap(({ path }) => [
    ...filesBelow(`${path}/src`, /\.(ts|mts|json)$/),
    `${path}/tsconfig.json`,
    `${path}/package.json`,
  ]);
  return timeFingerprint([...sources, 'tsconfig.json', 'tsconfig.base.json'], codegenFingerprint());
}

/** A package with an entry point that has no dist/ was cleaned by hand: build whatever the stamp says. */
const isWhole = () =>
  built().every(({ path }) => !existsSync(at(path, 'src/index.ts')) || existsSync(at(path, 'dist/index.js')));

const needsCodegen = () =>
  existsSync(at(CODEGEN)) &&
  (!isDone('codegen', codegenFingerprint()) || !existsSync(at('packages/kernels/src/generated')));

export const needsBuild = () => needsCodegen() || !isWhole() || !isDone('build', buildFingerprint());

/** Resolves to the exit code. Output goes to the log, or to the terminal when there is none. */
export async function build(log) {
  forget('build');
  const codegen = needsCodegen() ? await generate(log) : 0;
  if (codegen !== 0) return codegen;
  const [node, tsc] = nodeBin('typescript', readJson(at('node_modules/typescript/package.json')).bin.tsc);
  const code = await run(node, [...tsc, '-b'], { log });
  if (code === 0) markDone('build', buildFingerprint());
  return code;
}

async function generate(log) {
  forget('codegen');
  const code = await run(process.execPath, [at(CODEGEN)], { log });
  if (code === 0) markDone('codegen', codegenFingerprint());
  return code;
}
