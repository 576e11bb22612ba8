// Our kernels as the evaluation uses them: the exact sum of the row losses, and where asked for the gradient of every prediction.
import { readExactSum } from '@lossmill/kernels';
import { findLoss, resolveParameters } from '@lossmill/losses';
import { BATCH_ROWS } from './load.mjs';
import { plainSum } from './plain-sum.mjs';

const NO_ROW_LOSSES = 0;
/** Numbers of a batch whose gradient is wanted too: it should still lie in the cache when the second kernel reads it. */
const GRADIENT_BATCH = 1 << 14;
const SIZE = { f32: 4, f64: 8 };

/** The loss of a case, bound. */
export function bound({ loss, parameters, input, target, family }) {
  const definition = findLoss(loss);
  return definition.bind(resolveParameters(definition, parameters), input, target, family);
}

/** `(from, count, column) => Batch`: where rows of the case's columns lie; `column` names another prediction than p. */
export function batches({ kase, at }) {
  const { type, classes = 1, target } = kase;
  const size = SIZE[type];
  const targetBytes = target === 'index' ? 4 : target === 'real' ? size : size * classes;
  return (from, count, column = 'p') => ({
    ...{ type, rows: count, classes, classWeight: 0 },
    prediction: at[column] + from * classes * size,
    target: at.y + from * targetBytes,
    variance: at.v === undefined ? 0 : at.v + from * size,
  });
}

/** `(rows, column) => mean`: exactly summed, rounded once; the gradient left behind where the case wants it. */
export function exactMean(data) {
  const { exports, kase, acc } = data;
  const add = kase.pass === 'gradient' ? withGradient(data) : values(data);
  return (rows, column) => {
    exports.exact_reset(acc);
    add(rows, column);
    return readExactSum(data.kernels, acc).round() / rows;
  };
}

function values(data) {
  const { exports, acc, out } = data;
  const loss = bound(data.kase);
  const batch = batches(data);
  if (loss.valueAndSum) return (rows, column) => loss.valueAndSum(exports, batch(0, rows, column), NO_ROW_LOSSES, acc);
  return inSteps(BATCH_ROWS, (from, count) => {
    loss.value(exports, batch(from, count), out);
    exports.exact_add_f64(acc, out, count);
  });
}

function withGradient(data) {
  const { exports, acc, out, kase, gradient } = data;
  const { classes = 1, type } = kase;
  const loss = bound(kase);
  const batch = batches(data);
  const step = Math.max(1, Math.min(BATCH_ROWS, Math.floor(GRADIENT_BATCH / classes)));
  return inSteps(step, (from, count) => {
    const rows = batch(from, count);
    const to = gradient + from * classes * SIZE[type];
    if (loss.valueAndGradient) {
      loss.valueAndGradient(exports, rows, out, to);
      exports.exact_add_f64(acc, out, count);
      return;
    }
    if (loss.valueAndSum) loss.valueAndSum(exports, rows, NO_ROW_LOSSES, acc);
    else {
      loss.value(exports, rows, out);
      exports.exact_add_f64(acc, out, count);
    }
    loss.gradient(exports, rows, to);
  });
}

const inSteps = (step, work) => (rows) => {
  for (let from = 0; from < rows; from += step) work(from, Math.min(step, rows - from));
};

/** Block moments, range and the worst rows' threshold beside the exact sum, batch by batch as the evaluation does. */
function allStatistics(data) {
  const { exports, acc, out, blocks, kase } = data;
  const loss = bound(kase);
  const batch = batches(data);
  const decided = blocks + 4 * BATCH_ROWS;
  const add = inSteps(BATCH_ROWS, (from, count) => {
    const rows = batch(from, count);
    if (loss.valueAndSum) loss.valueAndSum(exports, rows, out, acc);
    else {
      loss.value(exports, rows, out);
      exports.exact_add_f64(acc, out, count);
    }
    exports.moments_f64(out, count, blocks);
    exports.moments_range_f64(blocks, count >> 8, blocks + 2048);
    if (kase.family === 'classes') exports[`argmax_${kase.type}`](rows.prediction, count, kase.classes, decided);
  });
  return (rows) => {
    exports.exact_reset(acc);
    add(rows);
    return readExactSum(data.kernels, acc).round() / rows;
  };
}

export async function ours(data) {
  const { kase } = data;
  const { rows, elements } = kase;
  const mean = exactMean(data);
  const programs = [{ name: 'lossmill exact', role: 'ours', elements, run: () => mean(rows) }];
  const plain = await plainSum(data);
  if (plain) programs.push({ name: 'lossmill plain f64 sum', role: 'plain', elements, run: () => plain(rows) / rows });
  if (kase.files.n)
    programs.push({
      ...{ name: 'lossmill exact, normal errors', role: 'normal', elements, unchecked: true },
      run: () => mean(rows, 'n'),
    });
  if (kase.statistics) {
    const all = allStatistics(data);
    programs.push({ name: 'lossmill, all statistics', role: 'statistics', elements, run: () => all(rows) });
  }
  return { programs, missing: [] };
}
