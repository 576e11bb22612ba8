import { describe, expect, it } from 'vitest';
import { type CliResult, lossmill } from './cli.js';
import { type Content, folderWith, listing } from './folder.js';

/** One wrong input and what the user must be told of it. */
export interface Refusal {
  /** What is wrong: the test's name. */
  wrong: string;
  /** Files in the folder where the command runs. */
  files?: Record<string, Content>;
  /** Arguments of the command; `evaluation` builds the usual ones. */
  args: readonly string[];
  /** What the message must hold: file, row, column, value, what is allowed, what to do. */
  says: readonly (string | RegExp)[];
  /** Refused with no output asked for: flags that exclude outputs, other commands. */
  bare?: boolean;
  env?: Record<string, string>;
  prefix?: string[];
  /** Changes the folder after its files are written. */
  prepare?: (folder: string) => void | Promise<void>;
}

const OUTPUTS = [
  '--out',
  'out.json',
  '--html',
  'page.html',
  '--gradient',
  'made/gradient',
  '--row-losses',
  'made/rows',
];

/** Arguments of an evaluation of `p` against `y`. */
export const evaluation = (files: string | readonly string[], loss = 'mse', ...more: string[]): string[] => [
  'eval',
  ...[files].flat(),
  '--pred',
  'p',
  '--target',
  'y',
  '--loss',
  loss,
  ...more,
];

/** Arguments of an evaluation of two array files. */
export const arrays = (pred: string, target: string, loss = 'mse', ...more: string[]): string[] => [
  'eval',
  '--pred',
  pred,
  '--target',
  target,
  '--loss',
  loss,
  ...more,
];

/** Checks that every wrong input is refused in the one manner there is. */
export function refusals(title: string, cases: readonly Refusal[]): void {
  describe(title, () => {
    for (const entry of cases) it.concurrent(`refuses ${entry.wrong}`, () => checkRefusal(entry));
  });
}

async function checkRefusal({ files, args, says, bare, env, prefix, prepare }: Refusal): Promise<void> {
  const cwd = folderWith(files);
  await prepare?.(cwd);
  const before = listing(cwd);
  const result = await lossmill([...args, ...(bare ? [] : OUTPUTS)], { cwd, env, prefix });
  if (process.env.SHOW_REFUSALS) process.stderr.write(`${result.stderr}\n`);
  expectRefusal(result, says);
  expect(listing(cwd), 'nothing is written').toEqual(before);
}

/** Exit code 2, one paragraph on stderr that says all of `says`, nothing on stdout. */
export function expectRefusal(result: CliResult, says: readonly (string | RegExp)[]): void {
  const { code, stdout } = result;
  // A slow machine has shown progress before the mistake was met.
  const stderr = result.stderr.replace(/^(planning|evaluating)\b.*\n/gm, '');
  expect(stderr).toMatch(/^error: \S/);
  expect(stderr, 'no stack').not.toMatch(/^ {4}at /m);
  expect(stderr, 'no fault of the program').not.toContain('fault of lossmill');
  expect(stderr.trimEnd(), 'one paragraph').not.toMatch(/\n\s*\n|\nerror:/);
  const message = stderr.replace(/\s+/g, ' ');
  for (const part of says) {
    if (typeof part === 'string') expect(message).toContain(part);
    else expect(message).toMatch(part);
  }
  expect(stdout, 'nothing on stdout').toBe('');
  expect(code).toBe(2);
}
