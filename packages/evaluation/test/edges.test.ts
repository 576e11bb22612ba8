import { describe, expect, it } from 'vitest';
import { EvaluationError, type Spec } from '../src/index.js';
import { evaluateArrays, type Precision } from './helpers/arrays.js';

const inf = Infinity;
const skip: Partial<Spec> = { badRows: 'skip' };
const probabilities: Partial<Spec> = { losses: ['bce'], input: 'probabilities' };

/** Within 2^-20 of the truth for float32, 4 ulp for float64; infinities and zeros exactly. */
function near(actual: number, expected: number, precision: Precision, slack = 1): void {
  if (!Number.isFinite(expected) || expected === 0) expect(actual).toBe(expected);
  else
    expect(Math.abs(actual - expected)).toBeLessThanOrEqual(
      slack * (precision === 'f32' ? 2 ** -20 : 4 * 2 ** -52) * Math.abs(expected),
    );
}

async function rowOf(
  precision: Precision,
  prediction: number | number[],
  target: number | number[],
  spec: Partial<Spec>,
) {
  const { losses, gradient } = await evaluateArrays(precision, [prediction] as number[], [target] as number[], spec);
  return { loss: losses[0], gradient };
}

describe.each<Precision>(['f32', 'f64'])('edge policy in %s', (precision) => {
  it('p = 0 where y = 1 is Infinity, not 16.1, 36 or 100, with its gradient', async () => {
    for (const [p, y] of [
      [0, 1],
      [1, 0],
    ]) {
      const { loss, gradient } = await rowOf(precision, p, y, probabilities);
      expect(loss).toBe(inf);
      expect(gradient[0]).toBe(y === 1 ? -inf : inf);
    }
    expect((await rowOf(precision, [0, 1], 0, { losses: ['cross_entropy'], input: 'probabilities' })).loss).toBe(inf);
    expect((await rowOf(precision, [-inf, 0], 0, { losses: ['nll'] })).loss).toBe(inf);
  });

  it('p = 0 where y = 0 is 0, and its gradient 1', async () => {
    expect(await rowOf(precision, 0, 0, probabilities)).toEqual({ loss: 0, gradient: [1] });
    expect(await rowOf(precision, 1, 1, probabilities)).toEqual({ loss: 0, gradient: [-1] });
  });

  it('clips only when asked to, and says so in the report', async () => {
    const spec: Partial<Spec> = { losses: [{ name: 'bce', clip: 2 ** -10 }], input: 'probabilities' };
    const { answer, losses } = await evaluateArrays(precision, [0], [1], spec);
    near(losses[0], 10 * Math.LN2, precision);
    expect(answer.losses[0].parameters).toMatchObject({ clip: 2 ** -10 });
  });

  it('logits of +-Infinity give their limit', async () => {
    const bce = { losses: ['bce'] };
    expect(await rowOf(precision, inf, 1, bce)).toEqual({ loss: 0, gradient: [0] });
    expect(await rowOf(precision, -inf, 0, bce)).toEqual({ loss: 0, gradient: [0] });
    expect(await rowOf(precision, inf, 0, bce)).toEqual({ loss: inf, gradient: [1] });
    expect(await rowOf(precision, -inf, 1, bce)).toEqual({ loss: inf, gradient: [-1] });
    const ce = { losses: ['cross_entropy'] };
    const zero = (x: number) => x + 0;
    expect((await rowOf(precision, [-inf, 0], 1, ce)).loss).toBe(0);
    expect((await rowOf(precision, [-inf, 0], 1, ce)).gradient.map(zero)).toEqual([0, 0]);
    expect((await rowOf(precision, [-inf, 0], 0, ce)).loss).toBe(inf);
    expect((await rowOf(precision, [-inf, 0], 0, ce)).gradient.map(zero)).toEqual([-1, 1]);
    expect((await rowOf(precision, [inf, 0], 0, ce)).loss).toBe(0);
    expect((await rowOf(precision, [inf, 0], 1, ce)).loss).toBe(inf);
  });

  it('is NaN where the limit does not exist', async () => {
    for (const z of [
      [inf, inf],
      [-inf, -inf],
    ]) {
      const { answer, losses } = await evaluateArrays(precision, [z, [0, 1]], [0, 1], { losses: ['cross_entropy'] });
      expect(losses[0]).toBeNaN();
      expect(answer.losses[0]).toMatchObject({ sum: 'NaN', mean: 'NaN', max: 'NaN' });
      expect(answer.losses[0].worst[0]).toMatchObject({ row: 0, loss: 'NaN' });
      expect(answer.warnings[0]).toMatch(/not a number/);
    }
    expect((await rowOf(precision, inf, inf, { losses: ['mse'] })).loss).toBeNaN();
  });

  it.each([
    [36, 1, 2.319522830243569e-16],
    [100, 1, 3.720075976020836e-44],
    [200, 1, 1.3838965267367376e-87],
    [-30, 0, 9.357622968839737e-14],
  ])('a confident right answer keeps its precision: bce of z = %d, y = %d', async (z, y, expected) => {
    const { loss } = await rowOf(precision, z, y, { losses: ['bce'] });
    near(loss, expected, precision);
  });

  it.each([
    [12, 6.144193477732806e-6],
    [30, 9.357622968839737e-14],
    [200, 1.3838965267367376e-87],
  ])('a confident right answer keeps its precision: cross_entropy with a gap of %d', async (gap, expected) => {
    const { loss, gradient } = await rowOf(precision, [gap, 0], 0, { losses: ['cross_entropy'] });
    near(loss, expected, precision, 250);
    const other = 1 / (1 + Math.exp(gap));
    near(gradient[0], precision === 'f32' ? Math.fround(-other) : -other, precision, 250);
  });

  it('an ignored row contributes exactly 0, even if it holds NaN', async () => {
    const { answer, losses, gradient } = await evaluateArrays(
      precision,
      [
        [1, 2],
        [Number.NaN, 0],
        [0, 0],
      ],
      [1, -100, 0],
      { losses: [{ name: 'cross_entropy', ignore_index: -100 }] },
    );
    expect(answer.rows).toMatchObject({ read: 3, used: 2, ignored: 1, bad: 0 });
    expect(losses[1]).toBeNaN();
    expect(gradient.slice(2, 4)).toEqual([0, 0]);
    expect(Number.isFinite(Number(answer.losses[0].sum))).toBe(true);
    expect(answer.losses[0].count).toBe(2);
  });

  it('a row of weight 0 contributes exactly 0, even if it holds NaN', async () => {
    const { answer, gradient } = await evaluateArrays(precision, [1, Number.NaN, 3], [0, 0, 0], {
      losses: ['mse'],
      weight: [2, 0, 1],
    });
    expect(answer.losses[0]).toMatchObject({ sum: 11, weight: 3, count: 3, min: 1, max: 9 });
    expect(answer.losses[0].means).toEqual({ weight: 11 / 3, rows: 11 / 3, elements: 11 / 3, nonzero: 5.5 });
    expect(gradient).toEqual([4, 0, 6]);
  });

  it.each([
    ['NaN in the prediction', [1, Number.NaN], [0, 0], { losses: ['mse'] }, 'prediction is NaN'],
    ['NaN in the target', [1, 1], [0, Number.NaN], { losses: ['mse'] }, 'target is NaN'],
    [
      'a class index out of range',
      [
        [0, 1],
        [0, 1],
      ],
      [0, 2],
      { losses: ['cross_entropy'] },
      'class index out of range',
    ],
    [
      'a negative class index',
      [
        [0, 1],
        [0, 1],
      ],
      [0, -1],
      { losses: ['cross_entropy'] },
      'class index out of range',
    ],
    [
      'a class index that is no whole number',
      [
        [0, 1],
        [0, 1],
      ],
      [0, 0.5],
      { losses: ['cross_entropy'] },
      'class index out of range',
    ],
    ['a probability above 1', [0.5, 1.5], [0, 1], probabilities, 'prediction out of range'],
    ['a probability below 0', [0.5, -0.5], [0, 1], probabilities, 'prediction out of range'],
    [
      'a log-probability above 0',
      [
        [-1, -1],
        [0.5, -1],
      ],
      [0, 0],
      { losses: ['nll'] },
      'prediction out of range',
    ],
    ['a target outside the domain', [0.5, 0.5], [0, 2], { losses: ['bce'] }, 'target out of range'],
    ['a negative weight', [1, 1], [0, 0], { losses: ['mse'], weight: [1, -1] }, 'negative weight'],
    ['an infinite weight', [1, 1], [0, 0], { losses: ['mse'], weight: [1, inf] }, 'weight is infinite'],
  ] as const)('%s makes a bad row: fail names it, skip counts it', async (_, p, y, spec, reason) => {
    const rows = { prediction: [...p] as number[], target: [...y] };
    const given = spec as unknown as Partial<Spec> & { weight?: number[] };
    const failure = await evaluateArrays(precision, rows.prediction, rows.target, given).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(EvaluationError);
    expect(failure).toMatchObject({ code: 'BAD_ROW', where: { row: 1 } });
    expect((failure as Error).message).toMatch(/\.npy, row 1, column .*1 of 2 rows is like this.*--bad-rows skip/);
    const { answer, losses, gradient } = await evaluateArrays(precision, rows.prediction, rows.target, {
      ...given,
      ...skip,
    });
    expect(answer.rows).toMatchObject({ read: 2, used: 1, bad: 1, badReasons: { [reason]: 1 } });
    expect(answer.losses[0].count).toBe(1);
    expect(losses[1]).toBeNaN();
    expect(gradient.slice(gradient.length / 2).every((g) => g === 0)).toBe(true);
  });

  it('no rows that count: sum 0, every mean NaN, a warning', async () => {
    const { answer } = await evaluateArrays(precision, [Number.NaN], [0], { losses: ['mse'], ...skip });
    expect(answer.losses[0]).toMatchObject({
      count: 0,
      weight: 0,
      sum: 0,
      mean: 'NaN',
      means: { weight: 'NaN', rows: 'NaN', elements: 'NaN', nonzero: 'NaN' },
      std: 'NaN',
      min: 'NaN',
    });
    expect(answer.warnings[0]).toMatch(/no row counts/);
  });

  it('total weight 0: sum 0, mean NaN, a warning', async () => {
    const { answer } = await evaluateArrays(precision, [1, 2], [0, 0], { losses: ['mse'], weight: [0, 0] });
    const means = { weight: 'NaN', rows: 'NaN', elements: 'NaN', nonzero: 'NaN' };
    expect(answer.losses[0]).toMatchObject({ count: 2, weight: 0, sum: 0, mean: 'NaN', means });
    expect(answer.warnings[0]).toMatch(/total weight is 0/);
  });

  it('whole blocks and whole slices of a class of weight 0 leave the error bars of the others as they are', async () => {
    const rows = Array.from({ length: 1024 }, (_, i) => [0, 0.25, Math.sin(i)]);
    const target = rows.map((_, i) => (i < 600 ? 2 : i % 2));
    const loss = (class_weight: number[]) => ({ name: 'cross_entropy', class_weight });
    const { answer } = await evaluateArrays(precision, rows, target, { losses: [loss([1, 2, 0])], slices: ['y'] });
    const [report] = answer.losses;
    expect(report.weight).toBe(212 + 2 * 212);
    for (const value of [report.std, report.stderr]) {
      expect(value).toBeGreaterThan(0);
      expect(value).toBeLessThan(1);
    }
    expect(report.slices.map(({ weight }) => weight)).toEqual([212, 424, 0]);
    expect(report.slices[0].stderr).toBeGreaterThan(0);
    expect(report.slices[2]).toMatchObject({ sum: 0, mean: 'NaN', stderr: 'NaN' });
  });

  it('a gradient that is not a number somewhere has no norms', async () => {
    const rows = [
      [0, 1],
      [inf, inf],
      [2, 1],
    ];
    const { answer } = await evaluateArrays(precision, rows, [0, 0, 0], { losses: ['cross_entropy'] });
    expect(answer.losses[0].gradient).toEqual({ l2: 'NaN', linf: 'NaN', mean: 'NaN' });
  });

  it('infinite losses and a sum beyond float64 are named in a warning', async () => {
    const up = await evaluateArrays(precision, [inf, 1], [0, 0], { losses: ['error'] });
    expect(up.answer.warnings).toEqual(['some rows have an infinite loss; they are among the worst rows.']);
    const down = await evaluateArrays(precision, [-inf, 1], [0, 0], { losses: ['error'] });
    expect(down.answer.warnings).toEqual(['some rows have a loss of -Infinity.']);
    if (precision === 'f64') {
      const beyond = await evaluateArrays(precision, [1e308, 1e308], [0, 0], { losses: ['error'] });
      expect(beyond.answer.losses[0].sum).toBe('Infinity');
      expect(beyond.answer.warnings).toEqual(['every loss is finite, but their sum is beyond the largest float64.']);
    }
  });
});
