import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reference } from '../../src/index.js';
import { arrayOf, bitsOf, kernels, place, viewOf, withMemory } from '../support/instance.js';
import { distributions, specials } from '../support/random.js';
import { toUnits } from '../support/rational.js';

const WIDTHS = [1, 2, 3, 4, 7, 8, 9, 16, 33];

describe.each(['f32', 'f64'] as const)('columns_%s', (type) => {
  it('equals its twin for rows of any width', () => {
    for (const width of WIDTHS) {
      for (const rows of [0, 1, 2, 3, 8, 41]) {
        const x = arrayOf(type, specials(rows * width, width));
        withMemory(() => {
          const out = place('f64', new Float64Array(rows * width));
          kernels.exports[`columns_${type}`](place(type, x, 1), rows, width, out);
          const expected = new Float64Array(rows * width);
          (reference[`columns_${type}`] as typeof reference.columns_f64)(x as Float64Array, rows, width, expected);
          expect(bitsOf(viewOf('f64', out, rows * width))).toEqual(bitsOf(expected));
        });
      }
    }
  });
});

/** The kernel's means, with what it is unsure of told by the twin, as its caller does; and how many rows that were. */
function means(columns: Float64Array, rows: number, width: number): { values: Float64Array; unsure: number } {
  return withMemory(() => {
    const out = place('f64', new Float64Array(rows));
    const list = kernels.memory.allocate(rows * 4);
    const unsure = kernels.exports.row_means_f64(place('f64', columns), rows, width, out, list);
    const values = viewOf('f64', out, rows).slice() as Float64Array;
    for (const row of kernels.memory.i32(list, unsure)) values[row] = reference.row_mean_f64(columns, row, rows, width);
    return { values, unsure };
  });
}

function twin(columns: Float64Array, rows: number, width: number): Float64Array {
  const out = new Float64Array(rows);
  reference.row_means_f64(columns, rows, width, out);
  return out;
}

describe('row_means_f64', () => {
  it.each(Object.keys(distributions(1)))('equals its twin: %s', (name) => {
    const draw = distributions(7)[name];
    for (const width of WIDTHS) {
      for (const rows of [1, 3, 4, 5, 64]) {
        const columns = Float64Array.from({ length: rows * width }, draw);
        expect(bitsOf(means(columns, rows, width).values)).toEqual(bitsOf(twin(columns, rows, width)));
      }
    }
  });

  it('equals its twin where values cancel, tie and underflow', () => {
    const hard = fc.oneof(
      fc.double({ noNaN: true }),
      fc.constantFrom(
        1,
        -1,
        2 ** -53,
        2 ** -54,
        2 ** -106,
        -(2 ** -53),
        2 ** 53,
        1e300,
        -1e300,
        5e-324,
        1 + 2 ** -52,
        0,
        -0,
      ),
    );
    fc.assert(
      fc.property(fc.array(hard, { minLength: 2, maxLength: 9 }), (values) => {
        // The row's mean is the same wherever it stands and whatever stands beside it.
        const rows = 6;
        const columns = new Float64Array(rows * values.length);
        values.forEach((x, k) => {
          columns.fill(x, k * rows, (k + 1) * rows);
        });
        expect(bitsOf(means(columns, rows, values.length).values)).toEqual(bitsOf(twin(columns, rows, values.length)));
      }),
      { numRuns: 3000 },
    );
  });

  it('does not depend on the order of the values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 2, maxLength: 12 }),
        (values) => {
          const [up, down] = [values, values.toReversed()].map((row) => means(Float64Array.from(row), 1, row.length));
          expect(bitsOf(up.values)).toEqual(bitsOf(down.values));
        },
      ),
    );
  });

  it('leaves hardly a row to its caller', () => {
    // Ties of two values that something far smaller breaks are what is left.
    const most = {
      normal: 0,
      cauchy: 0,
      'lognormal(4)': 0,
      'small integers': 0,
      '1e-30 to 1e30': 40,
      '1e-300 to 1e300': 40,
    };
    for (const [name, limit] of Object.entries(most)) {
      const draw = distributions(3)[name];
      const columns = Float64Array.from({ length: 4096 * 16 }, draw);
      expect(means(columns, 4096, 16).unsure, name).toBeLessThanOrEqual(limit);
    }
  });
});

describe('row_mean_f64', () => {
  const mean = (...values: number[]) => reference.row_mean_f64(Float64Array.from(values), 0, 1, values.length);

  it('is the nearest float64 to the exact sum, divided', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1e-9, max: 1e18, noNaN: true }), { minLength: 2, maxLength: 2 }),
        ([a, b]) => {
          const exact = toUnits(a) + toUnits(b);
          const found = mean(a, b, 0, 0) * 4;
          // Of two float64 the sum in float64 is the nearest to the exact one.
          expect(found).toBe(a + b + 0);
          const off = toUnits(found) - exact;
          const next = toUnits(Math.abs(found) * (1 + 2 ** -52)) - toUnits(Math.abs(found));
          expect((off < 0n ? -off : off) * 2n <= next).toBe(true);
        },
      ),
    );
    expect(mean(1, 1e100, 1, -1e100)).toBe(0.5);
    // A tie but for what lies far below.
    expect(mean(1, 2 ** -53, 2 ** -200, 0)).toBe((1 + 2 ** -52) / 4);
    expect(mean(1, 2 ** -53, 0, 0)).toBe(0.25);
  });

  it('is finite where the sum is not, and has the limits of infinities', () => {
    expect(mean(1.5e308, 1.5e308)).toBe(1.5e308);
    expect(mean(1e308, 1e308, 1e308, 0)).toBe(7.5e307);
    expect(mean(Infinity, 1)).toBe(Infinity);
    expect(mean(-Infinity, 1e308, 1e308)).toBe(-Infinity);
    expect(mean(Infinity, -Infinity)).toBeNaN();
    expect(mean(Number.NaN, 1)).toBeNaN();
  });
});
