import { describe, expect, it } from 'vitest';
import { evaluateInline, type Spec } from '../src/index.js';
import { evaluateArrays, type Precision } from './helpers/arrays.js';

const inf = Number.POSITIVE_INFINITY;
type Loss = Spec['losses'][number];

async function rowOf(precision: Precision, prediction: unknown, target: unknown, loss: Loss, input?: Spec['input']) {
  const spec = { losses: [loss], ...(input ? { input } : {}) };
  const { losses, gradient } = await evaluateArrays(precision, [prediction] as number[], [target] as number[], spec);
  return { loss: losses[0], gradient: gradient.map((g) => g + 0) };
}

/** The report of a spec's first loss over inline columns p and y. */
async function inline(p: unknown[], y: unknown[], spec: Partial<Spec>) {
  const data = { inline: { p, y } };
  const answer = await evaluateInline({
    version: 1,
    data,
    columns: { prediction: 'p', target: 'y' },
    losses: ['zero_one'],
    ...spec,
  } as Spec);
  return { ...answer, loss: answer.losses[0] };
}

describe.each<Precision>(['f32', 'f64'])('edges of margin and vector losses in %s', (precision) => {
  it('scores of +-Infinity give their limit', async () => {
    for (const [name, wrong] of [
      ['hinge', 1],
      ['squared_hinge', inf],
      ['exponential', inf],
      ['soft_margin', 1],
    ] as const) {
      expect(await rowOf(precision, inf, 1, name)).toEqual({ loss: 0, gradient: [0] });
      expect(await rowOf(precision, -inf, 0, name)).toEqual({ loss: 0, gradient: [0] });
      expect(await rowOf(precision, inf, -1, name)).toEqual({ loss: inf, gradient: [wrong] });
      expect(await rowOf(precision, -inf, 1, name)).toEqual({ loss: inf, gradient: [-wrong] });
    }
  });

  it('focal at +-Infinity and at sure probabilities', async () => {
    expect(await rowOf(precision, inf, 1, 'focal')).toEqual({ loss: 0, gradient: [0] });
    expect(await rowOf(precision, -inf, 1, 'focal')).toEqual({ loss: inf, gradient: [-1] });
    expect(await rowOf(precision, -inf, 1, { name: 'focal', alpha: 0 })).toEqual({ loss: 0, gradient: [0] });
    expect(await rowOf(precision, 0, 1, 'focal', 'probabilities')).toEqual({ loss: inf, gradient: [-inf] });
    expect(await rowOf(precision, 1, 1, 'focal', 'probabilities')).toEqual({ loss: 0, gradient: [0] });
    expect(await rowOf(precision, 1, 1, { name: 'focal', gamma: 0 }, 'probabilities')).toEqual({
      loss: 0,
      gradient: [-1],
    });
  });

  it('the exponential loss is never held back', async () => {
    expect((await rowOf(precision, -700, 1, 'exponential')).loss).toBeCloseTo(1.0142320547350045e304, -292);
    expect((await rowOf(precision, -1000, 1, 'exponential')).loss).toBe(inf);
    expect((await rowOf(precision, 1000, 1, 'exponential')).loss).toBe(0);
  });

  it('the hinge has no slope at its kink, and ties go to the first class', async () => {
    expect(await rowOf(precision, 1, 1, 'hinge')).toEqual({ loss: 0, gradient: [0] });
    expect((await rowOf(precision, [0, 0, 0], 0, 'crammer_singer')).gradient).toEqual([-1, 1, 0]);
    expect((await rowOf(precision, [1, 1, 0], 0, 'zero_one')).loss).toBe(0);
    expect((await rowOf(precision, [1, 1, 0], 1, 'zero_one')).loss).toBe(1);
    expect((await rowOf(precision, [1, 1, 0], 1, { name: 'zero_one', top_k: 2 })).loss).toBe(0);
  });

  it('scores of +-Infinity against a class', async () => {
    for (const name of ['multi_margin', 'crammer_singer']) {
      expect((await rowOf(precision, [inf, 0], 0, name)).loss).toBe(0);
      expect((await rowOf(precision, [-inf, 0], 1, name)).loss).toBe(0);
      expect((await rowOf(precision, [-inf, 0], 0, name)).loss).toBe(inf);
      expect((await rowOf(precision, [inf, inf], 0, name)).loss).toBeNaN();
    }
  });

  it('kl_div: a class without mass adds 0, mass where the prediction has none is Infinity', async () => {
    expect((await rowOf(precision, [-inf, 0], [0, 1], 'kl_div')).loss).toBe(0);
    expect((await rowOf(precision, [-inf, 0], [0.5, 0.5], 'kl_div')).loss).toBe(inf);
    expect((await rowOf(precision, [0, 1], [0, 1], 'kl_div', 'probabilities')).loss).toBe(0);
    expect((await rowOf(precision, [-inf, 0], [0, 1], 'kl_div', 'logits')).loss).toBe(0);
    expect((await rowOf(precision, [-inf, 0], [-inf, 0], { name: 'kl_div', log_target: true })).loss).toBe(0);
  });

  it('brier of logits gives the limit of the softmax', async () => {
    expect(await rowOf(precision, [inf, 0], 1, 'brier', 'logits')).toEqual({ loss: 2, gradient: [0, 0] });
    expect((await rowOf(precision, [inf, 0], 0, 'brier', 'logits')).loss).toBe(0);
    expect((await rowOf(precision, [-inf, -inf], 0, 'brier', 'logits')).loss).toBeNaN();
    expect((await rowOf(precision, 100, 1, 'brier', 'logits')).loss).toBeCloseTo(Math.exp(-200), 95);
  });

  it('cosine: parallel is 0, opposite 2, a zero vector NaN, or 1 with epsilon', async () => {
    expect((await rowOf(precision, [1, 2, 3], [2, 4, 6], 'cosine')).loss).toBe(0);
    expect((await rowOf(precision, [1, 2, 3], [-1, -2, -3], 'cosine')).loss).toBe(2);
    expect((await rowOf(precision, [0, 0], [1, 2], 'cosine')).loss).toBeNaN();
    const raised = await rowOf(precision, [0, 0], [3, 4], { name: 'cosine', epsilon: 0.5 });
    expect(raised.loss).toBe(1);
    expect(raised.gradient[0]).toBeCloseTo(-1.2, 6);
    expect(raised.gradient[1]).toBeCloseTo(-1.6, 6);
    expect((await rowOf(precision, [inf, 0], [3, 4], 'cosine')).loss).toBeNaN();
  });
});

