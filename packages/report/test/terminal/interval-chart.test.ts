import { expect, test } from 'vitest';
import { chartCells, chartScale } from '../../src/terminal/interval-chart.js';
import { styleOf } from '../../src/terminal/style.js';
import type { Slice } from '../../src/view/slices.js';
import { slice } from '../sample.js';

const unicode = styleOf({ color: false, width: 80 });

function drawn(low: number, mean: number, high: number, overall: number, columns = 11): string {
  const one: Slice = { values: [], report: slice({}, mean, 0), low, mean, high, side: 'around' };
  return chartCells(one, overall, chartScale([one], overall, columns), unicode).join('');
}

test('draws interval, mean and the overall mean to scale', () => {
  expect(drawn(4, 7, 10, 0)).toBe('┊   ├──●──┤');
});

test('draws the overall mean only where the interval leaves it free', () => {
  expect(drawn(0, 5, 10, 7)).toBe('├────●────┤');
});

test('an interval narrower than a column is its dot', () => {
  expect(drawn(9.9, 9.95, 10, 0)).toBe('┊         ●');
});

test('has a place for a single value and for none', () => {
  expect(drawn(3, 3, 3, 3)).toBe('     ●     ');
  expect(drawn(Number.NaN, Number.NaN, Number.NaN, 3)).toBe('     ┊     ');
  expect(drawn(Number.NaN, Number.NaN, Number.NaN, Number.NaN)).toBe('           ');
});

test('does not overflow between the largest doubles', () => {
  expect(drawn(-1.7e308, 0, 1.7e308, 0)).toBe('├────●────┤');
});
