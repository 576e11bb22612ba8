import { describe, expect, it } from 'vitest';
import { cyclesOf } from '../check/imports.mjs';

const graph = (edges: Record<string, string[]>) => new Map(Object.entries(edges));

describe('import cycles', () => {
  it('finds none where imports only point one way, however often a file is reached', () => {
    expect(cyclesOf(graph({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }))).toEqual([]);
  });

  it('names the files of a cycle in order, and a file that imports itself', () => {
    expect(cyclesOf(graph({ a: ['b'], b: ['c'], c: ['b'], d: ['d'] }))).toEqual([
      ['b', 'c', 'b'],
      ['d', 'd'],
    ]);
  });
});
