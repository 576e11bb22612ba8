import { describe, expect, it } from 'vitest';
import { kernels, place, viewOf, withMemory } from '../support/instance.js';
import { distributions } from '../support/random.js';
import { toUnits, ulpsFrom } from '../support/rational.js';

const ROWS = 400;
const DELTA = 1.3;
const SCALE = 1n << 1074n;

type Truth = (error: bigint) => { numerator: bigint; denominator: bigint };

// `error` counts 2^-1074, so a loss linear in it has denominator 2^1074 and a quadratic one its square.
const delta = toUnits(DELTA);
const magnitude = (x: bigint) => (x < 0n ? -x : x);
const TRUTH: Record<'mse' | 'mae' | 'huber', Truth> = {
  mse: (e) => ({ numerator: e * e, denominator: SCALE * SCALE }),
  mae: (e) => ({ numerator: magnitude(e), denominator: SCALE }),
  huber: (e) => ({
    numerator: magnitude(e) <= delta ? e * e : delta * (2n * magnitude(e) - delta),
    denominator: 2n * SCALE * SCALE,
  }),
};

describe('float64 regression losses', () => {
  const draws = distributions(5);
  it.each(['mse', 'mae', 'huber'] as const)('keep %s within 4 units in the last place of the true value', (loss) => {
    for (const shape of ['normal', 'cauchy', 'lognormal(4)', '1e-30 to 1e30', 'small integers'] as const) {
      const p = Array.from({ length: ROWS }, draws[shape]);
      const y = Array.from({ length: ROWS }, draws[shape]);
      withMemory(() => {
        const out = place('f64', p);
        const pointers = [place('f64', p), place('f64', y), ROWS] as const;
        if (loss === 'huber') kernels.exports.huber_f64(...pointers, DELTA, out);
        else kernels.exports[`${loss}_f64`](...pointers, out);
        const worst = Array.from(viewOf('f64', out, ROWS), (value, i) => {
          const { numerator, denominator } = TRUTH[loss](toUnits(p[i]) - toUnits(y[i]));
          return ulpsFrom(value, numerator, denominator);
        });
        expect(Math.max(...worst)).toBeLessThanOrEqual(4);
      });
    }
  });
});
