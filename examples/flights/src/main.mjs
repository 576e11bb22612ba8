// What `npm start` runs: make the predictions once, then evaluate them with the command line, as you would with your own.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { predictionsFile, preparePredictions } from './prepare.mjs';

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const reports = join(root, 'examples', 'flights', 'reports');

/** How late is a flight, in minutes; and will it be more than 15 minutes late? Two predictions, so two evaluations. */
const DELAY = [
  '--pred',
  'predicted_delay',
  '--target',
  'delay',
  '--loss',
  'mse',
  '--loss',
  'mae',
  '--loss',
  'huber:delta=15',
];
const LATE = ['--pred', 'p_late', '--target', 'late', '--loss', 'bce', '--input', 'probabilities'];

// Ctrl-C reaches the command too: let it stop cleanly, and end with its exit code.
process.on('SIGINT', () => {});
process.exitCode = await main();

async function main() {
  const since = performance.now();
  const made = await preparePredictions();
  const note = made ? ` (${((performance.now() - since) / 1000).toFixed(1)} s, once)` : '';
  console.log(`  Flights: 3,000,000 rows of flights-3m.parquet; baseline learnt on the first 1,000,000${note}`);
  mkdirSync(reports, { recursive: true });
  for (const [flags, html] of [
    [DELAY, 'delay.html'],
    [LATE, 'late.html'],
  ]) {
    const code = await lossmill(['eval', predictionsFile, ...flags, '--by', 'origin', '--html', join(reports, html)]);
    if (code !== 0) return code;
  }
  console.log('\n  Next: npm start -- eval your.parquet --pred yhat --target y --loss mae --by region');
  return 0;
}

/** Run the command with this terminal, after showing it. Resolves to its exit code. */
function lossmill(args) {
  const shortened = args.map((arg) => (arg.startsWith(root) ? relative(root, arg) : arg));
  console.log(`\n  $ lossmill ${shortened.join(' ')}\n`);
  const bin = join(dirname(dirname(createRequire(import.meta.url).resolve('lossmill'))), 'bin', 'lossmill.js');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...shortened], { cwd: root, stdio: 'inherit' });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 130));
  });
}
