import { describe, expect, it } from 'vitest';
import { specFromFlags } from '../src/spec-from-flags.js';

describe('the gradient’s flags', () => {
  const gradient = (flags: { gradient?: string; gradientSummary?: boolean }) =>
    specFromFlags(['a.csv'], { loss: ['mse'], pred: 'p', target: 'y', ...flags }).gradient;

  it('write it, sum it up, or both', () => {
    expect(gradient({})).toBeUndefined();
    expect(gradient({ gradient: 'out' })).toEqual({ output: 'out' });
    expect(gradient({ gradientSummary: true })).toBe('summary');
    expect(gradient({ gradient: 'out', gradientSummary: true })).toEqual({ output: 'out', summary: true });
  });
});
