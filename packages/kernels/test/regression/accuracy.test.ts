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

describe('float32 huber', () => {
  it.each([1e-300, 1e-15, 2 ** -40, 0.5, 1.35, 2 ** 40, 1e15, 1.7e308])(
    'stays within 2^-20 of the float64 truth with delta %d',
    (limit) => {
      const errors = [
        1e-45,
        1e-38,
        1e-20,
        2 ** -41,
        2 ** -40,
        1e-6,
        0.1,
        0.5,
        1.35,
        7,
        1e6,
        2 ** 59,
        2 ** 60,
        1e30,
        3e38,
      ].flatMap((e) => [e, -e, 1.37 * e]);
      const p = [0, ...errors].map(Math.fround);
      withMemory(() => {
        const out = place('f64', p);
        const zeros = place(
          'f32',
          p.map(() => 0),
        );
        kernels.exports.huber_f32(place('f32', p), zeros, p.length, limit, out);
        const values = viewOf('f64', out, p.length);
        p.forEach((e, i) => {
          const a = Math.abs(e);
          const truth = a <= limit ? 0.5 * a * a : limit * (a - 0.5 * limit);
          if (truth === 0 || !Number.isFinite(truth)) expect(values[i]).toBe(truth);
          else expect(Math.abs(values[i] / truth - 1)).toBeLessThanOrEqual(2 ** -20);
        });
      });
    },
  );
});