describe('targets', () => {
  it.each(['hinge', 'squared_hinge', 'exponential', 'soft_margin'])(
    '%s takes 0 for -1, and two names',
    async (losses) => {
      const p = [0.3, -2, 1.5];
      const spec = { losses: [losses] };
      const signs = await inline(p, [1, -1, -1], spec);
      expect((await inline(p, [1, 0, 0], spec)).loss).toEqual({
        ...signs.loss,
        worst: signs.loss.worst.map((row) => ({ ...row, target: Number(row.target) > 0 ? 1 : 0 })),
      });
      expect((await inline(p, ['yes', 'no', 'no'], spec)).loss.sum).toBe(signs.loss.sum);
      expect(signs.loss.derived.accuracy?.value).toBe(2 / 3);
    },
  );

  it.each([
    ['focal', [0.5]],
    ['hinge', [0.5]],
    ['hinge', [2]],
    ['focal', [-1]],
    ['brier', [0.25]],
  ])('%s refuses %s as a binary target', async (loss, y) => {
    await expect(inline([0.5], y, { losses: [loss] })).rejects.toThrow(/row 0, column y: .* is not a binary target/);
    const skipped = await inline([0.5, 0.5], [...y, 1], { losses: [loss], badRows: 'skip' });
    expect(skipped.rows).toMatchObject({ bad: 1, used: 1, badReasons: { 'target out of range': 1 } });
  });

  it('ignored and weightless rows add nothing, even if they hold NaN', async () => {
    for (const name of ['multi_margin', 'crammer_singer', 'zero_one']) {
      const { answer, gradient } = await evaluateArrays(
        'f64',
        [
          [Number.NaN, 1],
          [2, 1],
        ],
        [-100, 0],
        {
          losses: [{ name, ignore_index: -100 }],
        },
      );
      expect(answer.rows).toMatchObject({ ignored: 1, used: 1 });
      expect(gradient.slice(0, 2)).toEqual([0, 0]);
    }
    const weight = [0, 1];
    const { answer, gradient } = await evaluateArrays(
      'f64',
      [
        [Number.NaN, 1],
        [1, 1],
      ],
      [
        [1, 1],
        [1, 1],
      ],
      {
        losses: ['cosine'],
        weight,
      },
    );
    expect([answer.losses[0].sum, ...gradient.slice(0, 2)]).toEqual([0, 0, 0]);
  });

  it('a class weight of 0 silences a row of multi_margin', async () => {
    const loss = { name: 'multi_margin', class_weight: [0, 3] };
    const { answer } = await evaluateArrays(
      'f64',
      [
        [-inf, 0],
        [0, 0],
      ],
      [0, 1],
      { losses: [loss] },
    );
    expect(answer.losses[0]).toMatchObject({ sum: 1.5, weight: 3, mean: 0.5, means: { rows: 0.75 } });
  });

  it('kl_div counts elements as torch does', async () => {
    const { loss } = await inline(
      [
        [0.5, 0.5],
        [0.25, 0.75],
      ],
      [
        [1, 0],
        [0.25, 0.75],
      ],
      {
        losses: ['kl_div'],
        input: 'probabilities',
      },
    );
    expect(loss.means).toMatchObject({ rows: Math.LN2 / 2, elements: Math.LN2 / 4 });
  });
});

