import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../ci-count.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ci count '));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the script prints for an exit code and the text of a results file; null is a file that was never written. */
function count(code: number, results?: string | null): string {
  const file = join(folder, `${Math.random()}.json`);
  if (typeof results === 'string') writeFileSync(file, results);
  const args = results === undefined ? [script, `${code}`] : [script, `${code}`, file];
  return execFileSync(process.execPath, args, { encoding: 'utf8' }).trim();
}

const passes = { status: 'passed', assertionResults: [{ status: 'passed' }, { status: 'passed' }] };
const fails = { status: 'failed', assertionResults: [{ status: 'passed' }, { status: 'failed' }] };
const unloadable = { status: 'failed', assertionResults: [] };

const vitest = (passed: number, failed: number, skipped: number, testResults: object[]) =>
  JSON.stringify({
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: skipped,
    numTodoTests: 0,
    testResults,
  });

describe('what a step of .ci/run counts', () => {
  it('counts a step without results as one', () => {
    expect(count(0)).toBe('1 0 0');
    expect(count(1)).toBe('0 1 0');
  });

  it('counts tests one by one, and shows skipped ones', () => {
    expect(count(0, vitest(2, 0, 3, [passes]))).toBe('2 0 3');
    expect(count(1, vitest(3, 1, 0, [passes, fails]))).toBe('3 1 0');
  });

  it('counts a test file that could not be loaded as a failure', () => {
    expect(count(1, vitest(2, 0, 0, [passes, unloadable]))).toBe('2 1 0');
  });

  it('counts a failure that no test explains', () => {
    expect(count(1, vitest(2, 0, 0, [passes]))).toBe('2 1 0');
  });

  it('counts a crash before the results were written, or halfway, as one failure', () => {
    expect(count(1, null)).toBe('0 1 0');
    expect(count(0, null)).toBe('0 1 0');
    expect(count(0, '{"numPassedTests": 4,')).toBe('0 1 0');
  });

  it('does not take a run of no tests for a success', () => {
    expect(count(0, vitest(0, 0, 0, []))).toBe('0 1 0');
  });

  it('takes the totals of npm run check', () => {
    expect(count(1, '{"passed":9,"failed":2}')).toBe('9 2 0');
  });
});
