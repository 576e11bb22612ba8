// The losses with goals of their own, in memory: value, and value and gradient; float32, and float64 without goals.
import { classRows, errors, labels, pairs } from './columns.mjs';
import { beats, costs, kernelCase } from './make.mjs';

const suffix = ({ pass, type }) => `${type === 'f64' ? ' f64' : ''}${pass === 'gradient' ? ' + gradient' : ''}`;

const regression = (loss, how, goal = []) =>
  kernelCase({
    ...{ name: `${loss}${suffix(how)}`, loss, family: 'regression', unit: 'pair', ...how },
    parameters: loss === 'huber' ? { delta: 1 } : {},
    ...{ make: pairs(how.type), full: how.type === 'f64' ? 1 << 23 : 1 << 24, goal },
  });

const bce = (how, goal = []) =>
  kernelCase({
    ...{ name: `bce${suffix(how)}`, loss: 'bce', family: 'binary', input: 'logits', unit: 'element', ...how },
    ...{ make: labels(how.type), full: how.type === 'f64' ? 1 << 21 : 1 << 22, goal },
  });

const SIZES = { 2: 1 << 22, 10: 1 << 22, 100: 1 << 23, 1000: 1 << 24, 32000: 1 << 24, 128256: 1 << 24 };

const crossEntropy = (classes, how, goal = []) =>
  kernelCase({
    ...{ name: `cross_entropy C=${classes}${suffix(how)}`, loss: 'cross_entropy', family: 'classes', ...how },
    ...{ input: 'logits', target: 'index', unit: 'logit', classes, make: classRows(how.type, classes), goal },
    full: SIZES[classes] / (how.type === 'f64' ? 2 : 1),
    short: Math.max(1 << 16, 2 * classes),
  });

const VALUE = { pass: 'value', type: 'f32' };
const GRADIENT = { pass: 'gradient', type: 'f32' };
const plain = { cpp: true, atLeast: 0.95 };

export const kernels = [
  regression('mse', VALUE, [beats(1.4), costs(1.6), plain]),
  regression('mae', VALUE, [beats(2), costs(1.15), plain]),
  regression('huber', VALUE, [beats(2)]),
  bce(VALUE, [beats(2)]),
  crossEntropy(2, VALUE, [beats(10)]),
  crossEntropy(10, VALUE, [beats(3)]),
  crossEntropy(100, VALUE, [beats(1.5)]),
  crossEntropy(1000, VALUE, [beats(1.5)]),
  crossEntropy(32_000, VALUE, [beats(1.2)]),
  crossEntropy(128_256, VALUE, [beats(1.2)]),
];

export const gradients = [
  regression('mse', GRADIENT, [beats(2)]),
  regression('mae', GRADIENT, [beats(2)]),
  regression('huber', GRADIENT, [beats(2)]),
  bce(GRADIENT, [beats(2.5)]),
  crossEntropy(2, GRADIENT, [beats(10)]),
  crossEntropy(10, GRADIENT, [beats(5)]),
  crossEntropy(100, GRADIENT, [beats(2)]),
  crossEntropy(1000, GRADIENT, [beats(2)]),
  crossEntropy(32_000, GRADIENT, [beats(1.6)]),
];

export const float64 = ['value', 'gradient'].flatMap((pass) => {
  const how = { pass, type: 'f64' };
  return [
    ...['mse', 'mae', 'huber'].map((loss) => regression(loss, how)),
    bce(how),
    ...[2, 10, 100, 1000].map((classes) => crossEntropy(classes, how)),
  ];
});

const cauchy = ({ uniform }) => Math.tan(Math.PI * (uniform() - 0.5));
const lognormal = ({ normal }) => Math.exp(4 * normal());

/** The exact sum beside itself over normal errors, in the same program: `normal` names the distribution compared with. */
export const tails = [
  ['Cauchy', cauchy],
  ['lognormal(4)', lognormal],
].flatMap(([tail, draw]) =>
  ['mse', 'mae'].map((loss) =>
    kernelCase({
      ...{ name: `${loss}, ${tail} errors`, loss, family: 'regression', unit: 'pair', peers: false, full: 1 << 24 },
      ...{ make: withNormal(errors('f32', draw)), goal: [{ normal: true, atMost: 3 }] },
    }),
  ),
);

/** A third column: predictions with normal errors, for the program that is compared with. */
function withNormal(make) {
  return (rows) => {
    const { columns } = make(rows);
    const { columns: usual } = errors('f32', ({ normal }) => 0.5 * normal())(rows);
    return { rows, columns: { ...columns, n: usual.p } };
  };
}
