import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Answer, evaluateInline, type Spec } from '../src/index.js';
import { evaluateArrays } from './helpers/arrays.js';

const inline = (columns: Record<string, unknown[]>, spec: Partial<Spec>): Promise<Answer> =>
  evaluateInline({
    ...{ version: 1, data: { inline: columns }, columns: { prediction: 'p', target: 'y' } },
    ...{ losses: ['mse'], ...spec },
  } as Spec);

const weighted = { prediction: 'p', target: 'y', weight: 'w' };
const data = { p: [0, 1, 3, 7], y: [0, 0, 0, 0], w: [1, 0, 3, 2], region: ['a', 'a', 'b', 'b'] };

describe('a mean of another library', () => {
  it('divides the same sum, and every denominator stays in means', async () => {
    const means = { weight: 125 / 6, rows: 125 / 4, elements: 125 / 4, nonzero: 125 / 3 };
    const expected = { torch: means.weight, keras: means.rows, sklearn: means.weight, tfjs: means.nonzero } as const;
    for (const [compat, mean] of Object.entries(expected)) {
      const { losses, spec } = await inline(data, { compat: compat as Spec['compat'], columns: weighted });
      expect(losses[0]).toMatchObject({ sum: 125, weight: 6, count: 4, mean, means });
      expect(spec).toMatchObject({ compat, edges: 'exact' });
      expect(losses[0].compat).toMatchObject({ library: compat });
    }
  });

  it('is that of a report without compat where no weights tell them apart, to the last bit', async () => {
    const { w, ...columns } = data;
    const [plain] = (await inline(columns, { slices: ['region'] })).losses;
    const [other] = (await inline(columns, { slices: ['region'], compat: 'sklearn' })).losses;
    const { compat, ...rest } = other;
    expect(rest).toEqual(plain);
    const [keras] = (await inline(columns, { slices: ['region'], compat: 'keras' })).losses;
    expect(keras.stderr).toBeCloseTo(Number(plain.stderr), 12);
    expect(keras.std).toBeCloseTo(Number(plain.std), 12);
  });

  it('has the spread of what it averages: weighted losses over rows', async () => {
    const [keras] = (await inline(data, { compat: 'keras', columns: weighted })).losses;
    const values = [0, 0, 27, 98];
    const variance = values.reduce((sum, x) => sum + (x - 125 / 4) ** 2, 0) / 3;
    expect(keras.std).toBeCloseTo(Math.sqrt(variance), 12);
    expect(keras.stderr).toBeCloseTo(Math.sqrt(variance / 4), 12);
    const [low, high] = keras.interval.map(Number);
    expect((low + high) / 2).toBeCloseTo(125 / 4, 12);
  });

  it('goes for slices, too', async () => {
    const of = async (compat: Spec['compat']) =>
      (await inline(data, { compat, columns: weighted, slices: ['region'] })).losses[0].slices;
    expect((await of('keras')).map(({ mean }) => mean)).toEqual([0, 125 / 2]);
    expect((await of('tfjs')).map(({ mean }) => mean)).toEqual([0, 125 / 2]);
    expect((await of('torch')).map(({ mean }) => mean)).toEqual([0, 25]);
    const wide = { ...data, w: [0, 0, 3, 0] };
    const slices = (await inline(wide, { compat: 'tfjs', columns: weighted, slices: ['region'] })).losses[0].slices;
    expect(slices.map(({ mean }) => mean)).toEqual(['NaN', 27]);
  });

  it('goes for each of several outputs, too', async () => {
    const wide = {
      p: [
        [1, 2],
        [3, 4],
        [0, 6],
      ],
      y: [
        [0, 0],
        [0, 0],
        [0, 0],
      ],
      w: [1, 3, 0],
    };
    const of = async (compat: Spec['compat']) => {
      const { losses } = await inline(wide, { compat, columns: weighted });
      return [losses[0].mean, ...(losses[0].outputs ?? []).map(({ mean }) => mean)];
    };
    expect(await of('keras')).toEqual([40 / 3, 28 / 3, 52 / 3]);
    expect(await of('tfjs')).toEqual([20, 14, 26]);
    expect(await of('sklearn')).toEqual([10, 7, 13]);
    const [{ compat, ...rest }] = (await inline(wide, { compat: 'torch', columns: weighted })).losses;
    expect([rest]).toEqual((await inline(wide, { columns: weighted })).losses);
  });

  it('goes with clusters only where it divides by weights', async () => {
    const clustered = { ...weighted, cluster: 'region' };
    const [torch] = (await inline(data, { compat: 'torch', columns: clustered })).losses;
    const [{ clusters, stderr }] = (await inline(data, { columns: clustered })).losses;
    expect(torch).toMatchObject({ clusters, stderr });
    const refused = inline(data, { compat: 'keras', columns: clustered });
    await expect(refused).rejects.toThrow(/^compat: the error bars of columns.cluster/);
  });

  it('is not a number without any weight, whatever the library makes of it', async () => {
    const [keras] = (await inline({ ...data, w: [0, 0, 0, 0] }, { compat: 'keras', columns: weighted })).losses;
    expect(keras).toMatchObject({ sum: 0, mean: 'NaN' });
  });

  it('keeps the deviation of large values with small noise', async () => {
    const p = Array.from({ length: 1000 }, (_, i) => 1e9 + (i % 2));
    const columns = { p, y: p.map(() => 0), w: p.map(() => 1) };
    const [keras] = (await inline(columns, { losses: ['mae'], compat: 'keras', columns: weighted })).losses;
    expect(keras.std).toBeCloseTo(Math.sqrt(250 / 999), 7);
  });

  it('has the same bits for any cut', async () => {
    const rows = 3000;
    const column = (f: (i: number) => number) => Array.from({ length: rows }, (_, i) => f(i));
    const columns = { p: column((i) => ((i * 37) % 101) / 100), y: column((i) => i % 2), w: column((i) => i % 5) };
    const spec = { compat: 'keras', edges: 'compat', input: 'probabilities', losses: ['bce'] } as const;
    const digests = new Set<string>();
    for (const size of [256, 512, 4096]) {
      const answer = await inline(columns, { ...spec, losses: ['bce'], columns: weighted, shard: { rows: size } });
      digests.add(answer.digest);
    }
    expect(digests.size).toBe(1);
  });
});

