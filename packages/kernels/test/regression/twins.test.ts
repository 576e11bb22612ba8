import { describe, expect, it } from 'vitest';
import { logAny_f64 } from '../../src/reference/link/log.js';
import { logFactorial } from '../../src/reference/regression/log-factorial.js';
import { arrayOf, LENGTHS } from '../support/instance.js';
import { specials, uniformStream } from '../support/random.js';
import { type Argument, ELEMENTS, firstDifference } from '../support/twins.js';

const SHORT = LENGTHS.filter((n) => n < 300);

/** Loss, its parameters, and whether only the value takes the last one. */
const LOSSES: [name: string, parameters: number[], valueOnly?: number[]][] = [
  ...[0, 0.7, 1e-300].map((beta): [string, number[]] => ['smooth_l1', [beta]]),
  ...[1.3, 1e-300, 1e300].map((delta): [string, number[]] => ['pseudo_huber', [delta]]),
  ['log_cosh', []],
  ...[0.1, 0.5].flatMap((q): [string, number[]][] => [
    ['quantile', [q]],
    ['expectile', [q]],
  ]),
  ['msle', []],
  ['mape', [0]],
  ['mape', [1.17e-6]],
  ['smape', []],
  ...['logits', 'mean'].flatMap((link): [string, number[], number[]?][] => [
    [`poisson_${link}`, [], [0]],
    [`poisson_${link}`, [], [1]],
    [`gamma_${link}`, []],
    ...[0, 1, 1.5, 1.9, 2, 3].map((power): [string, number[]] => [`tweedie_${link}`, [power]]),
  ]),
];

/** Values on many scales around those where formulas change. */
function shifts(n: number, seed: number): number[] {
  const uniform = uniformStream(seed);
  const scales = [1e-9, 0.5, 2, 40, 800, 2 ** 40, 1e200];
  return Array.from({ length: n }, () => (uniform() - 0.5) * scales[Math.floor(uniform() * scales.length)]);
}

describe.each(ELEMENTS)('wasm and TypeScript give the same bits, %s', (type) => {
  it.each(LOSSES)('of %s with %j and %j', (name, parameters, valueOnly = []) => {
    for (const n of SHORT) {
      for (const offset of [0, 1, 3]) {
        for (const draw of [specials, shifts]) {
          const p = arrayOf(type, draw(n, 7 + n + offset));
          const y = arrayOf(
            type,
            draw(n, 1000 + n + offset).map((value, i) => (i % 5 === 0 ? p[i] : value)),
          );
          const value: Argument[] = [p, y, n, ...parameters, ...valueOnly];
          expect(firstDifference(`${name}_${type}` as 'mse_f64', value, new Float64Array(n), offset)).toBeUndefined();
          const slope: Argument[] = [p, y, n, ...parameters];
          expect(firstDifference(`${name}_gradient_${type}` as 'mse_gradient_f64', slope, p, offset)).toBeUndefined();
        }
      }
    }
  });

  it.each([
    [0, 1e-6],
    [1, 0],
  ])('of a Gaussian, full %d, epsilon %d', (full, epsilon) => {
    for (const n of SHORT) {
      for (const draw of [specials, shifts]) {
        const p = arrayOf(type, draw(n, 7 + n));
        const y = arrayOf(type, draw(n, 1000 + n));
        const variance = arrayOf(type, draw(n, 2000 + n).map(Math.abs));
        const columns = [p, y, variance, n];
        expect(
          firstDifference(`gaussian_${type}`, [...columns, full, epsilon], new Float64Array(n), n % 3),
        ).toBeUndefined();
        expect(firstDifference(`gaussian_gradient_${type}`, [...columns, epsilon], p, n % 3)).toBeUndefined();
      }
    }
  });
});

describe('elementary functions of real losses', () => {
  it('log is right beyond 2^1000, and at its end', () => {
    for (const x of [2 ** 1001, 1e305, Number.MAX_VALUE])
      expect(Math.abs(logAny_f64(x) / Math.log(x) - 1)).toBeLessThan(2 ** -52);
    expect(logAny_f64(Infinity)).toBe(Infinity);
  });

  it('log(y!) of whole numbers is the sum of their logarithms', () => {
    expect([logFactorial(0), logFactorial(1)].map(Math.abs)).toEqual([0, 0]);
    let factorial = 1;
    for (let y = 2; y <= 170; y++) {
      factorial *= y;
      expect(Math.abs(logFactorial(y) / Math.log(factorial) - 1)).toBeLessThan(4 * 2 ** -52);
    }
    expect(logFactorial(Infinity)).toBe(Infinity);
    expect(logFactorial(Number.NaN)).toBeNaN();
  });
});
