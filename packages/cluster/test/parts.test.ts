import { delimiter } from 'node:path';
import { settingsOf } from '@lossmill/cluster';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitAt, runsWithout } from '../src/bitmap.js';
import { DataRoots } from '../src/data-roots.js';
import { lookAgainAfter } from '../src/pace.js';
import { taskJob, taskOf } from '../src/queues.js';
import type { EvaluationRecord } from '../src/record.js';
import { submissionOf } from '../src/submission.js';
import { isYoung, shardsPerTask, tasksAhead } from '../src/window.js';

describe('runsWithout', () => {
  it('covers exactly the shards that are missing, in runs that are not too long', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (have, longest) => {
        const runs = [...runsWithout((shard) => have[shard], 0, have.length, longest)];
        const covered = runs.flatMap(({ first, count }) => Array.from({ length: count }, (_, i) => first + i));
        expect(covered).toEqual(have.flatMap((has, shard) => (has ? [] : [shard])));
        for (const { count } of runs) expect(count).toBeLessThanOrEqual(longest);
      }),
    );
  });
});

it('reads bits as Redis numbers them', () => {
  const bytes = Uint8Array.of(0b1000_0001, 0b0100_0000);
  expect([0, 1, 7, 8, 9, 16, 1000].map((bit) => bitAt(bytes, bit))).toEqual([
    true,
    false,
    true,
    false,
    true,
    false,
    false,
  ]);
});

describe('window', () => {
  const record = (done: number, ms: number, total = 10_000) => ({ done, ms, total }) as EvaluationRecord;

  it('begins with single shards, and then groups as many as take the time wanted', () => {
    expect(shardsPerTask(record(0, 0), 2000, { threads: 4, open: 1 })).toBe(1);
    expect(shardsPerTask(record(100, 1000), 2000, { threads: 4, open: 1 })).toBe(200);
    expect(shardsPerTask(record(100, 1_000_000), 2000, { threads: 4, open: 1 })).toBe(1);
    expect(shardsPerTask(record(100, 0, 1e9), 2000, { threads: 4, open: 1 })).toBe(1024);
  });

  it('leaves work for every thread at the end', () => {
    expect(shardsPerTask(record(9920, 9920), 2000, { threads: 4, open: 1 })).toBe(10);
  });

  it('gives each of many evaluations a share, and never nothing', () => {
    const known = record(100, 1000);
    expect(tasksAhead(known, { threads: 16, open: 1 })).toBe(34);
    expect(tasksAhead(known, { threads: 16, open: 8 })).toBe(6);
    expect(tasksAhead(known, { threads: 0, open: 1000 })).toBeGreaterThan(0);
  });

  it('knows the pace after one round, however many evaluations there are', () => {
    expect(tasksAhead(record(0, 0), { threads: 2, open: 1000 })).toBeGreaterThanOrEqual(8);
  });

  it('lets an evaluation go first until it has had two tasks of every thread', () => {
    expect(isYoung(record(100, 15_000), 2000, { threads: 4, open: 9 })).toBe(true);
    expect(isYoung(record(100, 16_000), 2000, { threads: 4, open: 9 })).toBe(false);
    expect(isYoung(record(0, 0), 2000, { threads: 0, open: 1 })).toBe(true);
  });
});

it('looks again soon after the begin, and then after a twentieth of the time', () => {
  expect([0, 20, 400, 900, 60_000].map((elapsed) => lookAgainAfter(elapsed, 50))).toEqual([5, 5, 20, 45, 50]);
});

describe('taskOf', () => {
  it('reads what taskJob writes, and nothing else', () => {
    const { data } = taskJob('e', 'p', { first: 3, count: 5 }, settingsOf({}));
    expect(taskOf(JSON.parse(JSON.stringify(data)))).toEqual({ v: 1, e: 'e', p: 'p', a: 3, k: 5 });
    for (const wrong of [
      null,
      7,
      'x',
      {},
      { ...data, v: 2 },
      { ...data, k: 0 },
      { ...data, a: -1 },
      { ...data, k: 1e9 },
      { ...data, e: 7 },
      { ...data, a: 1.5 },
    ])
      expect(taskOf(wrong)).toBeNull();
  });
});

describe('submissionOf', () => {
  it('takes a spec alone or with what belongs to the submission', () => {
    const spec = { version: 1 };
    expect(submissionOf(spec)).toEqual({ spec });
    expect(submissionOf({ spec, folder: '/data', allowDegraded: 0.1 })).toEqual({
      spec,
      folder: '/data',
      allowDegraded: 0.1,
    });
    for (const wrong of [null, 3, [], { spec, folder: 1 }, { spec, allowDegraded: 1.5 }, { spec, allowDegraded: '1' }])
      expect(() => submissionOf(wrong)).toThrow('no submission');
  });
});

describe('settingsOf', () => {
  it('has a value for everything, takes whole numbers, and names what is none', () => {
    expect(settingsOf({ LOSSMILL_LOCK_MS: '1500', LOSSMILL_ATTEMPTS: '' })).toMatchObject({
      lockMs: 1500,
      attempts: 5,
    });
    for (const wrong of ['0', '-1', '1.5', 'soon', '1e3'])
      expect(() => settingsOf({ LOSSMILL_LOCK_MS: wrong })).toThrow(`LOSSMILL_LOCK_MS is "${wrong}"`);
  });
});

describe('DataRoots', () => {
  it('takes several folders, and the current one where none is named', () => {
    const roots = DataRoots.fromEnvironment({ LOSSMILL_DATA_ROOTS: ['/data', '/more'].join(delimiter) });
    expect(['/data/a', '/more', '/database', '/', '/data/../etc'].map((path) => roots.has(path))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(DataRoots.fromEnvironment({}).has(`${process.cwd()}/x`)).toBe(true);
    expect(new DataRoots(['/']).has('/etc/passwd')).toBe(true);
    expect(new DataRoots(['/']).has('https://example.org/a.csv')).toBe(false);
  });
});
