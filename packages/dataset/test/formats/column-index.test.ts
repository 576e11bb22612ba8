import { expect, it } from 'vitest';
import { columnIndex } from '../../src/formats/column-index.js';

it('columnIndex finds the first column of a name, and refuses others', () => {
  const columns = ['a', 'b', 'a'].map((name) => ({ name, type: 'f64' as const, width: null }));
  expect(['a', 'b', 'a'].map((name) => columnIndex(columns, name))).toEqual([0, 1, 0]);
  expect(() => columnIndex(columns, 'c')).toThrow('no column c');
});
