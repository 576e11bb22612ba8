import { describe, expect, test } from 'vitest';
import { createProgress, type ProgressOptions } from '../src/progress.js';

/** A stream that remembers every write, and a clock that stands still until told. */
function stage(options: Partial<ProgressOptions> = {}, columns?: number) {
  const writes: string[] = [];
  const clock = { ms: 1000 };
  const stream = { columns, write: (text: string) => writes.push(text) };
  const progress = createProgress(stream, {
    tty: true,
    color: false,
    unicode: false,
    width: 100,
    now: () => clock.ms,
    ...options,
  });
  const update = (ms: number, rowsDone: number, phase = 'evaluating'): void => {
    clock.ms = 1000 + ms;
    progress.update({ rowsDone, rowsTotal: 1000, threads: 2, phase, bytes: 0 });
  };
  return { writes, clock, stream, progress, update };
}

describe('createProgress on a terminal', () => {
  test('redraws one line in place: one write each, from the first column, the rest erased', () => {
    const { writes, update } = stage();
    update(100, 100);
    update(200, 200);
    expect(writes).toHaveLength(2);
    for (const text of writes) {
      expect(text).toMatch(/^\r {2}evaluating {2}[#.]+ .*/);
      expect(text.endsWith('\u001b[K')).toBe(true);
    }
    expect(writes.join('')).not.toContain('\n');
  });

  test('draws at most ten times a second', () => {
    const { writes, update } = stage();
    for (let ms = 0; ms <= 2000; ms++) update(ms, ms / 2);
    expect(writes).toHaveLength(20);
  });

  test('draws nothing for what is over in a moment', () => {
    const { writes, update, progress } = stage();
    update(50, 999);
    update(99, 1000);
    progress.finish();
    progress.clear();
    expect(writes).toEqual([]);
  });

  test('leaves the last state behind, even one that came too soon to be drawn', () => {
    const { writes, update, progress } = stage();
    update(500, 400);
    update(510, 1000);
    progress.finish();
    progress.finish();
    expect(writes).toHaveLength(3);
    expect(writes[1]).toContain('100 %');
    expect(writes[2]).toBe('\n');
  });

  test('takes the line away and draws it again', () => {
    const { writes, update, progress } = stage();
    update(500, 400);
    progress.clear();
    progress.clear();
    expect(writes.slice(1)).toEqual(['\r\u001b[K']);
    update(700, 600);
    expect(writes.at(-1)).toContain('60 %');
  });

  test('follows a resize and stays off the last column', () => {
    const { writes, stream, update } = stage({}, 100);
    update(500, 400);
    stream.columns = 30;
    update(1000, 600);
    const widths = writes.map((text) => text.slice(1, -'\u001b[K'.length).length);
    expect(widths[0]).toBeGreaterThan(60);
    expect(widths[1]).toBeLessThanOrEqual(29);
  });

  test('hides no cursor and paints only where colour is wanted', () => {
    const plain = stage();
    plain.update(500, 400);
    plain.progress.finish();
    expect(plain.writes.join('').replaceAll('\u001b[K', '')).not.toContain('\u001b');
    const painted = stage({ color: true });
    painted.update(500, 400);
    expect(painted.writes.join('')).toContain('\u001b[2m');
  });

  test('measures speed and time left from the beginning of a phase', () => {
    const { writes, update } = stage();
    update(1000, 0, 'planning');
    update(5000, 0, 'evaluating');
    update(6000, 500, 'evaluating');
    expect(writes.at(-1)).toContain('500 rows/s');
    expect(writes.at(-1)).toContain('1.0 s left');
  });
});

describe('createProgress without a terminal', () => {
  test('writes nothing in the first second', () => {
    const { writes, update, progress } = stage({ tty: false });
    for (let ms = 0; ms < 1000; ms += 10) update(ms, ms);
    progress.finish();
    expect(writes).toEqual([]);
  });

  test('then one plain line in five seconds and never more', () => {
    const { writes, update, progress } = stage({ tty: false });
    for (let ms = 0; ms <= 12_000; ms += 10) update(ms, ms / 12);
    progress.finish();
    expect(writes).toHaveLength(3);
    for (const text of writes) expect(text).toMatch(/^evaluating \d+ %, [\w ,./]*\n$/);
  });

  test('says where it ended if that is due', () => {
    const { writes, update, progress, clock } = stage({ tty: false });
    update(10, 1);
    clock.ms += 5000;
    progress.finish();
    expect(writes).toHaveLength(1);
    progress.clear();
    expect(writes).toHaveLength(1);
  });
});
