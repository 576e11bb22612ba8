import { describe, expect, it } from 'vitest';
import { findLoss, nearest, resolveParameters } from '../src/index.js';

const resolve = (name: string, given: Record<string, unknown> = {}) => resolveParameters(findLoss(name), given);

describe('resolveParameters', () => {
  it('fills in defaults and leaves out what has none', () => {
    expect(resolve('huber')).toEqual({ delta: 1 });
    expect(resolve('bce')).toEqual({ pos_weight: 1, label_smoothing: 0, clip: 0 });
    expect(resolve('cross_entropy')).toEqual({ label_smoothing: 0, clip: 0 });
    expect(resolve('cross_entropy', { ignore_index: -100 })).toMatchObject({ ignore_index: -100 });
  });

  it('takes true, false, 1 and 0 for a flag', () => {
    expect([true, 1, false, 0].map((full) => resolve('poisson_nll', { full }))).toEqual([
      ...[{ full: true }, { full: true }],
      ...[{ full: false }, { full: false }],
    ]);
    expect(resolve('gaussian_nll')).toEqual({ full: false, epsilon: 1e-6 });
  });

  it('takes the ends of a gap', () => {
    for (const power of [0, 1, 1.7, 2, 3]) expect(resolve('tweedie', { power })).toEqual({ power });
  });

  it.each([
    ['huber', { delta: 0 }, /huber: delta is 0, but must be a number above 0/],
    ['huber', { delta: -1 }, /delta is -1/],
    ['huber', { delta: Number.NaN }, /delta is NaN/],
    ['huber', { delta: Infinity }, /delta is Infinity/],
    ['huber', { delta: '1' }, /delta is "1"/],
    ['huber', { detla: 1 }, /huber has no parameter "detla": it has delta/],
    ['mse', { delta: 1 }, /mse has no parameter "delta": it has none/],
    ['bce', { label_smoothing: 1.5 }, /label_smoothing is 1.5, but must be a number from 0 to 1/],
    ['bce', { clip: 0.6 }, /clip is 0.6, but must be a number from 0 to 0.5/],
    ['bce', { pos_weight: 0 }, /pos_weight is 0, but must be a number above 0/],
    ['quantile', { q: 1 }, /q is 1, but must be a number between 0 and 1 \(exclusive\)/],
    ['tweedie', { power: 0.5 }, /power is 0.5, but must be a number of at least 0, but not between 0 and 1/],
    ['poisson_nll', { full: 'yes' }, /full is "yes", but must be true or false/],
    ['smooth_l1', { beta: -1 }, /beta is -1, but must be a number of at least 0/],
    ['nll', { ignore_index: 1.5 }, /ignore_index is 1.5, but must be a whole number/],
    ['nll', { class_weight: [] }, /class_weight is \[\]/],
    ['nll', { class_weight: [1, -2] }, /class_weight is -2/],
    ['nll', { class_weight: 3 }, /class_weight is 3/],
  ])('refuses %s with %o', (name, given, message) => {
    expect(() => resolve(name, given)).toThrowError(message);
  });
});

describe('nearest', () => {
  it('finds slips of the hand and nothing far-fetched', () => {
    expect(nearest('logit', ['id', 'logits', 'label'])).toBe('logits');
    expect(nearest('Target', ['target', 'tar'])).toBe('target');
    expect(nearest('xyz', ['prediction', 'target'])).toBeUndefined();
  });
});
