import { exp, log } from '@lossmill/kernels';
import { held, pairForm, type WideRow, wideForm } from './forms.js';
import type { CompatLibrary, CompatShape } from './types.js';

// Formulas as in keras/src/losses/losses.py and keras/src/backend/torch/nn.py; epsilon is keras.config.epsilon().

const EPSILON = 1e-7;

const rows = () => 'rows' as const;

function clippedBce({ parameters }: CompatShape) {
  const smoothing = parameters.label_smoothing as number;
  const label = (y: number): number => y * (1 - smoothing) + 0.5 * smoothing;
  return pairForm(
    (p, target, round) => {
      const q = held(p, round(EPSILON), round(1 - EPSILON));
      const y = label(target);
      return -y * log(q) - (1 - y) * log(1 - q);
    },
    (p, target, round) => {
      const q = held(p, round(EPSILON), round(1 - EPSILON));
      return q === p ? (q - label(target)) / (q * (1 - q)) : 0;
    },
  );
}

/** x^gamma, 1 at gamma = 0. */
const power = (x: number, gamma: number): number => (gamma === 0 ? 1 : x === 0 ? 0 : exp(gamma * log(x)));

/** 1 / (1 + e^-z), without overflow. */
function logistic(z: number): number {
  const e = exp(-Math.abs(z));
  return z >= 0 ? 1 / (1 + e) : e / (1 + e);
}

/** The cross-entropy is of the clipped probability, its factor of the unclipped one. */
function clippedFocal({ parameters, input }: CompatShape) {
  const gamma = parameters.gamma as number;
  const alpha = parameters.alpha as number | undefined;
  const balance = (y: number): number => (alpha === undefined ? 1 : y * alpha + (1 - y) * (1 - alpha));
  const ofLogits = input === 'logits';
  const parts = (x: number, y: number, round: (x: number) => number) => {
    const p = ofLogits ? round(logistic(x)) : x;
    const q = held(p, round(EPSILON), round(1 - EPSILON));
    const wrong = y === 1 ? round(1 - p) : p;
    return { p, q, wrong, surprise: -log(y === 1 ? q : 1 - q) };
  };
  return pairForm(
    (x, y, round) => {
      const { wrong, surprise } = parts(x, y, round);
      return balance(y) * power(wrong, gamma) * surprise;
    },
    (x, y, round) => {
      const { p, q, wrong, surprise } = parts(x, y, round);
      const steeper = gamma === 0 ? 0 : gamma * power(wrong, gamma - 1) * surprise;
      const slope = q === p ? power(wrong, gamma) / (y === 1 ? q : 1 - q) : 0;
      return balance(y) * (y === 1 ? -1 : 1) * (steeper + slope) * (ofLogits ? p * (1 - p) : 1);
    },
  );
}

/** Probabilities are divided by their sum, then (with edges) clipped. */
function crossEntropy({ parameters, input, edges }: CompatShape) {
  if (input !== 'probabilities') return null;
  const smoothing = parameters.label_smoothing as number;
  const share = ({ index, y, at, n }: WideRow, k: number): number =>
    (y ? y[at + k] : Number(k === index)) * (1 - smoothing) + smoothing / n;
  const bounds = (round: (x: number) => number) =>
    edges ? ([round(EPSILON), round(1 - EPSILON)] as const) : ([0, Infinity] as const);
  const total = ({ p, at, n }: WideRow): number => {
    let sum = 0;
    for (let k = at; k < at + n; k++) sum += p[k];
    return sum;
  };
  const factor = ({ weights, index }: WideRow): number => (weights && index >= 0 ? weights[index] : 1);
  return wideForm(
    (row) => {
      const sum = total(row);
      const [low, high] = bounds(row.round);
      let loss = 0;
      for (let k = 0; k < row.n; k++) {
        const t = share(row, k);
        if (t !== 0) loss -= t * log(held(row.round(row.p[row.at + k] / sum), low, high));
      }
      return factor(row) * loss;
    },
    (row, out) => {
      const sum = total(row);
      const [low, high] = bounds(row.round);
      const slope = (k: number): number => {
        const q = row.round(row.p[row.at + k] / sum);
        const t = share(row, k);
        return t === 0 || q < low || q > high ? 0 : -t / q;
      };
      let mean = 0;
      for (let k = 0; k < row.n; k++) if (slope(k) !== 0) mean += slope(k) * (row.p[row.at + k] / sum);
      for (let k = 0; k < row.n; k++) out[row.at + k] = (factor(row) * (slope(k) - mean)) / sum;
    },
  );
}

