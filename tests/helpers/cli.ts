import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../../apps/cli/bin/lossmill.js', import.meta.url));

export interface CliOptions {
  cwd: string;
  env?: Record<string, string>;
  /** Put before the command: a program that runs another with less rights. */
  prefix?: string[];
  /** Called once, with the running child and what it has printed to stderr so far, whenever that grows. */
  onStderr?: (child: ChildProcess, stderr: string) => void;
  onStdout?: (child: ChildProcess, stdout: string) => void;
}

export interface CliResult {
  /** The exit code, or the signal that ended the process. */
  code: number | string | null;
  stdout: string;
  stderr: string;
  seconds: number;
}

/** As many at a time in one test file: more would only wait for each other. */
const AT_ONCE = 3;
let running = 0;
const waiting: (() => void)[] = [];

/** Runs the built command in a process of its own, as a user would: no terminal, no colours, no variables of ours. */
export async function lossmill(args: readonly string[], options: CliOptions): Promise<CliResult> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  running++;
  try {
    return await run(args, options);
  } finally {
    running--;
    waiting.shift()?.();
  }
}

function run(args: readonly string[], { cwd, env = {}, prefix = [], onStderr, onStdout }: CliOptions) {
  return new Promise<CliResult>((resolve, reject) => {
    const since = performance.now();
    const [program, ...rest] = [...prefix, process.execPath, command, ...args];
    const child = spawn(program, rest, {
      cwd,
      env: { ...ownEnvironment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      onStdout?.(child, stdout);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      onStderr?.(child, stderr);
    });
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({ code: signal ?? code, stdout, stderr, seconds: (performance.now() - since) / 1000 }),
    );
  });
}

function ownEnvironment(): NodeJS.ProcessEnv {
  const dropped = /^(LOSSMILL_|VITEST|NODE_OPTIONS$|NODE_ENV$|FORCE_COLOR$|NO_COLOR$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !dropped.test(name)));
}
