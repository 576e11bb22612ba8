import { describe, expect, test } from 'vitest';
import { lossLabel, meansDiffer } from '../../src/view/loss.js';
import { loss } from '../sample.js';

describe('lossLabel', () => {
  test('is written as on the command line', () => {
    expect(lossLabel(loss({ name: 'huber', parameters: { delta: 1.5 } }))).toBe('huber:delta=1.5');
  });

  test('leaves out parameters at their defaults', () => {
    expect(lossLabel(loss({ name: 'huber', parameters: { delta: 1 } }))).toBe('huber');
  });

  test('shows every parameter of a loss it does not know, long lists cut', () => {
    const parameters = { a: 'Infinity' as const, b: [1, 2, 3, 4, 5] };
    expect(lossLabel(loss({ name: 'novel', parameters }))).toBe('novel:a=Infinity,b=1 2 3 4 ...');
  });
});

test('meansDiffer compares every denominator with the mean, NaN equal to NaN', () => {
  expect(meansDiffer(loss())).toBe(false);
  const nan = { weight: 'NaN', rows: 'NaN', elements: 'NaN', nonzero: 'NaN' } as const;
  expect(meansDiffer(loss({ mean: 'NaN', means: nan }))).toBe(false);
  expect(meansDiffer(loss({ mean: 1, means: { weight: 1, rows: 2, elements: 2, nonzero: 2 } }))).toBe(true);
});
