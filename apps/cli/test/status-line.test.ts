import type { EvaluationRecord, Fleet } from '@lossmill/cluster';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { listTable } from '../src/cluster-text.js';
import { lossText, statusLine } from '../src/status-line.js';

const style = { unicode: true, width: 120, faint: (text: string) => text };

const record = (more: Partial<EvaluationRecord> = {}): EvaluationRecord => ({
  state: 'running',
  epoch: 'e',
  fence: 'f',
  submittedAt: 0,
  startedAt: 1_000_000,
  endedAt: 1_100_000,
  total: 3184,
  totalRows: 318_400,
  files: 12,
  dataBytes: 1.2e12,
  cursor: 1800,
  done: 1719,
  failed: 0,
  rows: 171_900,
  bytes: 810_000_000_000,
  ms: 1,
  retried: 1,
  duplicates: 0,
  handedOn: 0,

  error: null,
  ...more,
});

const fleet = (workers: number, lost = 0): Fleet => ({
  workers: Array.from({ length: workers }, (_, i) => ({ id: `w${i}`, host: 'h', pid: i, threads: 4 })),
  lost,
});

describe('statusLine', () => {
  test('shows share, shards, speed, workers, retries and time left', () => {
    expect(statusLine('7c1e', record(), fleet(4), { ...style, width: 200 })).toBe(
      '7c1e  running  █████████▋░░░░░░░░   53 %  1,719/3,184 shards  8.10 GB/s  16 threads on 4 workers  1 retried  1 m 25 s left',
    );
  });

  test('says that workers were lost, and that their shards were handed on', () => {
    const line = (lost: number, handedOn: number) =>
      statusLine('7c1e', record({ handedOn }), fleet(3, lost), { ...style, width: 200 });
    expect(line(1, 12)).toContain('  1 worker lost, 12 shards handed on  ');
    expect(line(2, 1)).toContain('  2 workers lost, 1 shard handed on  ');
    expect(line(1, 0)).toContain('  1 worker lost  ');
    expect(line(0, 0)).not.toContain('lost');
    expect(lossText(0, 12)).toBe('');
  });

  test('gives up retries, speed and threads on 80 columns, not what was lost nor the time left', () => {
    expect(statusLine('7c1e', record({ handedOn: 12 }), fleet(3, 1), { ...style, width: 79 })).toBe(
      '7c1e  running  ███▏░░   53 %  1 worker lost, 12 shards handed on  1 m 25 s left',
    );
  });

  test('an end has no bar, and how long it took', () => {
    expect(
      statusLine('7c1e', record({ state: 'done', done: 3184, retried: 0 }), fleet(0), { ...style, width: 79 }),
    ).toBe('7c1e  done  100 %  3,184/3,184 shards  8.10 GB/s  1 m 40 s');
  });

  test('is never wider than the terminal', () => {
    const some = fc.record({
      state: fc.constantFrom('queued', 'running', 'reducing', 'done', 'failed', 'cancelled'),
      total: fc.nat(1e9),
      failed: fc.nat(1000),
      rows: fc.nat(),
      bytes: fc.nat(),
      retried: fc.nat(1e6),
      handedOn: fc.nat(1e6),
    });
    fc.assert(
      fc.property(some, fc.nat(300), fc.nat(300), fc.integer({ min: 40, max: 200 }), (any, workers, lost, width) => {
        const { total } = any;
        const line = statusLine(
          '7c1e',
          record({ ...any, done: total >> 1 } as Partial<EvaluationRecord>),
          fleet(workers, lost),
          {
            ...style,
            width,
          },
        );
        expect(line.length).toBeLessThanOrEqual(width);
      }),
    );
  });
});

test('the list is a table that fits 80 columns', () => {
  const table = listTable(
    [
      { id: '7c1e0000', ...record() },
      { id: '859c0000', ...record({ state: 'cancelled', done: 3184, totalRows: 1e12, total: 1e6, failed: 3 }) },
      {
        id: '9e9c0000',
        ...record({ state: 'failed', total: 0, startedAt: 0, error: { code: 'FILE_NOT_FOUND', message: 'x' } }),
      },
    ],
    (id) => id.slice(0, 4),
  );
  expect(table).toBe(
    [
      'id    state      done     shards    rows      time',
      '7c1e  running    53 %      3,184   318 k  1 m 40 s',
      '859c  cancelled   0 %  1,000,000  1.00 T  1 m 40 s  3 failed',
      '9e9c  failed                                        FILE_NOT_FOUND',
      '',
    ].join('\n'),
  );
  for (const line of table.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});
