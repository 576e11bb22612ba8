import { describe, expect, it } from 'vitest';
import { reference } from '../../src/index.js';
import { arrayOf, type Element, kernels, place, withMemory } from '../support/instance.js';
import { CLASS_COUNTS, classes, logits, probabilities } from '../support/logits.js';
import { uniformStream } from '../support/random.js';
import { ELEMENTS, firstDifference } from '../support/twins.js';

const LENGTHS = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 255, 256, 257, 520];
const EDGE_SHARES = [0, 0.02, 0.4];
const GAMMAS = [0, 0.5, 1, 2, 3, 4, 5, 2.75];

/** -1, 0 and 1. */
const labels = (n: number, seed: number): number[] => {
  const uniform = uniformStream(seed);
  return Array.from({ length: n }, () => Math.floor(uniform() * 3) - 1);
};

function classCases(type: Element) {
  return CLASS_COUNTS.flatMap((C) =>
    [0, 1, 2, C > 128 ? 3 : 9].flatMap((rows) =>
      EDGE_SHARES.map((share, i) => {
        const seed = C * 1000 + rows * 10 + i;
        const q = probabilities(rows * C, seed + 1);
        return {
          ...{ C, rows, offset: seed % 4, target: classes(rows, C, seed) },
          z: arrayOf(type, logits(rows * C, seed, share)),
          z2: arrayOf(type, logits(rows * C, seed + 7, share)),
          q: arrayOf(type, q),
          logQ: arrayOf(type, q.map(Math.log)),
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
  const same = (...values: Parameters<typeof firstDifference>) => expect(firstDifference(...values)).toBeUndefined();

  it('of losses of a score or probability against a sign', () => {
    for (const n of LENGTHS) {
      for (const [i, share] of EDGE_SHARES.entries()) {
        const z = arrayOf(type, logits(n, n + i, share));
        const p = arrayOf(type, probabilities(n, n + i));
        const y = arrayOf(type, labels(n, n + 50 + i));
        const out = new Float64Array(n);
        for (const name of ['hinge', 'squared_hinge', 'exponential', 'soft_margin', 'brier_logits'] as const) {
          same(`${name}_${type}`, [z, y, n], out, i);
          same(`${name}_gradient_${type}`, [z, y, n], z, i);
        }
        same(`brier_probabilities_${type}`, [p, y, n], out, i);
        same(`brier_probabilities_gradient_${type}`, [p, y, n], p, i);
        same(`zero_one_scores_${type}`, [z, y, n, 0], out, i);
        same(`zero_one_scores_${type}`, [p, y, n, 0.5], out, i);
        same(`zero_one_labels_${type}`, [arrayOf(type, labels(n, n + i)), y, n], out, i);
        same(`zero_gradient_${type}`, [n], z, i);
      }
    }
  });

  it.each(GAMMAS)('of focal loss with gamma %s', (gamma) => {
    for (const n of LENGTHS) {
      for (const [i, share] of EDGE_SHARES.entries()) {
        const z = arrayOf(type, logits(n, n + i, share));
        const p = arrayOf(type, probabilities(n, n + i));
        const y = arrayOf(type, labels(n, n + 50 + i));
        const options = [n, gamma, [1, 0.25, 0][i], [1, 0.75, 1][i]];
        same(`focal_logits_${type}`, [z, y, ...options], new Float64Array(n), i);
        same(`focal_logits_gradient_${type}`, [z, y, ...options], z, i);
        same(`focal_probabilities_${type}`, [p, y, ...options], new Float64Array(n), i);
        same(`focal_probabilities_gradient_${type}`, [p, y, ...options], p, i);
      }
    }
  });

  it('of class targets', () => {
    for (const { z, p, target, rows, C, weights, out, g, offset } of classCases(type)) {
      for (const [margin, power] of [
        [1, 1],
        [0.5, 2],
      ]) {
        for (const table of [null, weights]) {
          for (const name of ['multi_margin', 'crammer_singer'] as const) {
            same(`${name}_${type}`, [z, target, table, rows, C, margin, power], out, offset);
            same(`${name}_gradient_${type}`, [z, target, table, rows, C, margin, power], g, offset);
          }
        }
      }
      same(`brier_classes_logits_${type}`, [z, target, rows, C], out, offset);
      same(`brier_classes_logits_gradient_${type}`, [z, target, rows, C], g, offset);
      same(`brier_classes_probabilities_${type}`, [p, target, rows, C], out, offset);
      same(`brier_classes_probabilities_gradient_${type}`, [p, target, rows, C], g, offset);
      for (const k of [1, 3]) same(`zero_one_ranks_${type}`, [z, target, rows, C, k], out, offset);
    }
  });

  it('of targets that are vectors or probabilities', () => {
    for (const { z, z2, p, q, logQ, rows, C, out, g, offset } of classCases(type)) {
      for (const [index, t] of [q, logQ].entries()) {
        for (const [kind, x] of [
          ['logits', z],
          ['probabilities', p],
          ['log_probabilities', logQ],
        ] as const) {
          same(`kl_div_${kind}_${type}`, [x, t, rows, C, index], out, offset);
          same(`kl_div_${kind}_gradient_${type}`, [x, t, rows, C, index], g, offset);
        }
      }
      for (const [kind, x] of [
        ['logits', z],
        ['probabilities', p],
      ] as const) {
        same(`brier_soft_${kind}_${type}`, [x, q, rows, C], out, offset);
        same(`brier_soft_${kind}_gradient_${type}`, [x, q, rows, C], g, offset);
      }
      for (const epsilon of [0, 1e-8, 50]) {
        same(`cosine_${type}`, [z, z2, rows, C, epsilon], out, offset);
        same(`cosine_gradient_${type}`, [z, z2, rows, C, epsilon], g, offset);
        same(`cosine_${type}`, [z, z, rows, C, epsilon], out, offset);
      }
    }
  });

  it('of counting what is no whole number in a range', () => {
    const values = arrayOf(type, [
      ...labels(700, 3),
      0.5,
      -1.5,
      2,
      Number.NaN,
      Infinity,
      -Infinity,
      -0,
      1e-40,
      2 ** 60,
    ]);
    for (let from = 0; from < values.length; from += 13) {
      const part = values.slice(from);
      for (const [low, high] of [
        [0, 1],
        [-1, 1],
        [-(2 ** 53), 2 ** 53],
      ]) {
        const found = withMemory(() =>
          kernels.exports[`count_not_whole_${type}`](place(type, part, from % 3), part.length, low, high),
        );
        const twin = reference[`count_not_whole_${type}`] as (
          x: typeof part,
          n: number,
          l: number,
          h: number,
        ) => number;
        expect(found).toBe(twin(part, part.length, low, high));
      }
    }
  });
});