describe('zero_one', () => {
  it('compares classes as numbers, as names, or by scores', async () => {
    expect((await inline([0, 3, 2], [0, 3, 1], {})).loss.sum).toBe(1);
    expect((await inline(['a', 'c', 'b'], ['a', 'b', 'b'], {})).loss.sum).toBe(1);
    expect((await inline([0.5, -2.5, 3], [1, 0, -1], {})).loss.sum).toBe(1);
    expect((await inline([0.6, 0.5, 0.2], [1, 1, 0], { input: 'probabilities' })).loss.sum).toBe(1);
    expect((await inline([[1, 2, 3]], [2], {})).loss.sum).toBe(0);
    expect((await inline([[1, 2, 3]], ['c'], { classes: ['a', 'b', 'c'] })).loss.sum).toBe(0);
  });

  it('has accuracy, slices and worst rows', async () => {
    const data = {
      inline: { p: ['a', 'b', 'b', 'a'], y: ['a', 'a', 'b', 'b'], g: ['x', 'x', 'y', 'y'], w: [1, 2, 1, 4] },
    };
    const { losses } = await evaluateInline({
      version: 1,
      data,
      columns: { prediction: 'p', target: 'y', weight: 'w' },
      losses: ['zero_one'],
      slices: ['g'],
    });
    expect(losses[0]).toMatchObject({ sum: 6, weight: 8, mean: 0.75, derived: { accuracy: { value: 0.25 } } });
    expect(losses[0].slices.map(({ key, sum }) => [key.g, sum])).toEqual([
      ['x', 2],
      ['y', 4],
    ]);
    expect(losses[0].worst[0]).toMatchObject({ row: 1, loss: 1, prediction: 'b', target: 'a' });
  });

  it.each([
    [{ losses: [{ name: 'zero_one', top_k: 4 }] }, [[1, 2, 3]], [0], /top_k is 4, but there are 3 classes/],
    [{ losses: [{ name: 'zero_one', top_k: 2 }] }, [1], [0], /top_k is 2, but the prediction is one value a row/],
    [{ losses: ['zero_one'] }, ['a'], [0], /both must be numbers, or both text/],
    [{ losses: ['zero_one'], classes: ['a', 'b'] }, ['a'], ['b'], /Leave classes out/],
    [{ losses: [{ name: 'brier', ignore_index: 1 }] }, [0.5], [1], /brier: ignore_index/],
    [{ losses: ['kl_div'] }, [[-1, -1]], [0], /kl_div wants C probabilities/],
    [{ losses: ['nll'] }, [[-1, -1]], [[0, 1]], /nll wants a class/],
    [{ losses: ['cosine'] }, [[1, 2]], [[1, 2, 3]], /3 numbers a row, but the prediction has 2/],
    [{ losses: ['cosine'] }, [1], [1], /wants vectors/],
    [{ losses: ['cosine', 'mse'] }, [[1, 2]], [[1, 2]], /some want vectors/],
    [{ losses: ['hinge', 'brier'] }, [0.5], [1], /different inputs by default/],
    [{ losses: [{ name: 'cross_entropy', ignore_index: 1 }] }, [[1, 2]], [[0, 1]], /ignore_index names a class/],
  ])('refuses what makes no sense: %j', async (spec, p, y, message) => {
    await expect(inline(p, y, spec as Partial<Spec>)).rejects.toThrow(message);
  });
});

