import type { Curvature, CurvatureRow } from './types.js';

/** Of a loss that is linear wherever it has a slope. */
export const flat: Curvature = (_, out) => {
  out.fill(0);
};

/** Of one prediction and one target a row. */
export const each =
  (of: (prediction: number, target: number, row: CurvatureRow) => number): Curvature =>
  (row, out) => {
    out[0] = of(row.prediction[0], row.target[0], row);
  };

/** Of a score against a target of 1, 0 or -1: of u = s z, s the target's sign. */
export const eachMargin = (of: (u: number) => number): Curvature => each((z, y) => of(y === 1 ? z : -z));

/** Of C predictions against a class index; a row that is left out (-1) has none. */
export const ofClass =
  (of: (prediction: ArrayLike<number>, y: number, out: Float64Array) => void): Curvature =>
  ({ prediction, target }, out) => {
    if (target[0] < 0) out.fill(0);
    else of(prediction, target[0], out);
  };

/** What a target puts on each of C classes: w_k ((1 - s) q_k + s / C), q_y = 1 of a class index y. */
export function massesOf(
  { prediction, target }: CurvatureRow,
  weights: readonly number[] | null,
  smoothing: number,
): Float64Array {
  const classes = prediction.length;
  const own = (k: number) => (target.length === classes ? target[k] : k === target[0] ? 1 : 0);
  return Float64Array.from(
    { length: classes },
    (_, k) => ((1 - smoothing) * own(k) + smoothing / classes) * (weights?.[k] ?? 1),
  );
}

export const total = (values: Float64Array): number => values.reduce((sum, x) => sum + x, 0);