const clippedKl = wideForm(
  ({ p, y, at, n, round }) => {
    let loss = 0;
    for (let k = at; k < at + n; k++) {
      const q = held(y?.[k] ?? 0, round(EPSILON), 1);
      loss += q * log(q / held(p[k], round(EPSILON), 1));
    }
    return loss;
  },
  ({ p, y, at, n, round }, out) => {
    for (let k = at; k < at + n; k++) out[k] = p[k] < round(EPSILON) ? 0 : -held(y?.[k] ?? 0, round(EPSILON), 1) / p[k];
  },
);

const clippedMsle = pairForm(
  (p, y, round) => {
    const d = log(round(Math.max(p, round(EPSILON)) + 1)) - log(round(Math.max(y, round(EPSILON)) + 1));
    return d * d;
  },
  (p, y, round) => {
    if (p < round(EPSILON)) return 0;
    return (2 * (log(round(p + 1)) - log(round(Math.max(y, round(EPSILON)) + 1)))) / (1 + p);
  },
);

const poisson = pairForm(
  (m, y, round) => m - (y === 0 ? 0 : y * log(round(m + round(EPSILON)))),
  (m, y, round) => 1 - (y === 0 ? 0 : y / round(m + round(EPSILON))),
);

/** Keras takes the right class for a wrong one of score 0: wrong scores below 0 count as 0. */
function hingeParts({ p, at, n, index, weights }: WideRow) {
  let best = -1;
  let most = 0;
  for (let k = 0; k < n; k++) {
    if (k === index || !(p[at + k] > most)) continue;
    most = p[at + k];
    best = k;
  }
  return { best, value: Math.max(0, 1 + (most - p[at + index])), factor: weights?.[index] ?? 1 };
}

const categoricalHinge = wideForm(
  (row) => {
    const { value, factor } = hingeParts(row);
    return factor * value;
  },
  (row, out) => {
    const { best, value, factor } = hingeParts(row);
    if (value === 0) return;
    out[row.at + row.index] = -factor;
    if (best >= 0) out[row.at + best] = factor;
  },
);

const plain = { denominator: rows };

/** keras.losses of Keras 3.15, reduction `sum_over_batch_size`. */
export const KERAS: CompatLibrary = {
  mse: { ...plain, call: 'MeanSquaredError' },
  mae: { ...plain, call: 'MeanAbsoluteError' },
  huber: { ...plain, call: 'Huber', parameters: ['delta'] },
  log_cosh: { ...plain, call: 'LogCosh' },
  msle: { ...plain, call: 'MeanSquaredLogarithmicError', form: ({ edges }) => (edges ? clippedMsle : null) },
  mape: {
    ...plain,
    call: 'MeanAbsolutePercentageError',
    parameters: ['epsilon'],
    clipping: () => ({ epsilon: EPSILON }),
    units: () => [100, 0],
  },
  poisson_nll: {
    ...plain,
    call: 'Poisson',
    form: ({ input, edges }) => (edges && input === 'mean' ? poisson : null),
  },
  bce: {
    ...plain,
    call: 'BinaryCrossentropy',
    parameters: ['label_smoothing', 'clip'],
    form: (shape) => (shape.edges && shape.input === 'probabilities' ? clippedBce(shape) : null),
  },
  cross_entropy: {
    ...plain,
    call: 'SparseCategoricalCrossentropy, CategoricalCrossentropy',
    parameters: ['label_smoothing', 'ignore_index', 'class_weight', 'clip'],
    unfit: ({ parameters, target }) =>
      parameters.class_weight !== undefined && (target !== 'index' || parameters.label_smoothing !== 0)
        ? 'class_weight of its fit is one weight a row: it goes with class targets without label_smoothing'
        : null,
    form: crossEntropy,
  },
  kl_div: {
    ...plain,
    call: 'KLDivergence',
    form: ({ edges, input }) => (edges && input === 'probabilities' ? clippedKl : null),
  },
  focal: {
    ...plain,
    call: 'BinaryFocalCrossentropy',
    parameters: ['gamma', 'alpha'],
    form: (shape) => (shape.edges ? clippedFocal(shape) : null),
  },
  hinge: { ...plain, call: 'Hinge' },
  squared_hinge: { ...plain, call: 'SquaredHinge' },
  crammer_singer: {
    ...plain,
    call: 'CategoricalHinge',
    parameters: ['class_weight'],
    form: () => categoricalHinge,
  },
  cosine: {
    ...plain,
    call: 'CosineSimilarity',
    parameters: ['epsilon'],
    clipping: () => ({ epsilon: EPSILON }),
    units: () => [1, -1],
  },
};
