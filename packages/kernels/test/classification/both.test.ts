import { describe, expect, it } from 'vitest';
import { reference } from '../../src/index.js';
import { arrayOf, bitsOf, type Element, type Floats, kernels, place, viewOf, withMemory } from '../support/instance.js';
import { CLASS_COUNTS, classes, logits, probabilities } from '../support/logits.js';
import { ELEMENTS } from '../support/twins.js';

const SHARES = [0, 0.02, 0.4];
const GUARD = -77;

interface Results {
  losses: string[];
  gradient: string[];
}

/** Runs a kernel that writes row losses and a gradient; what it writes beyond them shows as a changed guard. */
function run(type: Element, rows: number, elements: number, call: (out: number, g: number) => void): Results {
  const out = place('f64', new Float64Array(rows + 1).fill(GUARD));
  const g = place(type, new Float64Array(elements + 1).fill(GUARD));
  call(out, g);
  const losses = viewOf('f64', out, rows + 1);
  const gradient = viewOf(type, g, elements + 1);
  expect([losses[rows], gradient[elements]]).toEqual([GUARD, GUARD]);
  return { losses: bitsOf(losses), gradient: bitsOf(gradient) };
}

describe.each(ELEMENTS)('value and gradient in one kernel, %s', (type) => {
  const { exports, memory } = kernels;

  it.each([
    [1, 0],
    [2.5, 0],
    [1, 0.1],
    [0, 1],
  ])('give the bits of the two for bce with weight %s and smoothing %s', (weight, smoothing) => {
    for (const n of [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 63, 64, 65, 200]) {
      for (const [i, share] of SHARES.entries()) {
        withMemory(() => {
          const z = place(type, logits(n, n + i, share), i);
          const y = place(type, probabilities(n, n + 50 + i), i);
          const both = run(type, n, n, (out, g) =>
            exports[`bce_logits_both_${type}`](z, y, n, weight, smoothing, out, g),
          );
          const two = run(type, n, n, (out, g) => {
            exports[`bce_logits_${type}`](z, y, n, weight, smoothing, out);
            exports[`bce_logits_gradient_${type}`](z, y, n, weight, smoothing, g);
          });
          expect(both, `${n} rows`).toEqual(two);
        });
      }
    }
  });

  it('give the bits of the two for logits around the limit of float32 steps', () => {
    const edges = [63.9999, 64, 64.0001, 87, 88.8, 103, 104, 150, 700, 1e30, Infinity, 0, -0, 1e-30, Number.NaN];
    const all = edges.flatMap((z) => [z, -z, 1, -1]);
    withMemory(() => {
      const z = place(type, all);
      const y = place(type, probabilities(all.length, 5));
      const both = run(type, all.length, all.length, (out, g) =>
        exports[`bce_logits_both_${type}`](z, y, all.length, 1, 0, out, g),
      );
      const two = run(type, all.length, all.length, (out, g) => {
        exports[`bce_logits_${type}`](z, y, all.length, 1, 0, out);
        exports[`bce_logits_gradient_${type}`](z, y, all.length, 1, 0, g);
      });
      expect(both).toEqual(two);
    });
  });

  it('give the bits of the two for rows of any number of classes, rows to skip and rows of infinities and NaN', () => {
    for (const C of CLASS_COUNTS) {
      for (const rows of C <= 16 ? [0, 1, 2, 3, 4, 5, 31, 32, 33, 39, 77] : [1, 3, 18, 39]) {
        for (const [i, share] of SHARES.entries()) {
          withMemory(() => {
            const seed = C * 1000 + rows * 10 + i;
            const z = place(type, logits(rows * C, seed, share), seed % 4);
            const target = memory.allocate(rows * 4);
            memory.i32(target, rows).set(classes(rows, C, seed));
            const both = run(type, rows, rows * C, (out, g) =>
              exports[`cross_entropy_logits_both_${type}`](z, target, rows, C, out, g),
            );
            const two = run(type, rows, rows * C, (out, g) => {
              exports[`cross_entropy_logits_${type}`](z, target, rows, C, out);
              exports[`cross_entropy_logits_gradient_${type}`](z, target, rows, C, g);
            });
            expect(both, `${rows} rows of ${C}`).toEqual(two);
          });
        }
      }
    }
  });

  it('have twins that are their two twins', () => {
    const [n, C] = [20, 5];
    const z = arrayOf(type, logits(n * C, 3, 0.1));
    const y = arrayOf(type, probabilities(n, 4));
    const target = Int32Array.from(classes(n, C, 5));
    const [out, wanted] = [new Float64Array(n), new Float64Array(n)];
    const [g, slopes] = [arrayOf(type, z), arrayOf(type, z)];
    type Twin = (...values: (Floats | Int32Array | number)[]) => void;
    const twins = reference as unknown as Record<string, Twin>;
    twins[`cross_entropy_logits_both_${type}`](z, target, n, C, out, g);
    twins[`cross_entropy_logits_${type}`](z, target, n, C, wanted);
    twins[`cross_entropy_logits_gradient_${type}`](z, target, n, C, slopes);
    expect([bitsOf(out), bitsOf(g)]).toEqual([bitsOf(wanted), bitsOf(slopes)]);
    twins[`bce_logits_both_${type}`](z, y, n, 2, 0.1, out, g);
    twins[`bce_logits_${type}`](z, y, n, 2, 0.1, wanted);
    twins[`bce_logits_gradient_${type}`](z, y, n, 2, 0.1, slopes);
    expect([bitsOf(out), bitsOf(g)]).toEqual([bitsOf(wanted), bitsOf(slopes)]);
  });
});
