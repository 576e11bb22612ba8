import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClassificationExports } from '../../src/index.js';
import { arrayOf, bitsOf, type Element, type Floats } from '../support/instance.js';
import { CLASS_COUNTS } from '../support/logits.js';
import { type Argument, ELEMENTS, runWasm } from '../support/twins.js';

const logit = (type: Element, limit: number) =>
  type === 'f32'
    ? fc.float({ min: -limit, max: limit, noNaN: true })
    : fc.double({ min: -limit, max: limit, noNaN: true });
const anyNumber = (type: Element) => (type === 'f32' ? fc.float() : fc.double());
const probability = fc.double({ min: Math.fround(0.01), max: Math.fround(0.99), noNaN: true });

/** Rows of logits and their class targets. */
function batch(type: Element, limit: number, number = logit(type, limit)) {
  return fc
    .tuple(fc.constantFrom(...CLASS_COUNTS.filter((C) => C > 1 && C <= 129)), fc.integer({ min: 1, max: 9 }))
    .chain(([C, rows]) =>
      fc.record({
        C: fc.constant(C),
        rows: fc.constant(rows),
        z: fc.array(number, { minLength: C * rows, maxLength: C * rows }),
        y: fc.array(fc.integer({ min: -1, max: C - 1 }), { minLength: rows, maxLength: rows }),
      }),
    );
}

