import type { Batch, BoundLoss } from '../types.js';

// Plain TypeScript in place of kernels, for formulas that only one library has: row after row, in float64, the steps that decide an
// edge (a clipped 1 - 1e-7, a 1 - p) rounded to the data's own type as the library has it.

type Floats = Float32Array | Float64Array;
type Run = BoundLoss['value'];

/** Rounds to the type of the data. */
export type Round = (x: number) => number;

const roundOf = ({ type }: Batch): Round => (type === 'f32' ? Math.fround : (x) => x);

const view = ({ memory, type }: Batch, pointer: number, length: number): Floats =>
  type === 'f32' ? memory.f32(pointer, length) : memory.f64(pointer, length);

/** A loss of one prediction p and one target y a row: its value and its derivative by p. */
export function pairForm(
  value: (p: number, y: number, round: Round) => number,
  slope: (p: number, y: number, round: Round) => number,
): { value: Run; gradient: Run } {
  const run = (f: typeof value, batch: Batch, out: Floats): void => {
    const p = view(batch, batch.prediction, batch.rows);
    const y = view(batch, batch.target, batch.rows);
    const round = roundOf(batch);
    for (let i = 0; i < batch.rows; i++) out[i] = f(p[i], y[i], round);
  };
  return {
    value: (_, batch, out) => run(value, batch, batch.memory.f64(out, batch.rows)),
    gradient: (_, batch, out) => run(slope, batch, view(batch, out, batch.rows)),
  };
}

/** One row of C numbers against a class (index -1: left out) or C numbers. */
export interface WideRow {
  p: Floats;
  /** Its first number; its C numbers follow. */
  at: number;
  n: number;
  /** Class index; -1 where the target is numbers. */
  index: number;
  /** Target numbers, at `at` as well. */
  y: Floats | null;
  /** Class weights, if any. */
  weights: Float64Array | null;
  round: Round;
}

/** A loss of C predictions a row: its value, and its derivatives written to `out` from `row.at` on. */
export function wideForm(
  value: (row: WideRow) => number,
  slopes: (row: WideRow, out: Floats) => void,
): { value: Run; gradient: Run } {
  const each = (batch: Batch, indexed: boolean, visit: (row: WideRow, i: number) => void): void => {
    const { rows, classes, memory, classWeight } = batch;
    const indices = indexed ? memory.i32(batch.target, rows) : null;
    const row: WideRow = {
      p: view(batch, batch.prediction, rows * classes),
      y: indices ? null : view(batch, batch.target, rows * classes),
      weights: classWeight === 0 ? null : memory.f64(classWeight, classes),
      ...{ at: 0, n: classes, index: -1, round: roundOf(batch) },
    };
    for (let i = 0; i < rows; i++) {
      row.at = i * classes;
      row.index = indices ? indices[i] : -1;
      if (!indices || row.index >= 0) visit(row, i);
    }
  };
  return {
    value: (_, batch, out) => {
      const losses = batch.memory.f64(out, batch.rows).fill(0);
      each(batch, batch.indexed, (row, i) => {
        losses[i] = value(row);
      });
    },
    gradient: (_, batch, out) => {
      const gradient = view(batch, out, batch.rows * batch.classes).fill(0);
      each(batch, batch.indexed, (row) => slopes(row, gradient));
    },
  };
}

/** scale * loss + shift, after the kernels. */
export function inUnits(loss: BoundLoss, scale: number, shift: number): Pick<BoundLoss, 'value' | 'gradient'> {
  return {
    value: (kernels, batch, out) => {
      loss.value(kernels, batch, out);
      const losses = batch.memory.f64(out, batch.rows);
      for (let i = 0; i < losses.length; i++) losses[i] = scale * losses[i] + shift;
    },
    gradient: (kernels, batch, out) => {
      loss.gradient(kernels, batch, out);
      const gradient = view(batch, out, batch.rows * batch.classes);
      for (let i = 0; i < gradient.length; i++) gradient[i] *= scale;
    },
  };
}

/** x held to [low, high]. */
export const held = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);
