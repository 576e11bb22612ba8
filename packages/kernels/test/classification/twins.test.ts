import { describe, expect, it } from 'vitest';
import { arrayOf, type Element } from '../support/instance.js';
import { CLASS_COUNTS, classes, logits, probabilities } from '../support/logits.js';
import { ELEMENTS, firstDifference } from '../support/twins.js';

const LENGTHS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15, 16, 17, 23, 24, 25, 1000];
const EDGE_SHARES = [0, 0.02, 0.4];
const BINARY_PARAMETERS = [
  [1, 0],
  [2.5, 0],
  [1, 0.1],
  [0, 1],
];

/** Rows for each number of classes: more than a tile of 32 rows where rows are short. */
const rowsOf = (C: number) =>
  C <= 16 ? [0, 1, 2, 3, 4, 5, 31, 32, 33, 39, 77] : C <= 128 ? [1, 3, 4, 39] : [0, 1, 3, 18];

function cases(type: Element) {
  return CLASS_COUNTS.flatMap((C) =>
    rowsOf(C).flatMap((rows) =>
      EDGE_SHARES.map((share, i) => {
        const seed = C * 1000 + rows * 10 + i;
        return {
          ...{ C, rows, offset: seed % 4, target: classes(rows, C, seed) },
          z: arrayOf(type, logits(rows * C, seed, share)),
          q: arrayOf(type, probabilities(rows * C, seed + 1)),
          p: arrayOf(type, probabilities(rows * C, seed + 2)),
          weights: Float64Array.from(probabilities(C, seed + 3)),
          out: new Float64Array(rows),
          g: arrayOf(type, new Float64Array(rows * C)),
        };
      }),
    ),
  );
}

describe.each(ELEMENTS)('wasm and TypeScript give the same bits, %s', (type) => {
  it.each(BINARY_PARAMETERS)('of binary losses with weight %s and smoothing %s', (weight, smoothing) => {
    for (const n of LENGTHS) {
      for (const [i, share] of EDGE_SHARES.entries()) {
        const z = arrayOf(type, logits(n, n + i, share));
        const p = arrayOf(type, probabilities(n, n + i));
        const y = arrayOf(type, probabilities(n, n + 50 + i));
        const out = new Float64Array(n);
        const parameters = [n, weight, smoothing];
        expect(firstDifference(`bce_logits_${type}`, [z, y, ...parameters], out, i)).toBeUndefined();
        expect(firstDifference(`bce_logits_gradient_${type}`, [z, y, ...parameters], z, i)).toBeUndefined();
        const clipped = [...parameters, [0, 1e-7, 0.25][i]];
        expect(firstDifference(`bce_probabilities_${type}`, [p, y, ...clipped], out, i)).toBeUndefined();
        expect(firstDifference(`bce_probabilities_gradient_${type}`, [p, y, ...clipped], p, i)).toBeUndefined();
      }
    }
  });

  it('of class targets', () => {
    for (const { z, p, target, rows, C, weights, out, g, offset } of cases(type)) {
      const check = (name: Parameters<typeof firstDifference>[0], values: Parameters<typeof firstDifference>[1]) => {
        const result = name.includes('gradient') ? g : out;
        expect(firstDifference(name, values, result, offset), `${rows} rows of ${C}`).toBeUndefined();
      };
      check(`cross_entropy_logits_${type}`, [z, target, rows, C]);
      check(`cross_entropy_logits_gradient_${type}`, [z, target, rows, C]);
      for (const suffix of ['', 'gradient_'] as const) {
        check(`cross_entropy_smooth_logits_${suffix}${type}`, [z, target, null, rows, C, 0]);
        check(`cross_entropy_smooth_logits_${suffix}${type}`, [z, target, weights, rows, C, 0.1]);
        check(`cross_entropy_probabilities_${suffix}${type}`, [p, target, null, rows, C, 0]);
        check(`cross_entropy_probabilities_${suffix}${type}`, [p, target, weights, rows, C, 1e-6]);
        check(`cross_entropy_smooth_probabilities_${suffix}${type}`, [p, target, weights, rows, C, 0.1, 1e-6]);
        check(`cross_entropy_smooth_probabilities_${suffix}${type}`, [p, target, null, rows, C, 0.3, 0]);
        check(`nll_${suffix}${type}`, [z, target, weights, rows, C]);
      }
    }
  });

  it('of probability targets', () => {
    for (const { z, p, q, rows, C, weights, out, g, offset } of cases(type)) {
      for (const suffix of ['', 'gradient_'] as const) {
        const result = suffix === '' ? out : g;
        const soft = `cross_entropy_soft_logits_${suffix}${type}` as const;
        const softProbabilities = `cross_entropy_soft_probabilities_${suffix}${type}` as const;
        for (const values of [
          [null, rows, C, 0],
          [weights, rows, C, 0.1],
        ]) {
          expect(firstDifference(soft, [z, q, ...values], result, offset), `${rows} rows of ${C}`).toBeUndefined();
          expect(firstDifference(softProbabilities, [p, q, ...values, 0], result, offset)).toBeUndefined();
          expect(firstDifference(softProbabilities, [p, q, ...values, 0.01], result, offset)).toBeUndefined();
        }
      }
    }
  });

  it('of the first maximum', () => {
    for (const { z, rows, C, offset } of cases(type)) {
      expect(firstDifference(`argmax_${type}`, [z, rows, C], new Int32Array(rows), offset)).toBeUndefined();
    }
  });
});
