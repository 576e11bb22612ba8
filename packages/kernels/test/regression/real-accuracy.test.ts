import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { arrayOf } from '../support/instance.js';
import { type Argument, ELEMENTS, IMPLEMENTATIONS, type KernelName } from '../support/twins.js';

/** What fixtures/generate_regression.py wrote: inputs, then value, size of its terms, gradient, size of its terms. */
interface Case {
  loss: string;
  parameters: number[];
  points: number[][];
}

const { cases } = JSON.parse(readFileSync(new URL('../fixtures/regression.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};

/** Half units in the last place of the terms' size; powers of a mean lose with the size of their exponent. */
const limitOf = (loss: string) => 2 ** -53 * (loss.startsWith('tweedie') ? 16 : 4);
/** Losses whose float32 rows take float32 steps. */
const SINGLES = ['log_cosh', 'pseudo_huber', 'poisson_logits', 'gamma_logits'];

/** Parameters of the gradient kernel: `full` is not one of them. */
const withoutFull = ({ loss, parameters }: Case) =>
  loss.startsWith('poisson') || loss === 'gaussian' ? parameters.slice(1) : parameters;

const worst = (found: ArrayLike<number>, truth: number[], sizes: number[], least = 0): number =>
  truth.reduce(
    (most, value, i) =>
      found[i] === value || Math.abs(value) < least ? most : Math.max(most, Math.abs(found[i] - value) / sizes[i]),
    0,
  );

describe.each(ELEMENTS.flatMap((type) => Object.entries(IMPLEMENTATIONS).map(([name, run]) => ({ type, name, run }))))(
  'accuracy against 150 digits, $type $name',
  ({ type, run }) => {
    it.each(cases.map((entry) => [entry.loss, entry.parameters, entry] as const))('of %s with %j', (loss, _, entry) => {
      const { points, parameters } = entry;
      const n = points.length;
      const width = points[0].length - 4;
      const column = (k: number) => points.map((point) => point[k]);
      const columns = Array.from({ length: width }, (_, k) => arrayOf(type, column(k)));
      const values: Argument[] = [...columns, n, ...parameters];
      const value = run(`${loss}_${type}` as KernelName, values, new Float64Array(n));
      expect(worst(value, column(width), column(width + 1))).toBeLessThanOrEqual(
        type === 'f32' && SINGLES.includes(loss) ? 2 ** -20 : limitOf(loss),
      );
      const slope: Argument[] = [...columns, n, ...withoutFull(entry)];
      const gradient = run(`${loss}_gradient_${type}` as KernelName, slope, columns[0]);
      const limit = type === 'f32' ? 2 ** -24 * 1.01 : limitOf(loss);
      const error = worst(gradient, column(width + 2), column(width + 3), type === 'f32' ? 2 ** -126 : 0);
      expect(error).toBeLessThanOrEqual(limit);
    });
  },
);
