import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { renderTerminal } from '../../src/index.js';
import { anyReport } from '../arbitrary.js';
import { flights, loss, report, slice } from '../sample.js';

const isAscii = (text: string): boolean => [...text].every((c) => c.charCodeAt(0) < 128);

const plain = { color: false, width: 120 };

describe('renderTerminal', () => {
  test('says what is known of the gradient', () => {
    const norms = { l2: 3.5, linf: 1, mean: 0.125 };
    const lines = (gradient: object) =>
      renderTerminal(report([loss({ gradient: { ...norms, ...gradient } })]), plain)
        .split('\n')
        .filter((line) => line.includes('gradient'));
    expect(lines({})).toEqual(['  gradient norm 3.5 · largest 1 · mean 0.125']);
    expect(lines({ meanGradient: [1, -2, 0.12345], noiseScale: 45.23, covarianceTrace: 9, squaredNorm: 0.2 })).toEqual([
      '  gradient norm 3.5 · largest 1 · mean 0.125 · noise scale 45.23 rows · mean a row 1, -2, 0.123',
    ]);
    expect(lines({ meanGradient: 0, noiseScale: 'Infinity', covarianceTrace: 9, squaredNorm: -1 })[0]).toContain(
      'noise scale Infinity: the mean gradient is no larger than noise makes it',
    );
  });

  test('starts with rows, losses, time and speed', () => {
    expect(renderTerminal(flights(), plain).split('\n')[0]).toBe(
      '  2,000,000 rows · 4 losses · 0.19 s · 10.5 M rows/s · 2 threads',
    );
  });

  test('has a row a loss, decimal points and signs under each other', () => {
    const lines = renderTerminal(flights(), plain).split('\n');
    expect(lines.slice(2, 8)).toEqual([
      '  loss              mean                    95 % interval          std   worst row',
      '  mae                  19.604   ± 0.022      19.562 … 19.647     30.62       1,380  row 1,204,118',
      '  mse               1,318.4     ± 8.7       1,301.3 … 1,335.5   12,318   1,904,400  row 1,204,118',
      '      rmse 36.31 ± 0.12',
      '  huber:delta=1.5      18.712   ± 0.021      18.671 … 18.754     30.62       1,379  row 1,204,118',
      '  bce                   0.45124 ± 0.00041   0.45043 … 0.45204   0.5827        3.91  row 1,204,118',
    ]);
  });

  test('moves what does not fit below the loss, and loses nothing', () => {
    const text = renderTerminal(flights(), { color: false, width: 60 });
    for (const part of ['95 % 19.562 … 19.647', 'std 30.62', 'worst 1,380 at row 1,204,118', 'accuracy 0.81204'])
      expect(text).toContain(part);
  });

  test('draws the worst groups of every slice column and says how many stand out', () => {
    const text = renderTerminal(flights(), plain);
    expect(text).toContain('mae by origin (5 worst of 51; 44 apart from the overall mean, about 3 by chance)');
    expect(text).toContain('mae by origin × hour (5 worst of 8;');
    expect(text).toMatch(/EWR {3}┊ +├─●┤ {3}24\.90 ± 0\.10 {3}41,208 rows/);
    expect(text).toContain('┊ overall 19.604 ± 0.022');
  });

  test('draws the loss and the number of groups asked for', () => {
    const two = report([
      loss({ slices: [slice({ a: 1 }, 1, 0.1)] }),
      loss({ name: 'bce', slices: [slice({ a: 1 }, 1, 0.1), slice({ a: 2 }, 2, 0.1)] }),
    ]);
    expect(renderTerminal(two, { ...plain, sliceLoss: 'bce', slices: 1 })).toContain('bce by a (1 worst of 2;');
    expect(renderTerminal(two, { ...plain, sliceLoss: 'none such' })).toContain('mae by a (1 group;');
  });

  test('ends with the digest and its promise', () => {
    const promise = 'the same for any number of threads, shards or workers';
    expect(renderTerminal(flights(), plain).split('\n').at(-2)).toBe(`  digest sha256:9f2c41d07be1…   ${promise}`);
    expect(renderTerminal(flights(), { ...plain, width: 140 })).toContain(`${flights().digest}   ${promise}`);
    expect(renderTerminal(flights(), { ...plain, width: 80 })).toContain(`sha256:9f2c41d…   ${promise}`);
  });

  test('counts bad and ignored rows by reason, most frequent first', () => {
    const rows = { read: 10, used: 4, ignored: 1, bad: 5, badReasons: { 'p is NaN': 2, 'y is missing': 3 } };
    expect(renderTerminal(report([loss()], { rows }), plain)).toContain(
      '  rows 4 used, 1 ignored, 5 bad and skipped: 3 y is missing, 2 p is NaN',
    );
    expect(renderTerminal(report([loss()]), plain)).not.toContain('skipped');
  });

  test('names the other means where denominators differ', () => {
    const means = { weight: 1, rows: 2.5, elements: 2.5, nonzero: 3 };
    expect(renderTerminal(report([loss({ mean: 1, stderr: 0.1, means })]), plain)).toContain(
      'mean is sum / weight · 2.5 over rows · 2.5 over elements · 3 over nonzero weights',
    );
  });

  test('shows the loss of nothing and of one row', () => {
    const none = { mean: 'NaN', stderr: 'NaN', std: 'NaN', interval: ['NaN', 'NaN'] } as const;
    const rows = { read: 0, used: 0, ignored: 0, bad: 0, badReasons: {} };
    const empty = report([loss({ ...none, interval: ['NaN', 'NaN'], count: 0 })], {
      rows,
      warnings: ['No row counts.'],
    });
    const text = renderTerminal(empty, plain);
    expect(text).toContain('  0 rows · 1 loss');
    expect(text).toMatch(/\n {2}mae {4}NaN\n/);
    expect(text).toContain('  warning No row counts.');
    const single = report([loss({ mean: 2.5, stderr: 'NaN', std: 'NaN', interval: ['NaN', 'NaN'], count: 1 })]);
    expect(renderTerminal(single, plain)).toMatch(/\n {2}mae {4}2\.5\n/);
  });

  test('tells files apart where the worst rows come from several', () => {
    const row = { id: null, loss: 3, prediction: 1, target: 4 };
    const worst = [
      { source: 'p/0.npy', row: 17, ...row },
      { source: 'p/1.npy', row: 5, ...row },
    ];
    expect(renderTerminal(report([loss({ worst })]), plain)).toContain('row 17 of 0.npy');
    expect(renderTerminal(report([loss({ worst: [{ ...worst[0], id: 'a7' }] })]), plain)).toContain('row 17 (id a7)');
  });

  test('has no escape without colour, and the same text with it', () => {
    const text = renderTerminal(flights(), plain);
    const painted = renderTerminal(flights(), { ...plain, color: true });
    expect(text).not.toContain('\u001b');
    expect(painted).toContain('\u001b[31m');
    expect(stripVTControlCharacters(painted)).toBe(text);
  });

  test('stays within ASCII where the terminal has no more', () => {
    for (const width of [50, 80, 140])
      expect(renderTerminal(flights(), { color: false, width, unicode: false })).toSatisfy(isAscii);
  });

  test('keeps escapes from the data off the terminal', () => {
    const hostile = report([loss({ slices: [slice({ 'a\u001b[2J': 'b\u0007\n' }, 1, 0.1)] })], {
      warnings: ['\u001b]0;x'],
    });
    expect(renderTerminal(hostile, plain)).not.toSatisfy(
      (text: string) => text.includes('\u001b') || text.includes('\u0007'),
    );
  });

  test('holds twenty losses and two hundred long groups', () => {
    const slices = Array.from({ length: 200 }, (_, i) => slice({ column: `${'long '.repeat(30)}${i}` }, i, 1));
    const losses = Array.from({ length: 20 }, (_, i) => loss({ name: `loss_${i}`, mean: 10 ** (i - 9), slices }));
    const text = renderTerminal(report(losses), { color: false, width: 80 });
    expect(text.match(/^ {2}loss_/gm)?.length).toBe(20 + 1);
    expect(text).toContain('5 worst of 200');
  });

  test('never throws, and never exceeds the width, for any report', () => {
    fc.assert(
      fc.property(
        anyReport,
        fc.integer({ min: 40, max: 200 }),
        fc.boolean(),
        fc.boolean(),
        (any, width, color, unicode) => {
          const text = renderTerminal(any, { color, width, unicode });
          expect(text.endsWith('\n')).toBe(true);
          for (const line of text.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(width);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('takes any width a terminal may claim', () => {
    for (const width of [0, -1, 1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(renderTerminal(flights(), { color: false, width })).toContain('mae');
  });
});
