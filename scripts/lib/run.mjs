// Child processes for the scripts: one way to start them, quietly into a log or with the terminal's own streams.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder, without a trailing separator. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A file or folder below the root. */
export const at = (...parts) => join(root, ...parts);

/**
 * Run a program to its end. With `log`, both streams are appended to that file; otherwise the terminal's are inherited.
 * Resolves to the exit code; a signal is 128 + its usual number, a program that cannot start is 127.
 */
export function run(command, args, { log, cwd = root, env = process.env, stdio } = {}) {
  const out = log === undefined ? undefined : openLog(log);
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: stdio ?? (out === undefined ? 'inherit' : ['ignore', out, out]),
    });
    const end = (code) => {
      if (out !== undefined) closeSync(out);
      resolve(code);
    };
    child.on('error', () => end(127));
    child.on('exit', (code, signal) => end(code ?? 128 + (signal === 'SIGINT' ? 2 : 15)));
  });
}

/** Run a program and keep what it printed. */
export function capture(command, args, { cwd = root, env = process.env } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (output += bytes));
    child.on('error', (error) => resolve({ code: 127, output: `${output}${error.message}\n` }));
    child.on('close', (code) => resolve({ code: code ?? 143, output }));
  });
}

/** Node with a script of an installed package, found without a shell, so that folders with spaces are safe. */
export const nodeBin = (name, path) => [process.execPath, [at('node_modules', name, path)]];

/** Command and first arguments that start npm's `npx` or `npm`, also where they are no program of their own (Windows). */
export function npmTool(tool) {
  const besideNpm = join(dirname(process.env.npm_execpath ?? ''), `${tool}-cli.js`);
  const besideNode = join(dirname(process.execPath), 'node_modules', 'npm', 'bin', `${tool}-cli.js`);
  for (const script of [besideNpm, besideNode]) if (existsSync(script)) return [process.execPath, [script]];
  return [tool, []];
}

/** The last lines of a text file, for a message. */
export function tail(file, lines = 25) {
  if (!existsSync(file)) return '';
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
}

function openLog(file) {
  mkdirSync(dirname(file), { recursive: true });
  return openSync(file, 'a');
}
