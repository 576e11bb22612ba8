import { createKernels, type Kernels } from '@lossmill/kernels';
import {
  type BoundLoss,
  CATALOGUE,
  type Domain,
  type Family,
  type LossDefinition,
  resolveParameters,
  type TargetKind,
} from '../../src/index.js';

const kernels: Kernels = createKernels();

/** Parameters under which a loss is tried, beside its defaults. */
const SETTINGS: Record<string, Record<string, unknown>[]> = {
  huber: [{ delta: 0.7 }],
  smooth_l1: [{ beta: 0.6 }, { beta: 0 }],
  pseudo_huber: [{ delta: 0.4 }],
  quantile: [{ q: 0.9 }],
  expectile: [{ tau: 0.2 }],
  mape: [{ epsilon: 0.5 }],
  poisson_nll: [{ full: true }],
  tweedie: [{ power: 0 }, { power: 1 }, { power: 1.2 }, { power: 2 }, { power: 3 }],
  gaussian_nll: [{ full: true, epsilon: 0.5 }],
  bce: [{ pos_weight: 3, label_smoothing: 0.2 }, { clip: 0.2 }],
  cross_entropy: [
    { label_smoothing: 0.2 },
    { class_weight: [1, 0.5, 3] },
    { label_smoothing: 0.1, class_weight: [2, 0, 1] },
  ],
  nll: [{ class_weight: [1, 0.5, 3] }],
  kl_div: [{ log_target: true }],
  focal: [{ gamma: 0 }, { gamma: 1, alpha: 0.25 }, { gamma: 0.5 }, { gamma: 3.5, alpha: 0.7 }],
  multi_margin: [{ p: 2 }, { margin: 0.5, p: 2, class_weight: [1, 0.5, 3] }],
  crammer_singer: [{ p: 2 }, { margin: 2, p: 2, class_weight: [1, 0.5, 3] }],
  cosine: [{ epsilon: 1.5 }],
};

/** A bound loss and rows well inside its domain. */
export interface Case {
  title: string;
  loss: BoundLoss;
  rows: number;
  classes: number;
  prediction: Float64Array;
  target: Float64Array | Int32Array;
  variance: Float64Array;
}

/** Numbers in [0, 1), the same in every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function within({ low, high, whole }: Domain, random: () => number): number {
  if (whole) return low === 0 ? Math.floor(random() * 2) : random() < 0.5 ? -1 : 1;
  const from = low === -Infinity ? (high === 0 ? -4 : -3) : low < 0 ? low + 0.5 : low + 0.05;
  const to = high === Infinity ? from + (low === -Infinity ? 6 : 4) : high - 0.05;
  return from + random() * (to - from);
}

const ROWS = 61;

function makeCase(definition: LossDefinition, loss: BoundLoss, seed: number): Case {
  const random = numbers(seed);
  const classes = loss.family === 'classes' || loss.family === 'vectors' ? 3 : 1;
  // Numbers that float32 holds, so that both precisions see the same rows.
  const draw = (length: number, domain: Domain) =>
    Float64Array.from({ length }, () => Math.fround(within(domain, random)));
  const prediction = draw(ROWS * classes, loss.predictionDomain);
  const target =
    loss.target === 'index'
      ? Int32Array.from({ length: ROWS }, () => Math.floor(random() * classes))
      : draw(ROWS * (loss.target === 'real' ? 1 : classes), loss.targetDomain);
  const variance = draw(ROWS, { low: 0, high: 4, words: '' });
  const parameters = JSON.stringify(loss.parameters);
  const title = `${definition.name} ${parameters} of ${loss.input ?? 'numbers'}, ${loss.family}, ${loss.target}`;
  return { title, loss, rows: ROWS, classes, prediction, target, variance };
}

function targetsOf(definition: LossDefinition, family: Family): readonly TargetKind[] {
  if (family === 'vectors') return ['vector'];
  return family === 'classes' ? (definition.targets ?? ['index', 'probabilities']) : ['real'];
}

/** Every loss with its inputs, families, targets and several parameters. */
export function cases(): Case[] {
  return CATALOGUE.flatMap((definition) => {
    const families = [definition.family, ...(definition.also ?? [])].filter((family) => family !== 'labels');
    const inputs = definition.inputs.length > 0 ? definition.inputs : [null];
    return [{}, ...(SETTINGS[definition.name] ?? [])].flatMap((given) =>
      families.flatMap((family) =>
        inputs.flatMap((input) =>
          targetsOf(definition, family).map((target, i) => {
            const loss = definition.bind(resolveParameters(definition, given), input, target, family);
            return makeCase(definition, loss, definition.name.length * 977 + i);
          }),
        ),
      ),
    );
  });
}

/** Runs the loss's kernel over predictions in the given precision: row losses, or the gradient. */
export function run(
  kind: 'value' | 'gradient',
  entry: Case,
  type: 'f32' | 'f64',
  prediction = entry.prediction,
): Float64Array {
  const { loss, rows, classes, target, variance } = entry;
  const { memory, exports } = kernels;
  const mark = memory.mark();
  try {
    const place = (values: ArrayLike<number>): number => {
      const at = memory.allocate(values.length * 8);
      (type === 'f32' ? memory.f32(at, values.length) : memory.f64(at, values.length)).set(values);
      return at;
    };
    const weights = memory.allocate(classes * 8);
    if (loss.classWeight) memory.f64(weights, classes).set(loss.classWeight);
    const indices = memory.allocate(rows * 4);
    if (target instanceof Int32Array) memory.i32(indices, rows).set(target);
    const batch = {
      ...{ type, rows, classes, prediction: place(prediction), variance: place(variance) },
      target: target instanceof Int32Array ? indices : place(target),
      classWeight: loss.classWeight ? weights : 0,
      indexed: target instanceof Int32Array,
      memory,
    };
    const length = kind === 'value' ? rows : rows * classes;
    const out = memory.allocate(length * 8);
    loss[kind](exports, batch, out);
    const single = kind === 'gradient' && type === 'f32';
    return Float64Array.from(single ? memory.f32(out, length) : memory.f64(out, length));
  } finally {
    memory.reset(mark);
  }
}
