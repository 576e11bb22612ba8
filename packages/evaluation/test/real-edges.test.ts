import { describe, expect, it } from 'vitest';
import type { Spec } from '../src/index.js';
import { evaluateArrays } from './helpers/arrays.js';

const { POSITIVE_INFINITY: INF, NaN: NAN } = Number;

/** Prediction, target, row loss, its gradient; for gaussian_nll the variance comes third. */
type Row = number[];

interface Group {
  loss: Spec['losses'][number];
  input?: 'mean';
  rows: Row[];
}

/** No limit exists there: one infinity less another, or equal ones. */
const SAME_INFINITY: Row = [INF, INF, NAN, NAN];

const GROUPS: Group[] = [
  ...[0.5, 3].map((beta) => ({
    loss: { name: 'smooth_l1', beta },
    rows: [
      [2, 2, 0, 0],
      [0, -0, 0, 0],
      [INF, 0, INF, 1],
      [0, INF, INF, -1],
      SAME_INFINITY,
      [1e-44, 0, 0, 1e-44 / beta],
    ],
  })),
  {
    loss: { name: 'smooth_l1', beta: 0 },
    rows: [[2, 2, 0, 0], [1e-44, 0, 1e-44, 1], [-3e38, 0, 3e38, -1], [-INF, 0, INF, -1], SAME_INFINITY],
  },
  {
    loss: 'pseudo_huber',
    rows: [
      [2, 2, 0, 0],
      [2 ** -30, 0, 2 ** -61, 2 ** -30],
      [2 ** 100, 0, 2 ** 100, 1],
      [-INF, 3, INF, -1],
      SAME_INFINITY,
    ],
  },
  {
    loss: { name: 'pseudo_huber', delta: 2 ** -40 },
    rows: [
      [2 ** 100, 0, 2 ** 60, 2 ** -40],
      [0, 0, 0, 0],
    ],
  },
  {
    loss: 'log_cosh',
    rows: [
      [1, 1, 0, 0],
      [2 ** -30, 0, 2 ** -61, 2 ** -30],
      [700, 0, 700 - Math.LN2, 1],
      [0, 3e38, 3e38, -1],
      [INF, 1, INF, 1],
    ],
  },
  {
    loss: { name: 'quantile', q: 0.25 },
    rows: [[1, 1, 0, 0], [0, 4, 1, -0.25], [4, 0, 3, 0.75], [-INF, 0, INF, -0.25], SAME_INFINITY],
  },
  {
    loss: { name: 'expectile', tau: 0.25 },
    rows: [[1, 1, 0, 0], [0, 4, 4, -2], [4, 0, 12, 6], [INF, 0, INF, INF], SAME_INFINITY],
  },
  {
    loss: 'msle',
    rows: [
      [3, 3, 0, 0],
      [0, -0, 0, 0],
      [0, INF, INF, -INF],
      [INF, 0, INF, 0],
      SAME_INFINITY,
      [2 ** -60, 0, 2 ** -120, 2 ** -59],
    ],
  },
  {
    loss: 'mape',
    rows: [
      [0, 0, 0, 0],
      [1, 0, INF, INF],
      [-1, 0, INF, -INF],
      [3, 2, 0.5, 0.5],
      [3, -INF, 1, 0],
      [INF, 2, INF, 0.5],
      SAME_INFINITY,
    ],
  },
  {
    loss: { name: 'mape', epsilon: 0.5 },
    rows: [
      [0, 0, 0, 0],
      [1, 0, 2, 2],
      [1, 0.25, 1.5, 2],
      [1, 2, 0.5, -0.5],
    ],
  },
  {
    loss: 'smape',
    rows: [
      ...[
        [0, 0, 0, 0],
        [1, 0, 2, 0],
        [0, 2, 2, -1],
        [1, -1, 2, 0],
        [3, 1, 1, 0.25],
        [1, 3, 1, -0.75],
      ],
      ...[
        [INF, 1, 2, 0],
        [1, INF, 2, 0],
        [-INF, INF, 2, 0],
        [2 ** 126, 2 ** 125, 2 / 3, (4 / 9) * 2 ** -125],
        SAME_INFINITY,
      ],
    ],
  },
  {
    loss: 'poisson_nll',
    rows: [
      [-INF, 0, 0, 0],
      [-INF, 2, INF, -2],
      [INF, 2, INF, INF],
      [0, 0, 1, 1],
      [0, 1, 1, 0],
      [-1e4, 0, 0, 0],
      [1e4, 3, INF, INF],
    ],
  },
  {
    loss: { name: 'poisson_nll', full: true },
    rows: [
      [0, 0, 1, 1],
      [0, 1, 1, 0],
      [0, 2, 1 + Math.LN2, -1],
      [0, 3, 1 + Math.log(6), -2],
    ],
  },
  {
    loss: 'poisson_nll',
    input: 'mean',
    rows: [
      [0, 0, 0, 1],
      [0, 3, INF, -INF],
      [INF, 3, INF, 1],
      [1, 4, 1, -3],
      [2, 0, 2, 1],
    ],
  },
  {
    loss: 'gamma_nll',
    rows: [
      [-INF, 1, INF, -INF],
      [INF, 1, INF, 1],
      [0, 0, 0, 1],
      [0, 4, 4, -3],
      [-INF, 0, -INF, 1],
      [-1e4, 1, INF, -INF],
    ],
  },
  {
    loss: 'gamma_nll',
    input: 'mean',
    rows: [
      [0, 1, INF, -INF],
      [INF, 1, INF, 0],
      [1, 4, 4, -3],
      [1, 0, 0, 1],
      [2, 2, 1 + Math.LN2, 0],
    ],
  },
  {
    loss: 'tweedie',
    rows: [
      [-INF, 1, INF, -INF],
      [-INF, 0, 0, 0],
      [INF, 1, INF, INF],
      [0, 0, 2, 1],
      [0, 1, 4, 0],
    ],
  },
  {
    loss: 'tweedie',
    input: 'mean',
    rows: [
      [0, 1, INF, -INF],
      [0, 0, 0, INF],
      [INF, 1, INF, 0],
      [4, 0, 4, 0.5],
      [1, 3, 8, -2],
    ],
  },
  {
    loss: { name: 'tweedie', power: 3 },
    rows: [
      [-INF, 1, INF, -INF],
      [-800, 1, INF, -INF],
      [INF, 1, 0, 0],
      [0, 1, -0.5, 0],
    ],
  },
  {
    loss: { name: 'tweedie', power: 0 },
    input: 'mean',
    rows: [
      [-1, 2, 4.5, -3],
      [0, 0, 0, 0],
      [INF, 0, INF, INF],
    ],
  },
  {
    loss: { name: 'gaussian_nll', epsilon: 0 },
    rows: [
      [1, 0, 0, INF, INF],
      [1, 1, 0, -INF, 0],
      [1, 0, 1, 0.5, 1],
      [2, 0, INF, INF, 0],
      [INF, 0, 1, INF, INF],
      [INF, INF, 1, NAN, NAN],
    ],
  },
  {
    loss: { name: 'gaussian_nll', full: true, epsilon: 1 },
    rows: [
      [1, 1, 0, Math.log(2 * Math.PI) / 2, 0],
      [3, 1, 0.5, 2 + Math.log(2 * Math.PI) / 2, 2],
    ],
  },
];

