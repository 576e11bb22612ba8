// npm run test:pack: the package from its tarball, as a stranger meets it. Packs, installs it with plain npm in an empty
// folder whose path has a space, runs the command and the library, type-checks a consumer, and asks publint.
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { capture, nodeBin, npmTool } from './lib/run.mjs';
import { pack } from './pack.mjs';

const CSV = 'p,y\n1,0\n2,4\n3,3\n';
const MEAN = 5 / 3;

const LIBRARY = `import { evaluate } from 'lossmill';
const report = await evaluate({ version: 1, data: { files: ['small.csv'] }, columns: { prediction: 'p', target: 'y' }, losses: ['mse'] });
console.log(JSON.stringify(report));
`;

const CONSUMER = `import { evaluate } from 'lossmill';
const controller = new AbortController();
const report = await evaluate(
  { version: 1, data: { files: ['small.csv'] }, columns: { prediction: 'p', target: 'y' }, losses: ['mse', { name: 'huber', delta: 1.5 }] },
  { threads: 1, signal: controller.signal },
);
const digest: string = report.digest;
const name: string | undefined = report.losses[0]?.name;
// @ts-expect-error a report has no such field, so its type is known and not any
report.nothing;
// @ts-expect-error the version is 1
await evaluate({ version: 2, data: { files: [] }, columns: { prediction: 'p', target: 'y' }, losses: [] });
console.log(digest, name);
`;

const TSCONFIG = {
  compilerOptions: {
    target: 'ES2022',
    lib: ['ES2022', 'DOM'],
    module: 'NodeNext',
    strict: true,
    noEmit: true,
    types: [],
  },
  files: ['consumer.ts'],
};

const folder = mkdtempSync(join(tmpdir(), 'lossmill pack '));
try {
  const tarball = await step('pack', pack);
  await step('publint', () => lint(tarball));
  await step('npm install in an empty folder', () => installInto(folder, tarball));
  await step('npx lossmill eval', evalCommand);
  await step("import { evaluate } from 'lossmill'", evalLibrary);
  await step('types of a consumer', typeCheck);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function step(name, work) {
  const since = performance.now();
  try {
    const result = await work();
    console.log(`ok    ${name}  (${((performance.now() - since) / 1000).toFixed(1)} s)`);
    return result;
  } catch (error) {
    console.log(`FAIL  ${name}\n${error.message}`);
    rmSync(folder, { recursive: true, force: true });
    process.exit(1);
  }
}

async function lint(tarball) {
  const bytes = readFileSync(tarball);
  const { messages, pkg } = await publint({
    pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) },
  });
  const faults = messages.filter(({ type }) => type !== 'suggestion').map((message) => formatMessage(message, pkg));
  assert.deepEqual(faults, []);
}

async function installInto(target, tarball) {
  copyFileSync(tarball, join(target, basename(tarball)));
  const [command, first] = npmTool('npm');
  await succeed(command, [...first, 'install', `./${basename(tarball)}`, '--no-audit', '--no-fund']);
  writeFileSync(join(target, 'small.csv'), CSV);
}

async function evalCommand() {
  const [command, first] = npmTool('npx');
  const flags = ['--pred', 'p', '--target', 'y', '--loss', 'mse'];
  const table = await succeed(command, [...first, 'lossmill', 'eval', 'small.csv', ...flags]);
  assert.match(table, /mse/);
  await succeed(command, [...first, 'lossmill', 'eval', 'small.csv', ...flags, '--json', '--out', 'report.json']);
  assert.equal(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')).losses[0].mean, MEAN);
  await succeed(command, [...first, 'lossmill', 'eval', 'small.csv', ...flags, '--html', 'report.html']);
  assert.match(readFileSync(join(folder, 'report.html'), 'utf8'), /<html/);
}

async function evalLibrary() {
  writeFileSync(join(folder, 'library.mjs'), LIBRARY);
  assert.equal(JSON.parse(await succeed(process.execPath, ['library.mjs'])).losses[0].mean, MEAN);
}

async function typeCheck() {
  writeFileSync(join(folder, 'consumer.ts'), CONSUMER);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  const [node, tsc] = nodeBin('typescript', 'bin/tsc');
  await succeed(node, [...tsc, '-p', 'tsconfig.json', '--pretty', 'false']);
}

/** Run in the temporary folder, without npm's variables of the outer run, and give what was printed. */
async function succeed(command, args) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(?!config_(cache|registry)$)|^INIT_CWD$/i.test(name)),
  );
  const { code, output } = await capture(command, args, { cwd: folder, env });
  assert.equal(code, 0, `${command} ${args.join(' ')} ended with exit code ${code}:\n${output}`);
  return output;
}
