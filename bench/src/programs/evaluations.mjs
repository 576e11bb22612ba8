// Whole evaluations with all default statistics: through the library in this process, and as a process of their own.
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { evaluate } from 'lossmill';

const command = join(dirname(dirname(createRequire(import.meta.url).resolve('lossmill'))), 'bin', 'lossmill.js');
const execute = promisify(execFile);

const mean = (report) => report.losses[0].mean;

const library = (name, spec, threads, elements) => ({
  name,
  role: 'ours',
  elements,
  run: async () => mean(await evaluate(spec, { threads })),
});

const commandLine = (name, args, elements) => ({
  name,
  role: 'ours',
  elements,
  run: async () => {
    const { stdout } = await execute(process.execPath, [command, 'eval', ...args, '--json'], { maxBuffer: 1 << 26 });
    return mean(JSON.parse(stdout));
  },
});

export function npyEvaluations({ elements, files, loss }) {
  const [p, y] = [files.p.file, files.y.file];
  const spec = {
    version: 1,
    data: { arrays: { prediction: [p], target: [y] } },
    columns: { prediction: 'prediction', target: 'target' },
    losses: [loss],
  };
  const args = ['--loss', loss, '--pred', p, '--target', y, '--threads', '2'];
  const programs = [
    library('lossmill evaluate, 2 threads', spec, 2, elements),
    library('lossmill evaluate, 1 thread', spec, 1, elements),
    commandLine('lossmill eval, whole process, 2 threads', args, elements),
  ];
  return { programs, missing: [] };
}

export function flightsEvaluations({ elements, files: { table }, loss }) {
  const columns = { prediction: 'predicted_delay', target: 'delay' };
  const spec = { version: 1, data: { files: [table] }, columns, losses: [loss] };
  const args = [table, '--loss', loss, '--pred', columns.prediction, '--target', columns.target, '--threads', '2'];
  const programs = [
    library('lossmill evaluate, 2 threads', spec, 2, elements),
    library('lossmill evaluate by origin, 2 threads', { ...spec, slices: ['origin'] }, 2, elements),
    commandLine('lossmill eval, whole process, 2 threads', args, elements),
  ];
  return { programs, missing: [] };
}