describe('cross_entropy', () => {
  const p = [
    [0.2, 0.5, 0.3],
    [0, 0.25, 0.75],
  ];
  const q = [
    [0.1, 0.6, 0.3],
    [0, 1, 0],
  ];
  const of = (row: number[], mass: number[]) =>
    -row.reduce((sum, x, k) => sum + (mass[k] ? mass[k] * Math.log(x) : 0), 0);

  it('of probabilities against probability columns', async () => {
    const inlined = Object.fromEntries(
      [0, 1, 2].flatMap((k) => [
        [`p${k}`, p.map((r) => r[k])],
        [`q${k}`, q.map((r) => r[k])],
      ]),
    );
    const answer = await evaluateInline({
      version: 1,
      data: { inline: inlined },
      columns: { prediction: ['p0', 'p1', 'p2'], target: ['q0', 'q1', 'q2'] },
      losses: ['cross_entropy', 'kl_div', 'brier'],
      input: 'probabilities',
    });
    const [ce, kl, brier] = answer.losses;
    expect(ce.sum).toBeCloseTo(of(p[0], q[0]) + of(p[1], q[1]), 14);
    expect(kl.sum).toBeCloseTo(of(p[0], q[0]) - of(q[0], q[0]) + of(p[1], q[1]), 14);
    expect(brier.sum).toBeCloseTo(0.02 + 2 * 0.75 ** 2, 14);
  });

  it('with class weights, smoothing and clip at once', async () => {
    const loss = { name: 'cross_entropy', class_weight: [1, 2, 0.5], label_smoothing: 0.3, clip: 0.01 };
    const { losses } = await evaluateArrays('f64', p, q, { losses: [loss], input: 'probabilities' });
    const expected = p.map((row, i) =>
      of(
        row.map((x) => Math.max(x, 0.01)),
        q[i].map((x, k) => (0.7 * x + 0.1) * [1, 2, 0.5][k]),
      ),
    );
    for (const [i, value] of losses.entries()) expect(value).toBeCloseTo(expected[i], 13);
  });
});

describe('an ignored row', () => {
  it('is counted once, whatever rows of weight 0 the chunks after it hold', async () => {
    const rows = 40_000;
    const spec: Spec = {
      version: 1,
      data: {
        inline: {
          z: Array.from({ length: rows }, (_, i) => [(i % 7) - 3, 0.5]),
          y: Array.from({ length: rows }, (_, i) => (i === 5 ? -100 : i % 2)),
          w: Array.from({ length: rows }, (_, i) => (i > 10_000 && i % 1000 === 5 ? 0 : 1)),
        },
      },
      columns: { prediction: 'z', target: 'y', weight: 'w' },
      losses: [{ name: 'cross_entropy', ignore_index: -100 }],
    };
    const reports = [];
    for (const cut of [256, 2 ** 40]) reports.push(await evaluateInline({ ...spec, shard: { rows: cut } }));
    expect(reports[1].rows).toMatchObject({ read: rows, ignored: 1 });
    expect(reports[1].digest).toBe(reports[0].digest);
  });
});