describe.each(ELEMENTS)('any row, %s', (type) => {
  const array = (values: ArrayLike<number>) => arrayOf(type, values);

  it('has the same loss and gradient alone as among others', () => {
    fc.assert(
      fc.property(batch(type, 100, anyNumber(type)), ({ C, rows, z, y }) => {
        const logits = array(z);
        const run = (name: keyof ClassificationExports, from: number, count: number, result: Floats) =>
          runWasm(
            name,
            [logits.slice(from * C, (from + count) * C), Int32Array.from(y.slice(from, from + count)), count, C],
            result,
            from % 4,
          );
        const all = run(`cross_entropy_logits_${type}`, 0, rows, new Float64Array(rows));
        const slopes = run(`cross_entropy_logits_gradient_${type}`, 0, rows, logits);
        for (let i = 0; i < rows; i++) {
          const alone = run(`cross_entropy_logits_${type}`, i, 1, new Float64Array(1));
          expect(bitsOf(alone)).toEqual(bitsOf(all.slice(i, i + 1)));
          const slope = run(`cross_entropy_logits_gradient_${type}`, i, 1, logits.slice(0, C));
          expect(bitsOf(slope)).toEqual(bitsOf(slopes.slice(i * C, (i + 1) * C)));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('has the same binary loss and gradient alone as among others', () => {
    const pairs = fc.array(fc.tuple(anyNumber(type), fc.double({ min: 0, max: 1 })), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(pairs, (rows) => {
        const [z, y] = [array(rows.map(([a]) => a)), array(rows.map(([, b]) => b))];
        for (const [weight, smoothing] of [
          [1, 0],
          [3, 0.2],
        ]) {
          const run = (from: number, count: number) => {
            const values: Argument[] = [
              z.slice(from, from + count),
              y.slice(from, from + count),
              count,
              weight,
              smoothing,
            ];
            return [
              ...runWasm(`bce_logits_${type}`, values, new Float64Array(count)),
              ...runWasm(`bce_logits_gradient_${type}`, values, z.slice(0, count)),
            ];
          };
          const n = rows.length;
          const all = run(0, n);
          for (let i = 0; i < n; i++) expect(run(i, 1)).toEqual([all[i], all[n + i]]);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('has a loss that is not negative and a gradient that adds up to 0', () => {
    fc.assert(
      fc.property(batch(type, 200), ({ C, rows, z, y }) => {
        const values = [array(z), Int32Array.from(y), rows, C];
        const loss = runWasm(`cross_entropy_logits_${type}`, values, new Float64Array(rows));
        expect(loss.every((value) => value >= 0)).toBe(true);
        const g = runWasm(`cross_entropy_logits_gradient_${type}`, values, array(z));
        for (let i = 0; i < rows; i++) {
          const sum = Array.from(g.slice(i * C, (i + 1) * C)).reduce((total, value) => total + value, 0);
          expect(Math.abs(sum)).toBeLessThan(type === 'f32' ? 2 ** -20 : 1e-14);
        }
      }),
    );
  });

  it('agrees between class targets and the same targets as probabilities', () => {
    fc.assert(
      fc.property(batch(type, 30), ({ C, rows, z, y }) => {
        const q = array(Array.from({ length: rows * C }, (_, k) => (y[Math.floor(k / C)] === k % C ? 1 : 0)));
        const out = new Float64Array(rows);
        const plain = runWasm(`cross_entropy_logits_${type}`, [array(z), Int32Array.from(y), rows, C], out);
        const soft = runWasm(`cross_entropy_soft_logits_${type}`, [array(z), q, null, rows, C, 0], out);
        const smooth = runWasm(
          `cross_entropy_smooth_logits_${type}`,
          [array(z), Int32Array.from(y), null, rows, C, 0],
          out,
        );
        expect(Array.from(smooth)).toEqual(Array.from(soft));
        for (let i = 0; i < rows; i++) {
          expect(Math.abs(soft[i] - plain[i])).toBeLessThanOrEqual((type === 'f32' ? 2 ** -20 : 2e-15) * plain[i]);
        }
      }),
    );
  });
});

/** Central differences of a loss kernel, by each element of its first argument. */
function differences(name: keyof ClassificationExports, values: Argument[], rows: number): Float64Array {
  const x = values[0] as Float64Array;
  const h = 1e-5;
  const total = (k: number, step: number) => {
    const moved = x.slice();
    moved[k] += step;
    return runWasm(name, [moved, ...values.slice(1)], new Float64Array(rows)).reduce((sum, value) => sum + value, 0);
  };
  return x.map((_, k) => (total(k, h) - total(k, -h)) / (2 * h));
}

describe('gradients are the slopes of the losses', () => {
  const check = (loss: string, values: Argument[], rows: number) => {
    const slopes = differences(`${loss}_f64` as keyof ClassificationExports, values, rows);
    const g = runWasm(`${loss}_gradient_f64` as keyof ClassificationExports, values, values[0] as Float64Array);
    for (const [k, slope] of slopes.entries()) {
      expect(Math.abs(g[k] - slope), `${loss}, element ${k}`).toBeLessThan(1e-5 * Math.max(1, Math.abs(slope)));
    }
  };

  it('of binary targets', () => {
    const options = fc.record({
      z: fc.array(fc.tuple(logit('f64', 20), probability, probability), { minLength: 1, maxLength: 9 }),
      weight: fc.double({ min: 0, max: 4, noNaN: true }),
      smoothing: fc.double({ min: 0, max: 0.5, noNaN: true }),
    });
    fc.assert(
      fc.property(options, ({ z, weight, smoothing }) => {
        const [logits, p, y] = [0, 1, 2].map((k) => Float64Array.from(z.map((values) => values[k])));
        check('bce_logits', [logits, y, z.length, weight, smoothing], z.length);
        check('bce_probabilities', [p, y, z.length, weight, smoothing, 0], z.length);
        check('bce_probabilities', [p, y, z.length, weight, smoothing, 0.001], z.length);
      }),
    );
  });

  it('of class and probability targets', () => {
    const rows = 2;
    const options = fc.constantFrom(2, 3, 5, 17).chain((C) =>
      fc.record({
        C: fc.constant(C),
        z: fc.array(logit('f64', 20), { minLength: C * rows, maxLength: C * rows }),
        p: fc.array(probability, { minLength: C * rows, maxLength: C * rows }),
        q: fc.array(probability, { minLength: C * rows, maxLength: C * rows }),
        y: fc.array(fc.integer({ min: -1, max: C - 1 }), { minLength: rows, maxLength: rows }),
        w: fc.array(probability, { minLength: C, maxLength: C }),
        smoothing: fc.double({ min: 0, max: 0.5, noNaN: true }),
      }),
    );
    fc.assert(
      fc.property(options, ({ C, smoothing, ...columns }) => {
        const [z, p, q, w] = [columns.z, columns.p, columns.q, columns.w].map((values) => Float64Array.from(values));
        const y = Int32Array.from(columns.y);
        check('cross_entropy_logits', [z, y, rows, C], rows);
        check('cross_entropy_smooth_logits', [z, y, w, rows, C, smoothing], rows);
        check('cross_entropy_soft_logits', [z, q, w, rows, C, smoothing], rows);
        check('cross_entropy_probabilities', [p, y, w, rows, C, 0], rows);
        check('cross_entropy_soft_probabilities', [p, q, w, rows, C, smoothing, 0], rows);
        check('nll', [z, y, w, rows, C], rows);
      }),
      { numRuns: 50 },
    );
  });
});
