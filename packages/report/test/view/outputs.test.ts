import { expect, it } from 'vitest';
import { outputRows } from '../../src/view/outputs.js';
import { loss, output, report } from '../sample.js';

const means = (values: (number | 'NaN')[]) => values.map((mean, k) => output(k, mean));

it('has no rows where a row has one output', () => {
  expect(outputRows(report([loss()]), 5)).toBeNull();
});

it('sets the losses side by side, in the order of the outputs', () => {
  const found = outputRows(report([loss({ outputs: means([3, 1]) }), loss({ outputs: means([4, 5]) })]), 5);
  expect(found?.total).toBe(2);
  expect(found?.rows.map(({ name, byLoss }) => [name, ...byLoss.map(({ mean }) => mean)])).toEqual([
    ['y[0]', 3, 4],
    ['y[1]', 1, 5],
  ]);
});

it('keeps the worst by the first loss, NaN before all, an error by its size', () => {
  const names = (name: string, values: (number | 'NaN')[]) =>
    outputRows(report([loss({ name, outputs: means(values) })]), 2)?.rows.map((row) => row.name);
  expect(names('mse', [3, 1, 'NaN', 4])).toEqual(['y[2]', 'y[3]']);
  expect(names('error', [-3, 1, 2, 0])).toEqual(['y[0]', 'y[2]']);
  expect(names('mse', [1, 1, 1])).toEqual(['y[0]', 'y[1]']);
});
