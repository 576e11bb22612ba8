import { exp, log } from '@lossmill/kernels';
import { pairForm, type WideRow, wideForm } from './forms.js';
import type { CompatLibrary, CompatShape } from './types.js';

/** Row weights and class weights cannot be told apart in the sum of weights, and the loss has no row weights there. */
const classWeightsOnly = ({ weighted, parameters }: CompatShape): string | null =>
  weighted && parameters.class_weight !== undefined
    ? 'it has class weights but no row weights; leave out columns.weight or class_weight'
    : null;

/** torch clamps each logarithm at -100 (aten/src/ATen/native/Loss.cpp), and the denominator of the gradient at 1e-12. */
const clampedBce = pairForm(
  (p, y) => (y - 1) * Math.max(log(1 - p), -100) - y * Math.max(log(p), -100),
  (p, y) => (p - y) / Math.max((1 - p) * p, 1e-12),
);

/** Stirling's formula for log(y!), 0 up to y = 1: torch's `full`. */
const stirling = (y: number): number => (y > 1 ? y * log(y) - y + 0.5 * log(2 * Math.PI * y) : 0);

function poisson({ input, parameters, edges }: CompatShape) {
  const full = parameters.full === true;
  const eps = edges ? 1e-8 : 0;
  if (!full && (input === 'logits' || !edges)) return null;
  const extra = (y: number): number => (full ? stirling(y) : 0);
  if (input !== 'mean')
    return pairForm(
      (z, y) => exp(z) - (y === 0 ? 0 : y * z) + extra(y),
      (z, y) => exp(z) - y,
    );
  return pairForm(
    (m, y, round) => m - (y === 0 ? 0 : y * log(round(m + eps))) + extra(y),
    (m, y, round) => 1 - (y === 0 ? 0 : y / round(m + eps)),
  );
}

/** 1e-12 is added to both squared lengths (EPSILON of aten/src/ATen/native/Loss.cpp). */
function lengths({ p, y, at, n }: WideRow): { dot: number; a: number; b: number } {
  let dot = 0;
  let a = 1e-12;
  let b = 1e-12;
  for (let k = at; k < at + n; k++) {
    const v = y?.[k] ?? 0;
    dot += p[k] * v;
    a += p[k] * p[k];
    b += v * v;
  }
  return { dot, a, b };
}

const cosine = wideForm(
  (row) => {
    const { dot, a, b } = lengths(row);
    return 1 - dot / Math.sqrt(a * b);
  },
  (row, out) => {
    const { dot, a, b } = lengths(row);
    const size = Math.sqrt(a * b);
    for (let k = row.at; k < row.at + row.n; k++) out[k] = (dot / size / a) * row.p[k] - (row.y?.[k] ?? 0) / size;
  },
);

/** Where torch has row weights it divides by their sum (mse, l1) or by elements (BCE, huber); elsewhere a weight counts its row so often. */
const weight = () => 'weight' as const;

/** torch.nn of torch 2.13. */
export const TORCH: CompatLibrary = {
  mse: { call: 'nn.MSELoss', denominator: weight },
  mae: { call: 'nn.L1Loss', denominator: weight },
  huber: { call: 'nn.HuberLoss', parameters: ['delta'], denominator: () => 'rows' },
  smooth_l1: { call: 'nn.SmoothL1Loss', parameters: ['beta'], denominator: weight },
  poisson_nll: { call: 'nn.PoissonNLLLoss', parameters: ['full'], denominator: weight, form: poisson },
  gaussian_nll: { call: 'nn.GaussianNLLLoss', parameters: ['full', 'epsilon'], denominator: weight },
  bce: {
    call: 'nn.BCEWithLogitsLoss, nn.BCELoss',
    parameters: ['pos_weight', 'clip'],
    unfit: ({ input, parameters }) =>
      input === 'probabilities' && parameters.pos_weight !== 1
        ? 'nn.BCELoss has no pos_weight; of logits there is one'
        : null,
    denominator: () => 'rows',
    form: ({ input, edges }) => (edges && input === 'probabilities' ? clampedBce : null),
  },
  cross_entropy: {
    call: 'nn.CrossEntropyLoss',
    parameters: ['label_smoothing', 'ignore_index', 'class_weight', 'clip'],
    denominator: weight,
  },
  nll: { call: 'nn.NLLLoss', parameters: ['ignore_index', 'class_weight'], denominator: weight },
  kl_div: {
    call: 'nn.KLDivLoss',
    parameters: ['log_target'],
    denominator: ({ weighted }) => (weighted ? 'weight_elements' : 'elements'),
  },
  multi_margin: {
    call: 'nn.MultiMarginLoss',
    parameters: ['margin', 'p', 'class_weight'],
    unfit: classWeightsOnly,
    denominator: ({ weighted }) => (weighted ? 'weight' : 'rows'),
  },
  soft_margin: { call: 'nn.SoftMarginLoss', denominator: weight },
  cosine: {
    call: 'nn.CosineEmbeddingLoss with target 1',
    parameters: ['epsilon'],
    denominator: weight,
    form: ({ edges }) => (edges ? cosine : null),
  },
};
