// The columns of a kernel case, drawn from a seed: what a model's predictions and their targets look like, in each loss's domain.
import { normals, uniforms } from '../data.mjs';
import { SEED } from './make.mjs';

const sources = (seed) => ({ normal: normals(SEED + seed), uniform: uniforms(SEED + seed + 1) });
const logistic = (z) => 1 / (1 + Math.exp(-z));

/** Targets standard normal, predictions off by a normal error of 0.5. */
export function pairs(type, error = ({ normal }) => 0.5 * normal()) {
  return (rows) => {
    const from = sources(0);
    let y = 0;
    const target = () => {
      y = from.normal();
      return y;
    };
    return { rows, columns: { y: [type, 1, target], p: [type, 1, () => y + error(from)] } };
  };
}

/** Errors of a heavy tail around targets of 0, so that the errors keep their range. */
export function errors(type, draw) {
  return (rows) => {
    const from = sources(7);
    return { rows, columns: { y: [type, 1, () => 0], p: [type, 1, () => draw(from)] } };
  };
}

/** Means, targets above 0 around them, and where asked for variances. `link` makes the prediction of a log-mean. */
export function counts(type, { link = (z) => z, whole = false, variance = false } = {}) {
  return (rows) => {
    const { normal } = sources(3);
    let z = 0;
    const target = () => {
      z = normal();
      const y = Math.exp(z + 0.5 * normal());
      return whole ? Math.round(y) : y;
    };
    const columns = { y: [type, 1, target], p: [type, 1, () => link(z)] };
    return { rows, columns: variance ? { ...columns, v: [type, 1, () => Math.exp(z)] } : columns };
  };
}

/** Logits of standard deviation 2 (`link` may turn them into probabilities), labels drawn with the probability they state. */
export function labels(type, { link = (z) => z } = {}) {
  return (rows) => {
    const { normal, uniform } = sources(10);
    let z = 0;
    const target = () => {
      z = 2 * normal();
      return uniform() < logistic(z) ? 1 : 0;
    };
    return { rows, columns: { y: [type, 1, target], p: [type, 1, () => link(z)] } };
  };
}

export const probability = { link: logistic };

/** Rows of normal logits of standard deviation 2 and uniform class indices; with `normalize`, log-probabilities instead of logits. */
export function classRows(type, classes, { normalize = false } = {}) {
  return (rows) => {
    const { normal, uniform } = sources(20 + classes);
    const logit = () => 2 * normal();
    return {
      rows,
      columns: {
        p: [type, classes, normalize ? logSoftmax(logit, classes) : logit],
        y: ['i32', 1, () => Math.floor(uniform() * classes)],
      },
    };
  };
}

/** Rows of log-probabilities against rows of probabilities. */
export function distributions(type, classes) {
  return (rows) => {
    const { normal } = sources(40);
    const other = logSoftmax(() => normal(), classes);
    const p = logSoftmax(() => normal(), classes);
    return { rows, columns: { p: [type, classes, p], y: [type, classes, () => Math.exp(other())] } };
  };
}

/** Rows of normal numbers. */
export function vectors(type, width) {
  return (rows) => {
    const { normal } = sources(50);
    return { rows, columns: { p: [type, width, normal], y: [type, width, normal] } };
  };
}

/** One log-probability a call, a row's worth drawn at a time. */
function logSoftmax(draw, classes) {
  const row = new Float64Array(classes);
  let next = classes;
  return () => {
    if (next === classes) {
      for (let k = 0; k < classes; k++) row[k] = draw();
      const sum = row.reduce((total, z) => total + Math.exp(z), 0);
      for (let k = 0; k < classes; k++) row[k] -= Math.log(sum);
      next = 0;
    }
    return row[next++];
  };
}
