import { describe, expect, test } from 'vitest';
import { sliceGroups } from '../../src/view/slices.js';
import { loss, slice } from '../sample.js';

describe('sliceGroups', () => {
  test('makes one group of slices per set of columns, in the order of the report', () => {
    const groups = sliceGroups(
      loss({ slices: [slice({ a: 'x' }, 1, 0.1), slice({ a: 'x', b: 2 }, 1, 0.1), slice({ a: 'y' }, 2, 0.1)] }),
      0.95,
    );
    expect(groups.map(({ columns, slices }) => [columns, slices.length])).toEqual([
      [['a'], 2],
      [['a', 'b'], 1],
    ]);
  });

  test('sorts by mean, infinite first, NaN last, equal ones by name', () => {
    const nan = { ...slice({ a: 'nan' }, 0, 0), mean: 'NaN' as const };
    const infinite = { ...slice({ a: 'inf' }, 0, 0), mean: 'Infinity' as const };
    const slices = [nan, slice({ a: 'q' }, 1, 0.1), slice({ a: 'p' }, 1, 0.1), infinite, slice({ a: 'top' }, 9, 0.1)];
    expect(sliceGroups(loss({ slices }), 0.95)[0].slices.map(({ values }) => values[0])).toEqual([
      'inf',
      'top',
      'p',
      'q',
      'nan',
    ]);
  });

  test('sorts a signed error by its distance from zero', () => {
    const slices = [slice({ a: 'up' }, 1, 0.1), slice({ a: 'down' }, -3, 0.1)];
    expect(sliceGroups(loss({ name: 'error', slices }), 0.95)[0].slices[0].values).toEqual(['down']);
  });

  test('says on which side of the overall mean an interval lies', () => {
    const slices = [slice({ a: 1 }, 30, 1), slice({ a: 2 }, 20, 1), slice({ a: 3 }, 10, 1)];
    const [group] = sliceGroups(loss({ mean: 20, slices }), 0.95);
    expect(group.slices.map(({ side }) => side)).toEqual(['above', 'around', 'below']);
    expect(group.apart).toBe(2);
    expect(group.byChance).toBeCloseTo(0.15);
  });

  test('points at the groups that make an overall mean infinite', () => {
    const infinite = { ...slice({ a: 'bad' }, 0, 0), mean: 'Infinity' as const };
    const [group] = sliceGroups(loss({ mean: 'Infinity', slices: [infinite, slice({ a: 'good' }, 1, 0.1)] }), 0.95);
    expect(group.slices.map(({ side }) => side)).toEqual(['above', 'around']);
    expect(group.apart).toBe(1);
  });

  test('knows no side without an interval', () => {
    const single = {
      ...slice({ a: 'one' }, 99, 0),
      stderr: 'NaN' as const,
      interval: ['NaN', 'NaN'] as ['NaN', 'NaN'],
    };
    const [group] = sliceGroups(loss({ slices: [single] }), 0.95);
    expect([group.slices[0].side, group.known, group.apart]).toEqual(['unknown', 0, 0]);
  });

  test('names missing and empty values', () => {
    const [group] = sliceGroups(loss({ slices: [slice({ a: null, b: '' }, 1, 0.1)] }), 0.95);
    expect(group.slices[0].values).toEqual(['(missing)', '(empty)']);
  });
});
