import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../src/index.js';
import { type Case, cases, run } from './support/cases.js';

const STEP = 2 ** -17;

/** Slopes of the row losses by the k-th prediction of every row, from the left and from the right. */
function slopes(entry: Case, k: number): { left: number; right: number }[] {
  const moved = (by: number): Float64Array => {
    const prediction = entry.prediction.slice();
    for (let i = k; i < prediction.length; i += entry.classes) prediction[i] += by;
    return run('value', entry, 'f64', prediction);
  };
  const [down, here, up] = [moved(-STEP), moved(0), moved(STEP)];
  return Array.from(here, (value, i) => ({ left: (value - down[i]) / STEP, right: (up[i] - value) / STEP }));
}

const ALL = cases();

describe('the gradient', () => {
  it('is tried for every loss', () => {
    expect(new Set(ALL.map(({ loss }) => loss.name)).size).toBe(CATALOGUE.length);
  });

  it.each(ALL.map((entry) => [entry.title, entry] as const))('agrees with differences of the value: %s', (_, entry) => {
    const gradient = run('gradient', entry, 'f64');
    let kinks = 0;
    for (let k = 0; k < entry.classes; k++) {
      slopes(entry, k).forEach(({ left, right }, i) => {
        const found = gradient[i * entry.classes + k];
        // Where both sides differ by far more than a bend makes them, a kink lies between.
        if (Math.abs(right - left) > 0.01 * Math.max(1, Math.abs(right))) kinks++;
        else expect(Math.abs(found - (left + right) / 2)).toBeLessThan(1e-6 * Math.max(1, Math.abs(found)));
      });
    }
    expect(kinks).toBeLessThan(gradient.length / 20);
  });

  it.each(ALL.map((entry) => [entry.title, entry] as const))('is in float32 what it is in float64: %s', (_, entry) => {
    const [single, double] = [run('gradient', entry, 'f32'), run('gradient', entry, 'f64')];
    double.forEach((expected, i) => {
      const row = double.subarray(Math.floor(i / entry.classes) * entry.classes).subarray(0, entry.classes);
      const size = Math.max(1, ...row.map(Math.abs));
      expect(Math.abs(single[i] - expected)).toBeLessThanOrEqual(2 ** -18 * size);
    });
  });
});