describe('what a library does not have', () => {
  const wide = {
    p: [
      [0.25, 0.75],
      [0.5, 0.5],
    ],
    y: [0, 1],
    w: [1, 2],
  };
  const refusals: [why: string, spec: Partial<Spec>, message: RegExp, columns?: Record<string, unknown[]>][] = [
    [
      'class weights beside row weights in torch multi_margin',
      { compat: 'torch', losses: [{ name: 'multi_margin', class_weight: [1, 2] }], columns: weighted },
      /torch's multi_margin .*no row weights/,
    ],
    ['onnx of probabilities', { compat: 'onnx', losses: ['cross_entropy'], input: 'probabilities' }, /it takes logits/],
    [
      'smoothed class weights in keras',
      { compat: 'keras', losses: [{ name: 'cross_entropy', class_weight: [1, 2], label_smoothing: 0.1 }] },
      /one weight a row/,
    ],
    [
      'C probabilities as a target of log_loss',
      { compat: 'sklearn', losses: ['cross_entropy'], input: 'probabilities' },
      /takes class targets/,
      { ...wide, y: wide.p },
    ],
  ];
  it.each(refusals)('%s', async (_, spec, message, columns = wide) => {
    const refused = inline(columns, spec);
    await expect(refused).rejects.toMatchObject({ code: 'COMPAT_UNSUPPORTED', where: { path: 'compat' } });
    await expect(refused).rejects.toThrow(message);
  });
});

interface Case {
  compat: NonNullable<Spec['compat']>;
  edges?: 'compat';
  type: string;
  loss: Spec['losses'][number];
  input?: Spec['input'];
  prediction: number[] | number[][];
  target: number[];
  weight?: number[];
  variance?: number[];
}

const fixture = readFileSync(new URL('./fixtures/compat-references.json', import.meta.url), 'utf8');
const { cases } = JSON.parse(fixture) as { cases: Case[] };
const nameOf = ({ loss }: Case): string => (typeof loss === 'string' ? loss : loss.name);
/** One case of every loss with a formula of the library's own. */
const OWN = new Map(
  cases
    .filter(({ type, compat, variance }) => (type === 'f64' || compat === 'tfjs') && !variance)
    .filter((entry) => entry.edges || ['crammer_singer', 'mape', 'cosine'].includes(nameOf(entry)))
    .map((entry) => [`${entry.compat} ${nameOf(entry)} ${entry.edges ?? ''} ${entry.input ?? ''}`, entry] as const),
);

describe('gradients of the libraries’ own formulas', () => {
  it.each([...OWN])('%s: are their slopes', async (_, entry) => {
    const { compat, edges, loss, input, prediction, target } = entry;
    const spec = { losses: [loss], compat, badRows: 'skip' as const, ...(edges && { edges }), ...(input && { input }) };
    const width = [prediction[0]].flat().length;
    const moved = (k: number, h: number) =>
      prediction.map((row) => (Array.isArray(row) ? row.map((x, j) => (j === k ? x + h : x)) : row + h)) as number[][];
    const { losses, gradient } = await evaluateArrays('f64', prediction, target, spec);
    for (let k = 0; k < width; k++) {
      const h = 2e-9;
      const up = (await evaluateArrays('f64', moved(k, h), target, spec)).losses;
      const down = (await evaluateArrays('f64', moved(k, -h), target, spec)).losses;
      losses.forEach((at, i) => {
        const [right, left] = [(up[i] - at) / h, (at - down[i]) / h];
        // At a kink, or at the end of the domain, there is no slope.
        if (!(Math.abs(right - left) <= 1e-3 * (1 + Math.abs(right)))) return;
        expect(Math.abs(gradient[i * width + k] - (right + left) / 2)).toBeLessThanOrEqual(
          2e-5 * (1 + Math.abs(right)),
        );
      });
    }
  });
});
