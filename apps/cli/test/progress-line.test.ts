import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { barText, type LineStyle, progressLine, progressLogLine } from '../src/progress-line.js';

const style: LineStyle = { unicode: true, width: 120, faint: (text) => text };
const half = { rowsDone: 1_520_000, rowsTotal: 2_000_000, threads: 2, phase: 'evaluating', bytes: 0 };

describe('progressLine', () => {
  test('shows phase, bar, percent, rows, speed, threads and time left', () => {
    expect(progressLine(half, 0.5, style)).toBe(
      '  evaluating  ██████████████████████▊░░░░░░░  76 %   1.52 M rows   3.04 M rows/s   2 threads   0.2 s left',
    );
  });

  test('has an ASCII form', () => {
    expect(progressLine(half, 0.5, { ...style, unicode: false, width: 70 })).toBe(
      '  evaluating  ###############......  76 %   1.52 M rows   0.2 s left',
    );
  });

  test('has no bar while the end is unknown', () => {
    const planning = { rowsDone: 0, rowsTotal: null, threads: 2, phase: 'indexing', bytes: 4_100_000_000 };
    expect(progressLine(planning, 3, style)).toBe('  indexing   4.10 GB   2 threads');
    expect(progressLine({ ...planning, rowsTotal: 0 }, 3, style)).toBe('  indexing   4.10 GB   2 threads');
  });

  test('foretells no end from the first moments, nor at the end', () => {
    expect(progressLine(half, 0.1, style)).not.toContain('left');
    expect(progressLine({ ...half, rowsDone: 2_000_000 }, 9, style)).toMatch(/100 % {3}2\.00 M rows.*threads$/);
  });

  test('never says 100 % before the last row', () => {
    expect(progressLine({ ...half, rowsDone: 1_999_999 }, 1, style)).toContain(' 99 %');
  });

  test('gives up threads, speed and rows on a narrow terminal before percent and time left', () => {
    expect(progressLine(half, 0.5, { ...style, width: 44 })).toMatch(/^ {2}evaluating {2}\S+ {2}76 % {3}0\.2 s left$/);
    expect(progressLine(half, 0.5, { ...style, width: 8 })).toBe('  evalua');
  });

  test('is never wider than the terminal', () => {
    const state = fc.record({
      rowsDone: fc.nat(),
      rowsTotal: fc.oneof(fc.nat(), fc.constant(null)),
      threads: fc.nat(256),
      phase: fc.constantFrom('planning', 'evaluating'),
      bytes: fc.nat(),
    });
    fc.assert(
      fc.property(
        state,
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.integer({ min: 0, max: 200 }),
        (any, t, width) => {
          for (const unicode of [true, false])
            expect(progressLine(any, t, { ...style, unicode, width }).length).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});

describe('barText', () => {
  test('grows by eighths of a column and is always as wide as asked', () => {
    expect([0, 0.01, 0.5, 0.999, 1, 7].map((fraction) => barText(fraction, 8, style))).toEqual([
      '░░░░░░░░',
      '░░░░░░░░',
      '████░░░░',
      '███████▉',
      '████████',
      '████████',
    ]);
    expect(barText(0.2, 8, style)).toBe('█▌░░░░░░');
  });

  test('paints what is to come', () => {
    expect(barText(0.5, 4, { unicode: false, faint: (text) => `(${text})` })).toBe('##(..)');
  });
});

test('progressLogLine is one plain sentence', () => {
  expect(progressLogLine(half, 8)).toBe('evaluating 76 %, 1.52 M rows, 190 k rows/s, 2 threads, 2.5 s left');
  expect(progressLogLine({ rowsDone: 0, rowsTotal: null, threads: 0, phase: 'planning', bytes: 0 }, 0)).toBe(
    'planning',
  );
});
