// npm run test:fuzz: damaged files of every format, damaged partials, and kernels against their twins, for a bounded time.
// --seconds N in all (60), --seed S (a random one, printed), --ci (half the time with seed 1, half with a random one),
// --target NAME (of TARGETS), --case N (one case of a target again).
import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeCorpus } from './corpus.mjs';

/** With their shares of the time. */
const TARGETS = {
  npy: 1,
  npz: 1.5,
  'npz-inner': 1,
  safetensors: 1,
  text: 1.5,
  arrow: 1.5,
  parquet: 2,
  partial: 1,
  kernels: 1,
};
const SILENCE_MS = 40_000;
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const KEPT = join(ROOT, '.cache', 'fuzz');

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string' },
    target: { type: 'string' },
    case: { type: 'string' },
    ci: { type: 'boolean' },
  },
});
const names = Object.keys(TARGETS).filter((name) => values.target === undefined || name === values.target);
if (names.length === 0) throw new Error(`no target is named ${values.target}: ${Object.keys(TARGETS).join(', ')}`);
const drawn = values.seed === undefined ? 2 + Math.floor(Math.random() * 1e6) : Number(values.seed);
const seeds = values.ci ? [1, drawn] : [drawn];
const shares = names.reduce((sum, name) => sum + TARGETS[name], 0);

const corpus = mkdtempSync(join(tmpdir(), 'lossmill-fuzz-'));
process.on('exit', () => rmSync(corpus, { recursive: true, force: true }));
await writeCorpus(corpus);
console.log(`seeds ${seeds.join(', ')}: once more with --seed ${drawn}`);

let passed = 0;
let failed = 0;
for (const seed of seeds) {
  for (const target of names) {
    const seconds = (Number(values.seconds) / seeds.length) * (TARGETS[target] / shares);
    const { cases, defects, remark } = await fuzz(target, seed, seconds);
    if (defects.length === 0) passed++;
    else failed++;
    console.log(`${defects.length === 0 ? 'ok  ' : 'FAIL'}  ${target}, seed ${seed}: ${cases} cases  ${remark ?? ''}`);
    for (const { text, at, path } of defects) show(target, seed, at, text, path);
  }
}
mkdirSync(join(ROOT, '.cache', 'ci'), { recursive: true });
writeFileSync(join(ROOT, '.cache', 'ci', 'fuzz.json'), JSON.stringify({ passed, failed }));
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function show(target, seed, at, text, path) {
  console.log(`  ${text.split('\n').slice(0, 12).join('\n  ')}`);
  console.log(
    `  again: npm run test:fuzz -- --target ${target} --seed ${seed} --case ${at}${path ? `   file: ${path}` : ''}`,
  );
}

/** Runs one target in a process of its own; in another one again after a crash, until the time is over. */
async function fuzz(target, seed, seconds) {
  const defects = [];
  const until = Date.now() + seconds * 1000;
  let cases = 0;
  let remark;
  const only = values.case === undefined ? undefined : Number(values.case);
  for (let first = 0; defects.length < 5; ) {
    const work = join(corpus, 'work', `${target}-${seed}-${first}`);
    const left = Math.max(0.5, (until - Date.now()) / 1000);
    const outcome = await child({ target, corpus, work, seed, first, seconds: left, only, keepIn: KEPT }, defects);
    remark ??= outcome.remark;
    cases += only === undefined ? outcome.last - first + 1 : 1;
    first = outcome.last + 1;
    if (!outcome.died || Date.now() >= until || only !== undefined) break;
  }
  return { cases, defects, remark };
}

/** One process to its end; its death is a defect of the case it was at. */
function child(task, defects) {
  return new Promise((resolve) => {
    const started = fork(fileURLToPath(new URL('child.mjs', import.meta.url)), [JSON.stringify(task)], {
      execArgv: ['--max-old-space-size=512'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, TMPDIR: corpus },
    });
    const outcome = { last: task.first, died: true, remark: undefined };
    let stderr = '';
    let timer;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        stderr += `nothing for ${SILENCE_MS / 1000} s: it hangs`;
        started.kill('SIGKILL');
      }, SILENCE_MS);
    };
    wait();
    started.stderr.on('data', (bytes) => {
      stderr = (stderr + bytes).slice(-4000);
    });
    started.on('message', (message) => {
      wait();
      if (message.begins !== undefined) outcome.last = message.begins;
      if (message.remark !== undefined) outcome.remark = message.remark;
      if (message.done !== undefined) outcome.died = false;
      if (message.defect !== undefined) defects.push({ text: message.defect, at: message.at, path: message.path });
    });
    started.on('close', (code, signal) => {
      clearTimeout(timer);
      if (outcome.died || code !== 0) {
        outcome.died = true;
        defects.push({
          text: `the process ended with ${signal ?? code}: ${stderr}`,
          at: outcome.last,
          path: undefined,
        });
      }
      resolve(outcome);
    });
  });
}
