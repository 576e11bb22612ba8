import { describe, expect, it } from 'vitest';
import { type CliResult, lossmill } from './helpers/cli.js';
import { folderWith, listing } from './helpers/folder.js';
import { arrays } from './helpers/refusals.js';
import { zerosNpy } from './helpers/sparse.js';

/** More work than any machine does before the first progress line, which is printed after a second. */
const ROWS = 40_000_000;
const CLASSES = 100;

/** Sends the signal once the evaluation runs; the result, how long the end took, and what stood in the folder then. */
async function interrupted(cwd: string, args: string[], signal: NodeJS.Signals) {
  let sentAt = 0;
  let during: string[] = [];
  const result: CliResult = await lossmill(args, {
    cwd,
    onStderr: (child, stderr) => {
      if (sentAt > 0 || !stderr.includes('evaluating')) return;
      sentAt = performance.now();
      during = Object.keys(listing(cwd));
      child.kill(signal);
    },
  });
  return { ...result, sent: sentAt > 0, after: (performance.now() - sentAt) / 1000, during };
}

describe('an interrupted evaluation', () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    for (const threads of ['1', '2']) {
      it(`ends soon on ${signal} with --threads ${threads}, says so and leaves nothing behind`, async () => {
        const cwd = folderWith();
        zerosNpy(cwd, 'logits.npy', '<f4', [ROWS, CLASSES]);
        zerosNpy(cwd, 'labels.npy', '|i1', [ROWS]);
        const before = listing(cwd);
        const outputs = ['--out', 'report.json', '--html', 'page.html', '--row-losses', 'made/rows'];
        const args = [...arrays('logits.npy', 'labels.npy', 'cross_entropy'), '--threads', threads, ...outputs];
        const { code, stdout, stderr, sent, after, during } = await interrupted(cwd, args, signal);
        expect(sent).toBe(true);
        expect(during.some((path) => path.startsWith('made/rows/'))).toBe(true);
        expect(code).toBe(130);
        expect(stdout).toBe('');
        expect(stderr.trimEnd().split('\n').at(-1)).toBe('interrupted');
        expect(stderr).not.toContain('error:');
        expect(after).toBeLessThan(2);
        expect(listing(cwd)).toEqual(before);
      });
    }
  }

  it('prints no report with --json, and the specs of a .jsonl file end too', async () => {
    const cwd = folderWith();
    zerosNpy(cwd, 'x.npy', '<f8', [2e9]);
    const spec = {
      version: 1,
      data: { arrays: { p: ['x.npy'], y: ['x.npy'] } },
      columns: { prediction: 'p', target: 'y' },
      losses: ['mse'],
    };
    const small = { ...spec, data: { inline: { p: [1, 2], y: [1, 2] } } };
    const lines = [small, spec, small].map((value) => `${JSON.stringify(value)}\n`).join('');
    const specs = folderWith({ 'specs.jsonl': lines });
    let sentAt = 0;
    const result = await lossmill(['eval', '--spec', `${specs}/specs.jsonl`, '--json', '--out', 'all.jsonl'], {
      cwd,
      onStdout: (child) => {
        if (sentAt > 0) return;
        sentAt = performance.now();
        setTimeout(() => child.kill('SIGINT'), 300);
      },
    });
    expect(result.code).toBe(130);
    expect(result.stderr).toBe('interrupted\n');
    expect(result.stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(Object.keys(listing(cwd))).toEqual(['x.npy']);
  });
});

describe('a reader that has had enough', () => {
  const inline = { p: Array.from({ length: 5000 }, (_, k) => k), y: new Array(5000).fill(0) };
  const spec = {
    version: 1,
    data: { inline },
    columns: { prediction: 'p', target: 'y' },
    losses: ['mse'],
    shard: { rows: 1 },
  };

  it('ends many reports quietly', async () => {
    const line = `${JSON.stringify({ ...spec, worst: 1000 })}\n`;
    const cwd = folderWith({ 'specs.jsonl': line.repeat(20) });
    const { code, stdout, stderr } = await lossmill(['eval', '--spec', 'specs.jsonl', '--json'], {
      cwd,
      onStdout: (child) => child.stdout?.destroy(),
    });
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout.length).toBeGreaterThan(0);
  });

  it('ends a long plan quietly', async () => {
    const cwd = folderWith();
    zerosNpy(cwd, 'x.npy', '<f8', [2e8]);
    const { code, stderr } = await lossmill([...arrays('x.npy', 'x.npy'), '--plan', '--shard-rows', '1'], {
      cwd,
      onStdout: (child) => child.stdout?.destroy(),
    });
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });
});
