import { describe, expect, it } from 'vitest';
import { findLoss, resolveParameters } from '../src/index.js';
import { type Case, cases, run } from './support/cases.js';

const STEP = 2 ** -17;

function curvatureOf({ loss, rows, classes, prediction, target, variance }: Case): Float64Array {
  const found = new Float64Array(rows * classes);
  const width = target.length / rows;
  for (let i = 0; i < rows; i++) {
    const row = {
      prediction: prediction.subarray(i * classes, (i + 1) * classes),
      target: target.subarray(i * width, (i + 1) * width),
      variance: variance[i],
    };
    loss.curvature(row, found.subarray(i * classes, (i + 1) * classes));
  }
  return found;
}

/** Central differences of the gradient by the k-th prediction of every row, of that prediction's own element. */
function bends(entry: Case, k: number): number[] {
  const moved = (by: number): Float64Array => {
    const prediction = entry.prediction.slice();
    for (let i = k; i < prediction.length; i += entry.classes) prediction[i] += by;
    return run('gradient', entry, 'f64', prediction).filter((_, i) => i % entry.classes === k);
  };
  const [down, up] = [moved(-STEP), moved(STEP)];
  return Array.from(up, (slope, i) => (slope - down[i]) / (2 * STEP));
}

describe('the second derivative', () => {
  it.each(cases().map((entry) => [entry.title, entry] as const))(
    'agrees with differences of the gradient: %s',
    (_, entry) => {
      const found = curvatureOf(entry);
      for (let k = 0; k < entry.classes; k++) {
        bends(entry, k).forEach((expected, i) => {
          const own = found[i * entry.classes + k];
          expect(Math.abs(own - expected)).toBeLessThan(2e-6 * Math.max(1, Math.abs(own)));
        });
      }
    },
  );

  const at = (name: string, prediction: number[], target: number[], input = findLoss(name).inputs[0] ?? null) => {
    const definition = findLoss(name);
    const kind = prediction.length === 1 ? 'real' : target.length === 1 ? 'index' : 'probabilities';
    const family = prediction.length > 1 ? 'classes' : definition.family;
    const out = new Float64Array(prediction.length);
    const loss = definition.bind(resolveParameters(definition, {}), input, kind, family);
    loss.curvature({ prediction, target, variance: 1 }, out);
    return [...out];
  };

  it('keeps its digits where the model is confident', () => {
    const [z] = at('bce', [40], [1]);
    expect(z).toBeCloseTo(Math.exp(-40), 30);
    const [right] = at('cross_entropy', [40, 0], [0]);
    expect(Math.abs(right / Math.exp(-40) - 1)).toBeLessThan(1e-14);
    expect(Math.abs(at('brier', [40], [1], 'logits')[0] / (4 * Math.exp(-80)) - 1)).toBeLessThan(1e-14);
  });

  it('has its limits at infinite logits and overflows nowhere before', () => {
    for (const name of ['bce', 'focal', 'soft_margin']) {
      expect(at(name, [Infinity], [1])).toEqual([0]);
      expect(at(name, [-Infinity], [1])).toEqual([0]);
      expect(at(name, [-800], [1])).toEqual([0]);
    }
    expect(at('log_cosh', [1e300], [0])).toEqual([0]);
    expect(at('cross_entropy', [Infinity, 0], [1])).toEqual([0, 0]);
    expect(at('cross_entropy', [-Infinity, 0], [1])).toEqual([0, 0]);
    expect(at('cross_entropy', [-Infinity, -Infinity], [1])).toEqual([Number.NaN, Number.NaN]);
    expect(at('cross_entropy', [Infinity, Infinity], [1])).toEqual([Number.NaN, Number.NaN]);
  });

  it('is 0 where a row is left out, whatever it holds', () => {
    for (const name of ['cross_entropy', 'brier', 'crammer_singer'])
      expect(at(name, [Number.NaN, 1], [-1], 'logits')).toEqual([0, 0]);
  });
});
