import { ACCUMULATOR_BYTES, ExactSum } from '@lossmill/exact-sum';
import { describe, expect, it } from 'vitest';
import { readExactSum, reference } from '../../src/index.js';
import {
  arrayOf,
  bitsOf,
  type Element,
  type Floats,
  kernels,
  LENGTHS,
  place,
  viewOf,
  withMemory,
} from '../support/instance.js';
import { distributions } from '../support/random.js';
import { equalsRational, toUnits } from '../support/rational.js';

const LOSSES = ['error', 'mse', 'mae', 'huber'] as const;
type Loss = (typeof LOSSES)[number];
type Kernel = (...values: number[]) => void;
type Twin = (p: Floats, y: Floats, n: number, ...rest: unknown[]) => void;

const DELTA = 1.3;
const extra = (loss: Loss) => (loss === 'huber' ? [DELTA] : []);

function emptyAccumulator(): number {
  const acc = kernels.memory.allocate(ACCUMULATOR_BYTES);
  kernels.memory.u8(acc, ACCUMULATOR_BYTES).fill(0xff);
  kernels.exports.exact_reset(acc);
  return acc;
}

/** Adds the losses of p and y to an accumulator in calls of the given lengths; returns the sum and the rows, if kept. */
function run(loss: Loss, type: Element, p: number[], y: number[], keep: boolean, pieces: number[]): [ExactSum, Floats] {
  const [at, to] = [place(type, p, 1), place(type, y, 1)];
  const acc = emptyAccumulator();
  const out = place('f64', new Float64Array(p.length), 1);
  const kernel = (kernels.exports as unknown as Record<string, Kernel>)[`${loss}_sum_${type}`];
  let done = 0;
  const width = type === 'f32' ? 4 : 8;
  for (const n of pieces) {
    kernel(at + width * done, to + width * done, n, ...extra(loss), keep ? out + 8 * done : 0, acc);
    done += n;
  }
  return [readExactSum(kernels, acc), viewOf('f64', out, p.length).slice()];
}

function rowsOf(loss: Loss, type: Element, p: number[], y: number[]): Float64Array {
  const rows = new Float64Array(p.length);
  const twin = (reference as unknown as Record<string, Twin>)[`${loss}_${type}`];
  twin(arrayOf(type, p), arrayOf(type, y), p.length, ...extra(loss), rows);
  return rows;
}

function sumOf(values: Float64Array): ExactSum {
  const sum = new ExactSum();
  sum.addArray(values);
  return sum;
}

describe.each(Object.keys(distributions(0)))('the exact sum over %s', (shape) => {
  it.each(LOSSES)(
    'of %s is the real sum of the row losses, whatever the type, the pieces and whether rows are kept',
    (loss) => {
      const draw = distributions(LOSSES.indexOf(loss) + 1)[shape];
      const n = 5000;
      const p = Array.from({ length: n }, draw);
      const y = Array.from({ length: n }, (_, i) => (i % 3 === 0 ? 0 : draw()));
      for (const type of ['f32', 'f64'] as const) {
        const rows = rowsOf(loss, type, p, y);
        const expected = sumOf(rows);
        for (const [keep, pieces] of [
          [false, [n]],
          [true, [n]],
          [false, [1, 1030, 0, 7, n - 1038]],
          [true, [2048, n - 2048]],
        ] as const) {
          withMemory(() => {
            const [sum, kept] = run(loss, type, p, y, keep, [...pieces]);
            expect(sum.toBytes()).toEqual(expected.toBytes());
            if (keep) expect(bitsOf(kept)).toEqual(bitsOf(rows));
          });
        }
        if (rows.every(Number.isFinite)) {
          const units = rows.reduce((total, x) => total + toUnits(x), 0n);
          expect(equalsRational(units, expected.toRational())).toBe(true);
        }
      }
    },
  );
});

describe('the exact sum', () => {
  it('is right at every length', () => {
    const draw = distributions(99).normal;
    for (const n of LENGTHS) {
      const p = Array.from({ length: n }, draw);
      const y = Array.from({ length: n }, draw);
      for (const loss of LOSSES) {
        for (const type of ['f32', 'f64'] as const) {
          withMemory(() => {
            const [sum] = run(loss, type, p, y, false, [n]);
            expect(sum.toBytes()).toEqual(sumOf(rowsOf(loss, type, p, y)).toBytes());
          });
        }
      }
    }
  });

  it('of millions of equal values does not run over', () => {
    const n = 4096;
    const times = 2000;
    withMemory(() => {
      const p = place('f64', new Float64Array(n).fill(-1.7e308));
      const acc = emptyAccumulator();
      for (let i = 0; i < times; i++) kernels.exports.exact_add_f64(acc, p, n);
      expect(equalsRational(toUnits(-1.7e308) * BigInt(n * times), readExactSum(kernels, acc).toRational())).toBe(true);
    });
  });

  it('can be read and then go on', () => {
    withMemory(() => {
      const p = place('f64', [1, 2, 4, 8, 16]);
      const acc = emptyAccumulator();
      kernels.exports.exact_add_f64(acc, p, 5);
      expect(readExactSum(kernels, acc).round()).toBe(31);
      kernels.exports.exact_add_f64(acc, p, 5);
      expect(readExactSum(kernels, acc).round()).toBe(62);
    });
  });

  it('remembers NaN and the infinities', () => {
    const roundOf = (values: number[]) =>
      withMemory(() => {
        const acc = emptyAccumulator();
        kernels.exports.exact_add_f64(acc, place('f64', values), values.length);
        return readExactSum(kernels, acc).round();
      });
    const many = Array.from({ length: 1100 }, () => 1);
    expect(roundOf([...many, Infinity])).toBe(Infinity);
    expect(roundOf([-Infinity, ...many])).toBe(-Infinity);
    expect(roundOf([Infinity, ...many, -Infinity])).toBeNaN();
    expect(roundOf([...many, Number.NaN, ...many])).toBeNaN();
  });
});

describe('the exact sum of products', () => {
  const shapes = Object.keys(distributions(0));
  it.each(shapes)('of weights and values over %s equals its twin', (shape) => {
    for (const n of [0, 1, 5, 1024, 3001]) {
      const x = Float64Array.from({ length: n }, distributions(n)[shape]);
      for (const w of [x, Float64Array.from({ length: n }, distributions(n + 1).normal), new Float64Array(n).fill(1)]) {
        withMemory(() => {
          const acc = emptyAccumulator();
          kernels.exports.exact_add_products_f64(acc, place('f64', w), place('f64', x), n);
          const expected = new ExactSum();
          reference.exact_add_products_f64(expected, w, x, n);
          expect(readExactSum(kernels, acc).toBytes()).toEqual(expected.toBytes());
        });
      }
    }
  });
});