describe.each(['f32', 'f64'] as const)('edges of real losses, %s', (type) => {
  it.each(GROUPS.map((group) => [JSON.stringify(group.loss), group.input ?? '', group] as const))(
    '%s %s',
    async (_, __, { loss, input, rows }) => {
      const column = (k: number) => rows.map((row) => row[k]);
      const variance = rows[0].length === 5 ? { variance: column(2) } : {};
      const outcome = await evaluateArrays(type, column(0), column(1), {
        losses: [loss],
        ...(input ? { input } : {}),
        ...variance,
      });
      const tolerance = type === 'f32' ? 1e-6 : 1e-15;
      rows.forEach((row, i) => {
        const [value, slope] = row.slice(-2);
        const close = (found: number, expected: number, what: string) => {
          const near = Math.abs(found - expected) <= tolerance * Math.abs(expected) + 2e-45;
          expect(near || Object.is(found + 0, expected), `${what} of ${row}: ${found}`).toBe(true);
        };
        close(outcome.losses[i], value, 'loss');
        close(outcome.gradient[i], slope, 'gradient');
      });
    },
  );
});

describe('rows outside the domain of a real loss', () => {
  it.each([
    ['msle', [1, -1], [1, 1], 'prediction out of range', {}],
    ['msle', [1, 1], [1, -1], 'target out of range', {}],
    ['poisson_nll', [1, 1], [1, -1], 'target out of range', {}],
    ['poisson_nll', [1, -1], [1, 1], 'prediction out of range', { input: 'mean' as const }],
    ['gamma_nll', [1, 1], [1, -2], 'target out of range', {}],
    ['tweedie', [1, 1], [1, -2], 'target out of range', {}],
    ['gaussian_nll', [1, 1], [1, 1], 'variance out of range', { variance: [1, -1] }],
    ['gaussian_nll', [1, 1], [1, 1], 'variance is NaN', { variance: [1, NAN] }],
    ['log_cosh', [1, NAN], [1, 1], 'prediction is NaN', {}],
  ])('%s of %j against %j: %s', async (loss, prediction, target, reason, more) => {
    for (const type of ['f32', 'f64'] as const) {
      const skip = { losses: [loss], badRows: 'skip' as const, ...more };
      const { answer, gradient, losses } = await evaluateArrays(type, prediction, target, skip);
      expect(answer.rows).toMatchObject({ read: 2, used: 1, bad: 1, badReasons: { [reason]: 1 } });
      expect(losses[1]).toBeNaN();
      expect(gradient[1]).toBe(0);
    }
  });

  it('msle takes the least number above -1, in either type', async () => {
    for (const [type, least] of [
      ['f32', -1 + 2 ** -24],
      ['f64', -1 + 2 ** -53],
    ] as const) {
      const { answer, losses } = await evaluateArrays(type, [least], [0], { losses: ['msle'] });
      expect(answer.rows.used).toBe(1);
      expect(losses[0]).toBeCloseTo(Math.log1p(least) ** 2, 9);
    }
  });

  it('a row of weight 0 adds exactly nothing, whatever its variance', async () => {
    const { answer, gradient } = await evaluateArrays('f64', [2, NAN], [0, 0], {
      losses: ['gaussian_nll'],
      weight: [1, 0],
      variance: [1, -5],
    });
    expect(answer.losses[0]).toMatchObject({ count: 2, sum: 2 });
    expect(gradient).toEqual([2, 0]);
  });
});
