// npm run test:memory: two .npy files of 2 GiB each are evaluated in under 400 MB. The files are sparse: they take no room on the disk.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROWS = 2 ** 29;
const MOST_MEGABYTES = 400;

// What the command does, in a process that tells at its end how much memory it ever held.
const PROGRAM = `
import { evaluate } from 'lossmill';
const [p, y] = process.argv.slice(1);
const spec = { version: 1, data: { arrays: { p: [p], y: [y] } }, columns: { prediction: 'p', target: 'y' }, losses: ['mse', 'mae'] };
const report = await evaluate(spec, { threads: 2 });
console.log(JSON.stringify({ rows: report.rows.used, sum: report.losses[1].sum, kilobytes: process.resourceUsage().maxRSS }));
`;

const folder = mkdtempSync(join(tmpdir(), 'lossmill-memory-'));
try {
  const files = ['p', 'y'].map((name, i) => sparse(join(folder, `${name}.npy`), i));
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', PROGRAM, ...files], {
    encoding: 'utf8',
  });
  const { rows, sum, kilobytes } = JSON.parse(output);
  assert.equal(rows, ROWS);
  assert.equal(sum, 3, 'the sum of the few rows that are not 0');
  const megabytes = Math.round((kilobytes * 1024) / 1e6);
  console.log(`4 GiB of .npy in ${megabytes} MB of memory`);
  assert.ok(megabytes < MOST_MEGABYTES, `${megabytes} MB is not under ${MOST_MEGABYTES} MB`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** A float32 array of zeros, but for a 1 in the first row and, in the second file, a 3 in the last. */
function sparse(path, second) {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${ROWS},), }`;
  const header = Buffer.alloc(128, ' ');
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]);
  header.write(text, 10, 'latin1');
  header[127] = 10;
  const file = openSync(path, 'w');
  writeSync(file, header);
  ftruncateSync(file, header.length + 4 * ROWS);
  writeSync(file, new Float32Array([1]), 0, 4, header.length);
  if (second) writeSync(file, new Float32Array([3]), 0, 4, header.length + 4 * (ROWS - 1));
  closeSync(file);
  return path;
}
